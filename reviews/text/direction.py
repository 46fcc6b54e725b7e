"""Which way a block is read, in texts that hold letters of scripts written from right to left."""

import re

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
# The first bytes in UTF-8 of all these letters and of some others: looking for bytes is many times as fast.
_FIRST_BYTES = bytes([*range(0xD6, 0xE1), 0xEF, 0xF0])
_MARKUP = re.compile(r"<[^<>]*>|\[\^[^\]\s]*\]:?|\[[ xX]\][ \t]|\]\([^()\s]*\)|&#?\w+;|!!![^\n]*|\[![A-Z]+\]")
_LETTER = re.compile(r"[^\W\d_]")
_HOLDING = frozenset("list list-item quote table admonition message answer example footnote".split())
_ENOUGH = 400


def mixed(source: str) -> bool:
    """Tell whether a text holds letters that are written from right to left."""
    if source.isascii():
        return False
    data = source.encode()
    return len(data.translate(None, _FIRST_BYTES)) < len(data) and bool(_RIGHT_TO_LEFT.search(source))


def attribute(kind: str, source: str) -> str:
    """Return the attribute that gives a block of such a text its direction.

    A browser finds the direction of words from their first letter, but not that of a block which only holds others:
    it skips those that have a direction of their own.
    """
    if kind not in _HOLDING:
        return ' dir="auto"'
    letter = _LETTER.search(_MARKUP.sub("", source[:_ENOUGH]))
    if not letter:
        return ""
    return ' dir="rtl"' if _RIGHT_TO_LEFT.match(letter[0]) else ' dir="ltr"'
