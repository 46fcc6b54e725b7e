"""What somebody typed into a form that could not be accepted as a whole, so that the page that says so gives it back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException

# Fields that people type into, by name; secrets and the fields that scripts fill are not given back.
LABELS = {
    "body": "Comment",
    "description": "Description",
    "email": "E-mail address",
    "grounds": "What is new",
    "name": "Name",
    "new_source": "New clause",
    "notes": "Release notes",
    "q": "Words",
    "rationale": "Why",
    "reason": "Reason",
    "response": "Response",
    "source": "Text",
    "title": "Title",
}
NEVER = re.compile(r"csrf|password|secret|token|^key$|^sending$|^version|^was-|^onto-|^quote|^do$|^next$|_version$")
SHORTEST_UNKNOWN = 20
LONGEST_SHOWN = 500_000


@dataclass(frozen=True)
class TypedText:
    """The text of one field, with its label."""

    label: str
    text: str


def typed_texts(request: HttpRequest) -> list[TypedText]:
    """Return what the person typed into the form of this request; nothing for other requests."""
    if request.method != "POST":
        return []
    try:
        fields = list(request.POST.items())
    except (RawPostDataException, MultiPartParserError, OSError):
        return []  # the body was not read to its end
    return [
        TypedText(_label(name), value[:LONGEST_SHOWN])
        for name, value in fields
        if isinstance(value, str) and value.strip() and _is_typed(name, value)
    ]


def _is_typed(name: str, value: str) -> bool:
    if NEVER.search(name):
        return False
    return name in LABELS or name.startswith("source-") or "\n" in value or len(value) >= SHORTEST_UNKNOWN


def _label(name: str) -> str:
    return LABELS.get(
        name, "Text" if name.startswith("source-") else name.replace("_", " ").replace("-", " ").capitalize()
    )
