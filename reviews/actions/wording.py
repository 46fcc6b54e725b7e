"""What any text from outside must be before it is stored."""

from __future__ import annotations

import unicodedata

from reviews.errors import Invalid

LONGEST = 20_000
LINE_ENDS = "\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
JOINERS = "\u200c\u200d"
EMOJI_STYLE = "\ufe0f"
WITHOUT_JOINERS = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CJK", "HANGUL", "HIRAGANA", "KATAKANA"})
# Characters with the property Default_Ignorable_Code_Point whose category does not say it, and the empty Braille cell.
INVISIBLE = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0E),
    (0xFFA0, 0xFFA0),
    (0xE0100, 0xE01EF),
)


def checked_text(text: str, *, field: str, most: int = LONGEST) -> str:
    """The text without blanks around, empty where it has only characters that nobody sees: they are no reason and no comment.

    Raises Invalid, naming the field, when it is too long or has characters that cannot be stored.
    """
    text = text.strip()
    if len(text) > most:
        raise Invalid("This text is too long.", fields={field: f"At most {most:,} characters."})
    if not is_storable(text):
        raise Invalid("This text has characters that cannot be stored.", fields={field: "Remove what is not text."})
    return text if _has_visible_characters(text) else ""


def checked_reason(reason: str, *, what: str) -> str:
    """Return the reason without blanks around; raises Invalid when there is none."""
    reason = checked_text(reason, field="reason")
    if not reason:
        raise Invalid("A reason is needed.", fields={"reason": what})
    return reason


def checked_line(text: str, *, field: str, most: int, what: str) -> str:
    """Return a name or title as one line, without blanks around and with one between words.

    Raises Invalid, naming the field, when it is empty or too long, or has line ends or characters that nobody sees: those
    could make a name look like another one, or put lines of their own into mail.
    """
    text = text.strip()
    if not text or len(text) > most:
        raise Invalid(what, fields={field: f"Write 1 to {most} characters."})
    if not is_storable(text) or text != one_line(text, blank=""):
        fields = {field: "Write one line, without control characters and invisible characters."}
        raise Invalid("This has characters that can't be part of it.", fields=fields)
    line = " ".join(text.split())
    if not _has_visible_characters(line):
        raise Invalid(what, fields={field: f"Write 1 to {most} characters."})
    return line


def one_line(text: str, *, blank: str = " ") -> str:
    """Return the text without what `checked_line` refuses, `blank` in place of each line end: for what is stored already."""
    kept = (
        blank if character in LINE_ENDS else character
        for position, character in enumerate(text)
        if character in LINE_ENDS or not _is_hidden(text, position)
    )
    return "".join(kept)


def _has_visible_characters(text: str) -> bool:
    """Whether there is a letter, digit, sign or symbol in it; a combining mark alone is none."""
    return any(
        unicodedata.category(character)[0] in "LNPS" and not _is_hidden(text, position)
        for position, character in enumerate(text)
    )


def _is_hidden(text: str, position: int) -> bool:
    """Whether nobody sees this character, or it changes the order in which others are shown."""
    character = text[position]
    if character in JOINERS:
        return not (0 < position < len(text) - 1 and all(_is_joined(text[position + side]) for side in (-1, 1)))
    if character == EMOJI_STYLE:
        return position == 0 or unicodedata.category(text[position - 1]) not in ("So", "Sm", "Po", "Nd")
    is_invisible = any(first <= ord(character) <= last for first, last in INVISIBLE)
    return is_invisible or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _is_joined(character: str) -> bool:
    """Whether a joiner beside this character is part of its spelling, as in Persian, the scripts of India, and emoji."""
    category = unicodedata.category(character)
    if category in ("So", "Sk") or character == EMOJI_STYLE:
        return True
    script = unicodedata.name(character, "").partition(" ")[0]
    return category[0] in "LM" and script not in WITHOUT_JOINERS


def is_storable(text: str) -> bool:
    """No NUL character and no half of a surrogate pair."""
    return not any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in text)
