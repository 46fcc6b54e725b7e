"""Cutting text into words, lines with their blank lines, and sentences; every cut joins back to what was given."""

import re

# Everything but white space, punctuation and signs counts as a letter of a word; so do combining marks and joiners.
_NOT_WORD = (
    r"\s\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xa9\xab-\xac\xae-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7"
    r"\u2000-\u200b\u200e-\u20cf\u2100-\u214f\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3029\u3030-\u303f"
    r"\ufe10-\ufe1f\ufe30-\ufe6f\ufeff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufffc\ufffd"
)
_IDEOGRAPH = r"\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^{_NOT_WORD}{_IDEOGRAPH}]"
_MARK = r"[\u0300-\u036f\u200c\u200d\u20d0-\u20f0\u3099\u309a\ufe00-\ufe0f]"

_TOKEN = re.compile(
    r"\n|[^\S\n]+"
    r"|(?<=\]\()(?:[^\s()]|\([^\s()]{0,200}\)){1,2000}"  # a link target
    r"|(?<=\{)\#[^\s{}]+"  # an anchor in a heading
    rf"|(?:https?|mailto):[^\s<>()\[\]`\"]*[^\s<>()\[\]`\".,;:!?'*]"
    rf"|{_LETTER}+(?:(?:['’]|(?<=\d)[.,](?=\d)){_LETTER}+)*"
    rf"|[{_IDEOGRAPH}]{_MARK}*"
    r"|(?<!`)`(?!`)[^`\n]{1,300}`(?!`)|(?<!`)``(?!`)(?:[^`\n]|`(?!`)){1,300}``(?!`)"  # code spans
    r"|<!--|-->|</?[A-Za-z][^<>\n]{0,300}>|\[\^[^\]\s\[]{1,60}\]|\\[!-/:-@\[-`{-~]"
    rf"|\*+|~+|`+|\#+|=+|-+|\.{{2,}}|.{_MARK}*",
    re.DOTALL,
)
_WORD = re.compile(rf"{_LETTER}+(?:(?:['’]|(?<=\d)[.,](?=\d)){_LETTER}+)*|[{_IDEOGRAPH}]{_MARK}*")
_UNIT = re.compile(r"[^\n]*\n(?:[^\S\n]*\n)*|[^\n]+\Z")
_SENTENCE = re.compile(
    r"[^\n.!?。！？]*(?:\n(?:[^\S\n]*\n)+|[.!?。！？]+[\"'”’)\]*_]*(?:\[\^\w+\])*(?:\s+|\Z)|[.!?。！？]+|\n|\Z)"
)


def tokens(text: str) -> list[str]:
    """The pieces that a mark takes whole: words, link targets, code spans, spaces, signs; joined they are `text`."""
    return _TOKEN.findall(text)


def words(text: str) -> list[str]:
    """The words of `text` in order, without spaces and punctuation."""
    return _WORD.findall(text)


def units(text: str) -> list[str]:
    """The lines of `text`, each with its line end and the blank lines after it; joined they are `text`."""
    return _UNIT.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences and lines of `text`, each with the space after it; joined they are `text`."""
    return [piece for piece in _SENTENCE.findall(text) if piece]
