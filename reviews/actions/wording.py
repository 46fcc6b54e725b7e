"""What any text from outside must be before it is stored."""

from __future__ import annotations

from reviews.errors import Invalid

LONGEST = 20_000


def checked_text(text: str, *, field: str, most: int = LONGEST) -> str:
    """The text without blanks around.

    Raises Invalid, naming the field, when it is too long or has characters that cannot be stored.
    """
    text = text.strip()
    if len(text) > most:
        raise Invalid("This text is too long.", fields={field: f"At most {most:,} characters."})
    if not is_storable(text):
        raise Invalid("This text has characters that cannot be stored.", fields={field: "Remove what is not text."})
    return text


def checked_reason(reason: str, *, what: str) -> str:
    """Return the reason without blanks around; raises Invalid when there is none."""
    reason = checked_text(reason, field="reason")
    if not reason:
        raise Invalid("A reason is needed.", fields={"reason": what})
    return reason


def is_storable(text: str) -> bool:
    """No NUL character and no half of a surrogate pair."""
    return not any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in text)
