"""English words, from the list of pyspellchecker.

The package reads the list from its own files. It is loaded the first time two words look like a slip and its correction:
this takes about a quarter of a second, and about 30 MB for the life of the process.
"""

from collections.abc import Mapping
from functools import cache

from spellchecker import SpellChecker

# The count of words that the package took from other word lists and did not meet in texts.
_NOT_MET = 50
_ONE_LETTER = frozenset("ai")
_PREFIXES = tuple(
    "anti co counter cross de dis fore hyper inter mis multi non out over pre re semi sub un under up".split()
)
_SHORTEST_PART = 4
_LONGEST = 60


def is_word(word: str) -> bool:
    """Return whether a word (lower case) is in the list, or may be a plural or a compound of words that are.

    The list has gaps, above all where compounds are young, as chatbot is.
    """
    counts = _counts()
    if len(word) == 1:
        return word in _ONE_LETTER
    if len(word) > _LONGEST:
        return False
    if word in counts or (word.endswith("s") and word[:-1] in counts):
        return True
    parts = [word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)]
    if any(len(part) >= _SHORTEST_PART and part in counts for part in parts):
        return True
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    return any(word[:cut] in counts and word[cut:] in counts for cut in cuts)


def is_common(word: str) -> bool:
    """Return whether a word (lower case) is in the list and was met in texts."""
    return _counts().get(word, 0) > _NOT_MET


@cache
def _counts() -> Mapping[str, int]:
    return dict(SpellChecker(language="en", distance=1).word_frequency.dictionary)
