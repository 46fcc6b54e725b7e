"""Expected refusals: raised below, translated once by each face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """Something was not done, for a reason that the person may read and act on."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Refusal):
    """It does not exist, or this person must not know that it does."""

    def __init__(self, sentence: str = "There is nothing at this address.") -> None:
        super().__init__(sentence)


class NotAllowed(Refusal):
    """This person may see the thing but may not do this to it."""


class IllegalMove(Refusal):
    """The life of the thing has no such move from the state that it is in."""


class Invalid(Refusal):
    """What was sent cannot be used; `fields` says which part and why."""

    def __init__(self, sentence: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})


class TooManyRequests(Refusal):
    """It was done too often; `retry_after` says in how many seconds it may be tried again."""

    def __init__(self, sentence: str = "", *, retry_after: int) -> None:
        super().__init__(sentence or f"There were too many attempts. Try again in {_minutes(retry_after)}.")
        self.retry_after = max(retry_after, 1)


class Conflict(Refusal):
    """Somebody else was first; `fresh` is the state to look at, nothing of the sender's is lost."""

    def __init__(self, sentence: str, *, fresh: Any = None) -> None:
        super().__init__(sentence)
        self.fresh = fresh


def _minutes(seconds: int) -> str:
    minutes = max(-(-seconds // 60), 1)
    if minutes == 1:
        return "a minute"
    return f"{minutes} minutes" if minutes <= 90 else f"{-(-minutes // 60)} hours"
