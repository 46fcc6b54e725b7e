"""The refusals of the layers below, as JSON: one sentence, the fields that are wrong, the state as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from reviews.api.serializers.conflicts import SHAPES
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound, Refusal, TooManyRequests

STATUS: dict[type[Refusal], int] = {
    NotFound: 404,
    NotAllowed: 403,
    IllegalMove: 409,
    Conflict: 409,
    Invalid: 422,
    TooManyRequests: 429,
}


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: None for what nobody expected."""
    if isinstance(error, Http404):
        error = NotFound()
    if isinstance(error, ValidationError):
        error = Invalid("This cannot be used as it is.", fields=_flat(error.detail))
    if isinstance(error, Refusal):
        status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyRequests) else None
        return Response(_body(error), status=status, headers=headers)
    return exception_handler(error, context)


def _body(refusal: Refusal) -> dict[str, Any]:
    body: dict[str, Any] = {"detail": refusal.sentence}
    if isinstance(refusal, Invalid):
        body["fields"] = refusal.fields
    if isinstance(refusal, Conflict | IllegalMove):
        body["fresh"] = _fresh(getattr(refusal, "fresh", None))
    return body


def _fresh(state: Any) -> Any:
    if isinstance(state, list):
        return [_fresh(one) for one in state]
    shape = SHAPES.get(type(state))
    return None if shape is None else shape(state).data


def _flat(detail: Any, path: str = "") -> dict[str, str]:
    """What DRF says of nested fields, as one sentence for each path."""
    if isinstance(detail, Mapping):
        parts = [_flat(inner, f"{path}.{name}" if path else str(name)) for name, inner in detail.items()]
        return {name: words for part in parts for name, words in part.items()}
    words = detail if isinstance(detail, list) else [detail]
    said = " ".join(str(word) for word in words)
    return {path or "body": said.encode(errors="replace").decode()}  # half a surrogate pair that was sent comes back
