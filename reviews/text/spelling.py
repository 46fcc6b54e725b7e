"""Whether two words are one word spelt or inflected differently; in doubt they are not."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from reviews.text import dictionary
from reviews.text.vocabulary import AGREEING, DECISIVE, LOOK_ALIKES, NUMBER, NUMBER_BEFORE, SPELLINGS

# British and American spellings. Each pattern leaves alone what would be another word: four, filled, tiger, wise.
_VARIANTS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"^(.*[aeiouy].*)our(?=$|s$|ed$|ing$|abl[ey]$|ite|ful|al|er|less)", r"\1or"),
        (r"^(.*[aeiouy].*[^aeiou])is(?=e$|es$|ed$|ing$|ation|ers?$|able$)", r"\1iz"),
        (r"ys(?=e$|ed$|ing$)", "yz"),
        (r"(cent|met|lit|fib|calib|theat|spect|lust|somb|sab|mit|meag|euv|goit|och|scept)re(?=$|s$)", r"\1er"),
        (r"(def|off|lic|pret)ence(?=$|s$)", r"\1ense"),
        (r"((?:[aeio]l|ag)og)ue(?=$|s$)", r"\1"),
        (r"dge(?=ment)", "dg"),
    )
)
_DOUBLED = re.compile(r"ll(?=ed$|ing$|ers?$|ors?$|ation$)")
_CLASSICAL = re.compile(
    r"haem|aemi|aesth|archae|palaeo|faec|foet|oestr|oesoph|paed|gynae|caesa|amoeb|oedem|mediaev|primaev|manoeuv"
)
_ROMAN = re.compile(r"[ivxlcdm]+")
# Longer than any English word; it bounds the work that a hostile text causes.
_LONGEST = 40
_PREFIX = re.compile(r"(?:re|un|dis|de|in|im|pro|pre)\Z")
_AFFIXES = re.compile(
    r"^(?:un|in|im|il|ir|dis|non|mis|de|re|pre|anti|over|under)|(?:less|ful|able|ible|ed|ing|er|or|ly)$"
)
_VOWELS = frozenset("aeiouy")


def same_word(old: str, new: str) -> bool:
    """Return whether two words (lower case) are one word: equal, British and American, or in agreement (is, are).

    A word that carries the force of a rule stands for nothing but itself.
    """
    if old == new or frozenset((old, new)) in AGREEING:
        return True
    if old in DECISIVE or new in DECISIVE or not (old.isalpha() and new.isalpha()):
        return _possessive(old, new)
    if max(len(old), len(new)) > _LONGEST or frozenset((old, new)) in LOOK_ALIKES or _differ_by_affix(old, new):
        return False
    return frozenset((old, new)) in SPELLINGS or _variant(old) == _variant(new)


def corrects(old: str, new: str) -> bool:
    """Return whether the old word (lower case) is a slip of the pen and the new one the word that was meant.

    A slip is no word of the dictionary and one of the usual slips away from a common word. That the dictionary does not
    know a word is no proof by itself.
    """
    if old in DECISIVE or new in DECISIVE or not (old.isalpha() and new.isalpha()) or _ROMAN.fullmatch(old):
        return False
    if max(len(old), len(new)) > _LONGEST or _differ_by_affix(old, new) or not _slip(*sorted((old, new), key=len)):
        return False
    return dictionary.is_common(new) and not dictionary.is_word(old) and not dictionary.is_word(_variant(old))


def agrees(old: str, new: str, *, preceding: str) -> bool:
    """Return whether two words (lower case) differ in number only, where the word before says which number is meant."""
    settled = preceding in NUMBER_BEFORE or preceding in NUMBER or preceding.isdigit()
    return settled and old not in DECISIVE and new not in DECISIVE and _plural(old, new)


def joins(whole: str, parts: Sequence[str], *, mends: bool) -> bool:
    """Return whether a word (lower case) and its parts, divided by a space, are the same words.

    They are where only one of the two ways to write them gives words; `mends` says that the whole is the new one.
    Where both do, as in everyday and every day, they are other words.
    """
    whole_is_word, parts_are_words = dictionary.is_word(whole), all(map(dictionary.is_word, parts))
    return whole_is_word != parts_are_words and whole_is_word == mends


def hyphen_matters(parts: Sequence[str]) -> bool:
    """Return whether words written with a hyphen and without are other words, as re-sign and resign are."""
    rest = "".join(parts[1:])
    return bool(_PREFIX.match(parts[0])) and dictionary.is_word(rest) and dictionary.is_word(parts[0] + rest)


def _possessive(a: str, b: str) -> bool:
    """Whether two words differ in where the apostrophe of a possessive stands and in nothing else."""
    return "'" in a and "'" in b and a.replace("'", "") == b.replace("'", "")


def _variant(word: str) -> str:
    word = _CLASSICAL.sub(lambda found: found[0].replace("ae", "e").replace("oe", "e"), word)
    for pattern, plain in _VARIANTS:
        word = pattern.sub(plain, word)
    doubled = _DOUBLED.search(word)
    return _with_single_l(word, doubled.start()) if doubled else word


def _with_single_l(word: str, at: int) -> str:
    """The American form of travelled and labelling; filled and refilled keep both letters, for filed is another word."""
    stem = word[:at].removeprefix("re").removeprefix("un").replace("qu", "")
    return word[:at] + word[at + 1 :] if sum(letter in "aeiou" for letter in stem) > 1 else word


def _plural(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    if len(short) < 4 or short.endswith("s"):
        return long == short + "es" and len(short) > 3 and short.endswith(("s", "x", "ch", "sh"))
    return long in (short + "s", short + "es") or (short.endswith("y") and long == short[:-1] + "ies")


def _differ_by_affix(a: str, b: str) -> bool:
    """Whether one word is the other with a beginning or an ending that changes the sense, as in lawful and unlawful."""
    short, long = sorted((a, b), key=len)
    return len(short) != len(long) and any(
        rest and (long.endswith(short) or long.startswith(short)) for rest in _AFFIXES.findall(long)
    )


def _slip(short: str, long: str) -> bool:
    """Whether one slip lies between: two letters swapped, one doubled, one lost or changed inside a long word."""
    if short[0] != long[0] or len(long) < 3 or OSA.distance(short, long, score_cutoff=1) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    if len(short) == len(long):
        if short[at + 1 :] == long[at + 1 :]:
            return len(long) >= 8 and {short[at], long[at]} <= _VOWELS and at < len(long) - 1
        return len(long) >= 3 and at + 1 < len(long)
    doubled = long[at] == long[at - 1]
    return (doubled and len(short) >= 5) or (len(short) >= 8 and 1 < at < len(short) - 2)
