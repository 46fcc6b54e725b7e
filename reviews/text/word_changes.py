"""The words that differ in one changed stretch of a text, each with the reason why it counts or does not."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

from reviews.text import align, spelling, vocabulary
from reviews.text import words as cut

Side = Literal["old", "new"]

_CODE = "`"
_CODE_SPAN = re.compile(r"(`{1,2})([^`]+)\1\Z")
_SENTENCE_START = re.compile(r"(?:[.!?:。！？]|\n)[\s*_\"“”‘’(\[#>|-]*\Z")
# Parts of addresses, paths and tags are never slips: alice@ and alicia@ are two people.
_IDENTIFIER = re.compile(r"\S[@/\\]\S|\w{2}\.\w{2}|<[A-Za-z/]")
_BEFORE_IDENTIFIER = re.compile(r"(?:[@\\/]|\]\(|\{|\w\.)\Z")
_AFTER_IDENTIFIER = re.compile(r"[@\\/]|\.\w")
_LOOK_BACK = 80


class Evidence(NamedTuple):
    """What decided: a word or sign, on which side it stands, and why it counts."""

    side: Side
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a changed stretch stands: the words before and after it, and whether a sentence begins with it.

    In an identifier, such as an address, no two spellings are one word.
    """

    preceding: str = ""
    following: str = ""
    opens_sentence: bool = False
    in_identifier: bool = False


def both_sides(old: str, new: str, *, reason: str) -> tuple[Evidence, ...]:
    """Return the evidence of one word that became another; an empty word is none."""
    evidence = (Evidence("old", old, reason), Evidence("new", new, reason))
    return tuple(one for one in evidence if one.word)


def changed_words(gone: str, came: str, *, before: str, after: str) -> Iterator[Evidence]:
    """Return the words that differ between two stretches of text; `before` and `after` is the text that stayed."""
    old, new = _spoken(gone), _spoken(came)
    where = _surroundings(gone, came, before, after)
    if len(old) != len(new) and _run_together(old) == _run_together(new) and _forces(old) == _forces(new):
        yield from _rejoined(old, new, f"{gone}\n{came}".lower(), where)
        return
    small_old, small_new = list(map(_folded, old)), list(map(_folded, new))
    blocks = align.exact(small_old, small_new, align.Budget())
    for i, j, n in blocks:
        yield from _capitals(old[i : i + n], new[j : j + n], where)
    for i, x, j, y in align.gaps(blocks, len(old), len(new)):
        place = Surroundings(
            preceding=new[j - 1] if j else where.preceding,
            following=new[y] if y < len(new) else where.following,
            opens_sentence=where.opens_sentence and i == j == 0,
            in_identifier=where.in_identifier,
        )
        yield from _run(old[i:x], new[j:y], place)


def _surroundings(gone: str, came: str, before: str, after: str) -> Surroundings:
    near = before[-_LOOK_BACK:]
    return Surroundings(
        preceding="".join(cut.words(near)[-1:]),
        following="".join(cut.words(after[:_LOOK_BACK])[:1]),
        opens_sentence=bool(_SENTENCE_START.search(near)),
        in_identifier=bool(
            _IDENTIFIER.search(gone)
            or _IDENTIFIER.search(came)
            or _BEFORE_IDENTIFIER.search(near)
            or _AFTER_IDENTIFIER.match(after)
        ),
    )


def _spoken(text: str) -> list[str]:
    """The words of a text as they count: contractions written out, code spans whole and marked, letter case kept."""
    spoken: list[str] = []
    for token in cut.tokens(unicodedata.normalize("NFC", text)):
        span = _CODE_SPAN.match(token)
        if span:
            spoken.append(_CODE + span[2].strip())
        elif cut.words(token) and not token.startswith("[^"):
            spoken += _written_out(token.replace("’", "'"))
    return spoken


def _written_out(word: str) -> tuple[str, ...]:
    small = word.lower()
    if small in vocabulary.CONTRACTIONS:
        return vocabulary.CONTRACTIONS[small]
    for ending, full in vocabulary.ENDINGS.items():
        if small.endswith(ending):
            return (word[: -len(ending)], full)
    return (word,)


def _folded(word: str) -> str:
    return word if word.startswith(_CODE) else word.lower()


def _run_together(words: Sequence[str]) -> str:
    return "".join(map(_folded, words))


def _forces(words: Sequence[str]) -> list[str]:
    """The words that carry the force of a rule, in order, with capitals kept where the whole word has them."""
    return [
        word if len(word) > 1 and word.isupper() else word.lower() for word in words if vocabulary.kind(word.lower())
    ]


