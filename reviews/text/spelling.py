"""Whether two words are one word spelt or inflected differently; in doubt they are not."""

import re

from rapidfuzz.distance import OSA

from reviews.text.vocabulary import AGREEING, DECISIVE, LOOK_ALIKES

_VARIANTS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"our(?=$|s$|ed$|ing$|able$|ite|ful)", "or"),
        (r"is(?=e$|es$|ed$|ing$|ation|er$|able$)", "iz"),
        (r"ys(?=e$|es$|ed$|ing$)", "yz"),
        (r"(?<=[^aeiou])re$", "er"),
        (r"ence$", "ense"),
        (r"ogue$", "og"),
        (r"ll(?=ed$|ing$|er$|ers$|ation$)", "l"),
        (r"dge(?=ment)", "dg"),
        (r"[ao]e(?=[a-z]{3})", "e"),
    )
)
_AFFIXES = re.compile(
    r"^(?:un|in|im|il|ir|dis|non|mis|de|re|pre|anti|over|under)|(?:less|ful|able|ible|ed|ing|er|or|ly)$"
)
_VOWELS = frozenset("aeiouy")


def same_word(a: str, b: str) -> bool:
    """Whether two words (lower case) may stand for each other without a change of meaning.

    True for equal words, agreement (is, are), British and American spelling, a plain plural, and slips of the pen that
    can hardly be another word. A word that carries the force of a rule stands for nothing but itself.
    """
    if a == b or frozenset((a, b)) in AGREEING:
        return True
    if a in DECISIVE or b in DECISIVE or not (a.isalpha() and b.isalpha()):
        return _possessive(a, b)
    if frozenset((a, b)) in LOOK_ALIKES or _differ_by_affix(a, b):
        return False
    return _variant(a) == _variant(b) or _plural(a, b) or _slip(*sorted((a, b), key=len))


def _possessive(a: str, b: str) -> bool:
    """Whether two words differ in where the apostrophe of a possessive stands and in nothing else."""
    return "'" in a and "'" in b and a.replace("'", "") == b.replace("'", "")


def _variant(word: str) -> str:
    for pattern, plain in _VARIANTS:
        word = pattern.sub(plain, word)
    return word


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
