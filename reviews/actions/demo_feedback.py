"""The part of the demo's story that the public writes: consultations, submissions, and what moderators decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from reviews.actions import consultations, submissions
from reviews.actions.consultations import Call
from reviews.actions.submissions import Letter, NewPassage
from reviews.actions.threads import Words
from reviews.models import ClauseVersion, Spec, User

Step = tuple[datetime, Callable[[], object]]


class Cast(Protocol):
    """What the story has made so far."""

    spec: Spec
    people: dict[str, User]

    def version(self, anchor: str) -> ClauseVersion: ...


def feedback_steps(cast: Cast, story: Mapping[str, Any]) -> Iterator[Step]:
    """Yield what happens to each consultation and submission of the story, with its moment."""
    for row in story["consultations"]:
        made: dict[str, Any] = {}
        yield _at(row["opened_at"]), partial(_open, cast, row, made)
        for letter in row["submissions"]:
            yield _at(letter["at"]), partial(_send, cast, letter, made)
            if decision := letter["decision"]:
                yield _at(decision["at"]), partial(_decide, cast, decision, made, letter["key"])
        if row["answered_at"]:
            yield _at(row["closes_at"]), partial(consultations.follow_windows, now=_at(row["closes_at"]))
            yield _at(row["answered_at"]), partial(_answer, cast, row, made)


def _open(cast: Cast, row: Mapping[str, Any], made: dict[str, Any]) -> None:
    by, now = cast.people[row["by"]], _at(row["opened_at"])
    names = ("title", "question", "next_steps", "moderation", "time_zone")
    closes_at = _at(row["closes_at"]) if row["closes_at"] else None
    call = Call(**{name: row[name] for name in names}, opens_at=now, closes_at=closes_at)
    draft = consultations.create(cast.spec, call=call, by=by, now=now, is_permanent=row["is_permanent"])
    made["consultation"] = consultations.move(draft, verb="open", by=by, now=now)


def _send(cast: Cast, row: Mapping[str, Any], made: dict[str, Any]) -> None:
    passages = [_passage(cast, one) for one in row["passages"]]
    letter = Letter(passages, name=row["name"], organisation=row["organisation"])
    key = f"demo-{row['key']}-letter"
    made[row["key"]] = submissions.receive(made["consultation"], letter=letter, key=key, now=_at(row["at"])).submission


def _decide(cast: Cast, row: Mapping[str, Any], made: Mapping[str, Any], key: str) -> None:
    words = {name: row[name] for name in ("verb", "restriction", "reason")}
    submissions.decide(made[key], **words, by=cast.people[row["by"]], now=_at(row["at"]))


def _passage(cast: Cast, row: Mapping[str, Any]) -> NewPassage:
    if row["clause"] is None:
        return NewPassage(row["body"])
    version = cast.version(row["clause"])
    words = Words(version, 0, 0, row["quote"]) if row["quote"] else None
    return NewPassage(row["body"], version.clause, words)


def _answer(cast: Cast, row: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    by, now = cast.people[row["by"]], _at(row["answered_at"])
    consultations.move(made["consultation"], verb="answer", by=by, now=now)


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)