def _rejoined(old: Sequence[str], new: Sequence[str], text: str, where: Surroundings) -> Iterator[Evidence]:
    """Words that were divided otherwise: e-mail and email, but not everyday and every day."""
    ends_old, ends_new = ({end: at for at, end in enumerate(accumulate(map(len, side)), 1)} for side in (old, new))
    i = j = 0
    for end in ends_old:
        if end not in ends_new:
            continue
        x, y = ends_old[end], ends_new[end]
        if x - i == y - j == 1:
            yield from _capitals(old[i:x], new[j:y], where)
        else:
            same = not where.in_identifier and _divided_alike(old[i:x], new[j:y], text)
            reason = "spelling" if same else "word"
            yield from both_sides(" ".join(old[i:x]), " ".join(new[j:y]), reason=reason)
        i, j = x, y


def _divided_alike(old: Sequence[str], new: Sequence[str], text: str) -> bool:
    if min(len(old), len(new)) > 1:
        return False
    parts = [_folded(word) for word in (old if len(old) > 1 else new)]
    if "-".join(parts) in text or "‑".join(parts) in text:
        return not spelling.hyphen_matters(parts)
    return spelling.joins("".join(parts), parts, mends=len(new) == 1)


def _capitals(old: Sequence[str], new: Sequence[str], where: Surroundings) -> Iterator[Evidence]:
    """Words that differ in capitals: MUST is not must, US is not us, and Polish is not polish."""
    for one, two in zip(old, new, strict=True):
        if one == two:
            continue
        small = one.lower()
        loud = len(one) > 1 and one.isupper() != two.isupper()
        named = small in vocabulary.CAPITONYMS or where.in_identifier
        reason = (vocabulary.kind(small) or "capitals") if loud or named else "spelling"
        yield from both_sides(one, two, reason=reason)


def _run(old: Sequence[str], new: Sequence[str], where: Surroundings) -> Iterator[Evidence]:
    """What one run of changed words amounts to."""
    bare_old, bare_new = _without_articles(old, where.following), _without_articles(new, where.following)
    if _same_words(old, new, where) or _same_words(bare_old, bare_new, where):
        old_text, new_text = (" ".join(words).replace(_CODE, "") for words in (old, new))
        yield from both_sides(old_text, new_text, reason="spelling" if bare_old else "article")
        return
    for word in bare_old:
        yield Evidence("old", word.removeprefix(_CODE), _reason(word))
    for word in bare_new:
        yield Evidence("new", word.removeprefix(_CODE), _reason(word))


def _same_words(old: Sequence[str], new: Sequence[str], where: Surroundings) -> bool:
    small_old, small_new = [word.lower() for word in old], [word.lower() for word in new]
    if sorted((small_old, small_new)) == [["it", "is"], ["its"]]:
        return True
    # A word that changed itself does not settle the number of the next one.
    kept = [two if one.lower() == two.lower() else "" for one, two in zip(old, new, strict=False)]
    before = [where.preceding, *kept]
    return len(old) == len(new) and all(
        _same_word(one, two, preceding=before[at].lower(), where=where, first=at == 0)
        for at, (one, two) in enumerate(zip(old, new, strict=True))
    )


def _same_word(old: str, new: str, *, preceding: str, where: Surroundings, first: bool) -> bool:
    """Whether two words are one; a name or an acronym has no slips that could be told from another name."""
    if old.startswith(_CODE) or new.startswith(_CODE):
        return old.removeprefix(_CODE) == new.removeprefix(_CODE)
    small_old, small_new = old.lower(), new.lower()
    if where.in_identifier:
        return old == new
    if spelling.same_word(small_old, small_new) or spelling.agrees(small_old, small_new, preceding=preceding):
        return True
    is_name = old[1:] != small_old[1:] or new[1:] != small_new[1:] or old[0] != small_old[0] or new[0] != small_new[0]
    starts_with_capital = old.istitle() and new.istitle() and first and where.opens_sentence
    return (not is_name or starts_with_capital) and spelling.corrects(small_old, small_new)


def _without_articles(words: Sequence[str], following: str) -> list[str]:
    """The words but articles; a capital A may be a name, and "few" with and without an article are opposites."""
    after = [*words[1:], following]
    return [
        word
        for word, next_word in zip(words, after, strict=False)
        if word == "A" or word.lower() not in vocabulary.ARTICLES or next_word.lower() in vocabulary.MEASURES
    ]


def _reason(word: str) -> str:
    return vocabulary.kind(word.lower()) or "word"
