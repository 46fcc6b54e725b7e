"""Cutting text into words, lines with their blank lines, and sentences; every cut joins back to what was given."""

import re

# Everything but white space, punctuation and signs counts as a letter of a word; so do combining marks and joiners.
_NOT_WORD = (
    r"\s\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xa9\xab-\xac\xae-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7"
    r"\u2000-\u200b\u200e-\u20cf\u2100-\u214f\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3029\u3030-\u303f"
    r"\ufe10-\ufe1f\ufe30-\ufe6f\ufeff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufffc\ufffd"
)
_IDEOGRAPH = r"\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Thai, Lao, Khmer and Burmese put no spaces between words: they are cut into clusters, a letter with its vowels and marks.
# Extended grapheme clusters of Unicode (UAX 29) would leave a vowel that is written before or after its letter alone.
_UNSPACED = r"\u0e01-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u109a-\u109f\u1780-\u17d3\u17dc\u17dd"
_UNSPACED += r"\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"
_VOWEL_BEFORE = r"[\u0e40-\u0e44\u0ec0-\u0ec4]"
_STACKER = r"[\u1039\u17d2]"  # puts the next letter below the last one
_VOWEL_OR_MARK = (
    r"[\u0e30-\u0e3a\u0e45-\u0e4e\u0eb0-\u0ebd\u0ec6-\u0ece\u102b-\u1038\u103a-\u103e\u1056-\u1059\u105e-\u1060"
    r"\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u17b4-\u17d1\u17d3\u17dd\ua9e5\uaa7b-\uaa7d"
    r"\u0300-\u036f\u200c\u200d\ufe00-\ufe0f]"
)
# It begins with a plain set, so that the pattern is not tried on other letters.
_CLUSTER = rf"[{_UNSPACED}](?:(?<={_VOWEL_BEFORE})[{_UNSPACED}])?(?:{_STACKER}[{_UNSPACED}]?|{_VOWEL_OR_MARK})*"
_LETTER = rf"[^{_NOT_WORD}{_IDEOGRAPH}{_UNSPACED}]"
_MARK = r"[\u0300-\u036f\u200c\u200d\u20d0-\u20f0\u3099\u309a\ufe00-\ufe0f]"

_TOKEN = re.compile(
    r"\n|[^\S\n]+"
    r"|(?<=\]\()(?:[^\s()]|\([^\s()]{0,200}\)){1,2000}"  # a link target
    r"|(?<=\{)\#[^\s{}]+"  # an anchor in a heading
    rf"|(?:https?|mailto):[^\s<>()\[\]`\"]*[^\s<>()\[\]`\".,;:!?'*]"
    rf"|{_LETTER}+(?:(?:['’]|(?<=\d)[.,](?=\d)){_LETTER}+)*"
    rf"|[{_IDEOGRAPH}]{_MARK}*|{_CLUSTER}"
    r"|(?<!`)`(?!`)[^`\n]{1,300}`(?!`)|(?<!`)``(?!`)(?:[^`\n]|`(?!`)){1,300}``(?!`)"  # code spans
    r"|<!--|-->|</?[A-Za-z][^<>\n]{0,300}>|\[\^[^\]\s\[]{1,60}\]|\\[!-/:-@\[-`{-~]"
    rf"|\*+|~+|`+|\#+|=+|-+|\.{{2,}}|.{_MARK}*",
    re.DOTALL,
)
_WORD = re.compile(rf"{_LETTER}+(?:(?:['’]|(?<=\d)[.,](?=\d)){_LETTER}+)*|[{_IDEOGRAPH}]{_MARK}*|{_CLUSTER}")
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
