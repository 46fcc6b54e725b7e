"""Sentences that moved into the middle of other text, where they are no piece of their own, found by rare words in a row."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple
from unicodedata import normalize

from reviews.text import align, words

_GRAMS = (2, 3)
_FEWEST_WORDS, _FEWEST_LETTERS = 4, 20
_FEWEST_WORDS_EDITED = 6
_ALL, _MOST, _WHOLE = 0.8, 0.5, 0.8
_SLACK = 4

Stretch = tuple[int, int]
Gram = tuple[str, ...]


class Word(NamedTuple):
    """A word, letter case apart, and where it stands."""

    text: str
    start: int
    end: int


class Hit(NamedTuple):
    """Words in a row that both texts have: from the word at `old` of a run, and from the word at `new` of a clause."""

    old: int
    new: int
    gram: Gram


def _covered(hits: Sequence[Hit]) -> set[int]:
    """The words of a run that hits hold, by number."""
    return {hit.old + step for hit in hits for step in range(len(hit.gram))}


@dataclass(frozen=True)
class Run:
    """Old words in a row that went; `whole` when they are all that their sentence says."""

    clause: Hashable
    words: tuple[Word, ...]
    whole: bool

    def enough(self, hits: Sequence[Hit]) -> bool:
        """Whether words found elsewhere are so many that they are these, moved, and not alike by chance."""
        share = len(_covered(hits)) / len(self.words)
        edited = self.whole and len(self.words) >= _FEWEST_WORDS_EDITED and share >= _MOST
        return edited or share >= (_ALL if self.whole or len(self.words) >= _FEWEST_WORDS_EDITED else 2)


class Found(NamedTuple):
    """Old text from `start` to `end` of `clause` continues between two offsets of clause `new`."""

    clause: Hashable
    start: int
    end: int
    new: Hashable
    new_start: int
    new_end: int
    edited: bool


def find(
    old: Mapping[Hashable, str],
    new: Mapping[Hashable, str],
    *,
    sentences: Mapping[Hashable, Sequence[Stretch]],
    kept: Mapping[Hashable, Sequence[Stretch]],
    claimed: Mapping[Hashable, Sequence[Stretch]],
) -> list[Found]:
    """Return the sentences that went and came within other text, where their words stand once in both versions.

    `sentences` are those of the old clauses that changed, `kept` is what stayed of each, and `claimed` is what
    continues old text in each new clause that changed; all in order.
    """
    runs = [run for name, places in sentences.items() for run in _runs(name, old[name], places, kept[name])]
    came = {name: list(_words_outside(new[name], places)) for name, places in claimed.items()} if runs else {}
    where = _unique_grams(came)
    candidates = [(run, *found) for run in runs if (found := _best(run, where))]
    if not candidates:
        return []
    asked = {hit.gram for _, _, hits in candidates for hit in hits}
    once = _standing_once(asked, old) & _standing_once(asked, new)
    result = []
    for run, name, hits in candidates:
        hits = [hit for hit in hits if hit.gram in once]
        if hits and run.enough(hits):
            result.append(_with_signs(_found(run, name, hits, came[name]), old[run.clause], new[name]))
    return _apart(result)


def _runs(name: Hashable, text: str, places: Sequence[Stretch], kept: Sequence[Stretch]) -> Iterator[Run]:
    """The words of each sentence that went, where they say enough."""
    index = 0
    for start, end in places:
        while index < len(kept) and kept[index][1] <= start:
            index += 1
        last = index
        while last < len(kept) and kept[last][0] < end:
            last += 1
        letters = sum(min(high, end) - max(low, start) for low, high in kept[index:last])
        if end - start - letters < _FEWEST_LETTERS:
            continue
        said = list(_words(text, start, end))
        gone = list(_outside(said, kept[index:last]))
        whole = sum(len(word.text) for word in gone if word) >= _WHOLE * sum(len(word.text) for word in said)
        for run in [[word for word in gone if word]] if whole else _split(gone):
            if len(run) >= _FEWEST_WORDS and sum(len(word.text) for word in run) >= _FEWEST_LETTERS:
                yield Run(name, tuple(run), whole)


def _words(text: str, start: int, end: int) -> Iterator[Word]:
    at = start
    for token in words.tokens(text[start:end]):
        if any(character.isalnum() for character in token):
            yield Word(normalize("NFC", token).casefold(), at, at + len(token))
        at += len(token)


def _outside(said: Sequence[Word], taken: Sequence[Stretch]) -> Iterator[Word | None]:
    """The words outside some stretches, with None where others stand between them."""
    index, broken = 0, False
    for word in said:
        while index < len(taken) and taken[index][1] <= word.start:
            index += 1
        if index < len(taken) and taken[index][0] < word.end:
            broken = True
            continue
        if broken:
            yield None
        broken = False
        yield word


def _words_outside(text: str, taken: Sequence[Stretch]) -> Iterator[Word | None]:
    at = 0
    for start, end in [*taken, (len(text), len(text))]:
        if at < start:
            yield from _words(text, at, start)
            yield None
        at = max(at, end)


def _split(run: Sequence[Word | None]) -> Iterator[list[Word]]:
    part: list[Word] = []
    for word in [*run, None]:
        if word is None:
            yield part
            part = []
        else:
            part.append(word)


def _grams(run: Sequence[str | None]) -> Iterator[tuple[int, Gram]]:
    """Two and three words in a row, each with its place."""
    for length in _GRAMS:
        for at, gram in enumerate(zip(*(run[step:] for step in range(length)), strict=False)):
            if None not in gram:
                yield at, tuple(word for word in gram if word)


def _unique_grams(came: Mapping[Hashable, Sequence[Word | None]]) -> dict[Gram, tuple[Hashable, int] | None]:
    """Where in the new text each few words in a row came; None for those that came twice."""
    where: dict[Gram, tuple[Hashable, int] | None] = {}
    for name, run in came.items():
        for at, gram in _grams([word.text if word else None for word in run]):
            where[gram] = None if gram in where else (name, at)
    return where


def _best(run: Run, where: Mapping[Gram, tuple[Hashable, int] | None]) -> tuple[Hashable, list[Hit]] | None:
    """The clause that has most words of a run, and those that stand there in order and about as close together."""
    texts = [word.text for word in run.words]
    hits: dict[Hashable, list[Hit]] = {}
    for at, gram in _grams(texts):
        place = where.get(gram)
        if place:
            hits.setdefault(place[0], []).append(Hit(at, place[1], gram))
    if not hits:
        return None
    name = max(hits, key=lambda key: len(hits[key]))
    places = {(hit.old, hit.new) for hit in hits[name]}
    middle = median(hit.new - hit.old for hit in hits[name])
    slack = _SLACK + len(texts) // 4
    chain = {(i, j) for i, j in align.longest_rise(sorted(places)) if abs(j - i - middle) <= slack}
    found = sorted(hit for hit in hits[name] if (hit.old, hit.new) in chain)
    return (name, found) if run.enough(found) else None


def _standing_once(asked: set[Gram], texts: Mapping[Hashable, str]) -> set[Gram]:
    count: Counter[Gram] = Counter()
    for text in texts.values():
        run = [word.text for word in _words(text, 0, len(text))]
        count.update(gram for _, gram in _grams(run) if gram in asked)
    return {gram for gram, n in count.items() if n == 1}


def _found(run: Run, name: Hashable, hits: Sequence[Hit], came: Sequence[Word | None]) -> Found:
    """The old run with what stands for it: as many words before and after those that were found as on the old side."""
    first, last = hits[0].new, hits[-1].new + len(hits[-1].gram) - 1
    before, after = hits[0].old, len(run.words) - hits[-1].old - len(hits[-1].gram)
    while before and first and came[first - 1]:
        first, before = first - 1, before - 1
    while after and last + 1 < len(came) and came[last + 1]:
        last, after = last + 1, after - 1
    low, high = came[first], came[last]
    assert low
    assert high
    edited = len(_covered(hits)) < len(run.words)
    return Found(run.clause, run.words[0].start, run.words[-1].end, name, low.start, high.end, edited)


def _with_signs(found: Found, old: str, new: str) -> Found:
    """A sentence with the full stop, bracket or quotation mark that both versions have right after it."""
    end, new_end = found.end, found.new_end
    while end < len(old) and old[end : end + 1] == new[new_end : new_end + 1] and not _divides(old[end]):
        end, new_end = end + 1, new_end + 1
    return found._replace(end=end, new_end=new_end)


def _divides(character: str) -> bool:
    return character.isspace() or character.isalnum()


def _apart(found: list[Found]) -> list[Found]:
    """Those whose new text no other one wants."""
    result: list[Found] = []
    wanted: dict[Hashable, int] = {}
    for one in sorted(found, key=lambda one: (str(one.new), one.new_start, one.new_end)):
        if one.new_start >= wanted.get(one.new, 0):
            result.append(one)
            wanted[one.new] = one.new_end
    return result
