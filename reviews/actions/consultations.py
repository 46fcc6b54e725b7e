"""Preparing, opening, extending, closing and answering consultations."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.db.models import Q

from reviews.access.specs import check
from reviews.actions.events import record
from reviews.actions.locks import lock_spec
from reviews.actions.wording import checked_line, checked_text
from reviews.errors import Conflict, IllegalMove, Invalid
from reviews.models import Consultation, Spec, User
from reviews.rules import states
from reviews.rules.kinds import EventKind, Moderation
from reviews.rules.roles import Verb
from reviews.rules.states import ConsultationState

# The application may update no other column; see grant_rights.
CHANGING_COLUMNS = (
    *("state", "title", "question", "next_steps", "moderation"),
    *("opens_at", "closes_at", "time_zone", "version"),
)


@dataclass(frozen=True)
class Call:
    """What a consultation says and when it is open; times are aware, `closes_at` is None for no end."""

    title: str
    question: str
    next_steps: str = ""
    moderation: str = Moderation.BEFORE
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    time_zone: str = "UTC"


@transaction.atomic
def create(spec: Spec, *, call: Call, by: User | None, now: datetime, is_permanent: bool = False) -> Consultation:
    """Prepare a consultation as a draft. `by` is None for the command line.

    Raises Invalid for what can't be stored, Conflict when the spec has a permanent one already.
    """
    spec = lock_spec(spec)
    if by is not None:
        check(spec, by, Verb.MODERATE)
    columns = _checked(call, is_permanent=is_permanent)
    try:
        with transaction.atomic():
            made = Consultation.objects.create(
                spec=spec, is_permanent=is_permanent, created_at=now, created_by=by, **columns
            )
    except IntegrityError:
        raise Conflict("This spec has a consultation without an end already. Change that one.") from None
    record(EventKind.CONSULTATION_CREATED, spec=spec, by=by, now=now, data={"consultation": made.public_id})
    return made


@transaction.atomic
def change(consultation: Consultation, *, call: Call, expected_version: int, by: User, now: datetime) -> Consultation:
    """Change what a consultation says, or extend its window.

    Raises Conflict with the stored one when somebody else changed it since `expected_version`.
    """
    consultation = _locked(consultation)
    check(consultation.spec, by, Verb.MODERATE)
    if consultation.version != expected_version:
        raise Conflict("Somebody else changed this consultation.", fresh=consultation)
    was_opened = consultation.state not in (ConsultationState.DRAFT, ConsultationState.SCHEDULED)
    for name, value in _checked(call, is_permanent=consultation.is_permanent).items():
        if not (name == "opens_at" and value is None and was_opened):  # when it was opened stays on record
            setattr(consultation, name, value)
    if consultation.state == ConsultationState.CLOSED and consultation.closes_at and _is_before_end(consultation, now):
        consultation.state = states.after(states.CONSULTATION, state=consultation.state, verb="extend")
    return _saved(consultation, by=by, now=now, what="changed")


@transaction.atomic
def move(consultation: Consultation, *, verb: str, by: User | None, now: datetime) -> Consultation:
    """Schedule, open, close, extend or answer a consultation; `by` is None when its window does it.

    Opening and closing by hand set the window, so that state and window never disagree.
    """
    consultation = _locked(consultation)
    if by is not None:
        check(consultation.spec, by, Verb.MODERATE)
    consultation.state = states.after(states.CONSULTATION, state=consultation.state, verb=verb)
    if verb == "schedule" and (consultation.opens_at is None or consultation.opens_at <= now):
        raise Invalid("Say when it opens.", fields={"opens_at": "Choose a time in the future."})
    if verb == "open" and (consultation.opens_at is None or consultation.opens_at > now):
        consultation.opens_at = now
    if verb in ("open", "extend") and by is not None and not _is_before_end(consultation, now):
        raise Invalid("Its window is over.", fields={"closes_at": "Choose a time in the future."})
    if verb == "close" and not consultation.is_permanent and _is_before_end(consultation, now):
        # Opened and closed at the same moment: the window has at least some length.
        consultation.closes_at = max(now, (consultation.opens_at or now) + timedelta(microseconds=1))
    return _saved(consultation, by=by, now=now, what=verb)


def follow_windows(*, now: datetime) -> int:
    """Open and close what its window says; return how many steps that took.

    What was scheduled and is over by now is opened and closed, so that its record is complete.
    """
    due = Q(state=ConsultationState.SCHEDULED, opens_at__lte=now) | Q(state=ConsultationState.OPEN, closes_at__lte=now)
    steps = 0
    while rows := list(Consultation.objects.filter(due)[:100]):
        for row in rows:
            _follow_window(row, now=now)
        steps += len(rows)
    return steps


def _follow_window(consultation: Consultation, *, now: datetime) -> None:
    verb = "open" if consultation.state == ConsultationState.SCHEDULED else "close"
    with contextlib.suppress(IllegalMove):  # another sweeper, or a person, was first
        move(consultation, verb=verb, by=None, now=now)


def _locked(consultation: Consultation) -> Consultation:
    """The row as it is now. Submissions take a share lock of it, so each of them sees the consultation either as it was
    before or as it is after."""
    rows = Consultation.objects.select_for_update(no_key=True, of=("self",)).select_related("spec")
    return rows.get(pk=consultation.pk)


def _saved(consultation: Consultation, *, by: User | None, now: datetime, what: str) -> Consultation:
    consultation.version += 1
    consultation.save(update_fields=CHANGING_COLUMNS)
    record(
        EventKind.CONSULTATION_CHANGED,
        spec=consultation.spec,
        by=by,
        now=now,
        data={"consultation": consultation.public_id, "what": what},
    )
    return consultation


def _is_before_end(consultation: Consultation, now: datetime) -> bool:
    return consultation.closes_at is None or consultation.closes_at > now


def _checked(call: Call, *, is_permanent: bool) -> Mapping[str, object]:
    question = checked_text(call.question, field="question")
    if not question:
        raise Invalid("Say what you ask and why.", fields={"question": "Write at least a sentence."})
    if call.moderation not in set(Moderation):
        raise Invalid("Choose when submissions are published.", fields={"moderation": "Before or after moderation."})
    if call.time_zone not in available_timezones():
        raise Invalid("This time zone is unknown.", fields={"time_zone": "For example: Europe/Berlin"})
    if call.opens_at and call.closes_at and call.closes_at <= call.opens_at:
        raise Invalid("It can't close before it opens.", fields={"closes_at": "Choose a later time."})
    if is_permanent and call.closes_at is not None:
        raise Invalid("A permanent consultation has no end.", fields={"closes_at": "Leave it empty."})
    return {
        "title": checked_line(call.title, field="title", most=200, what="A consultation needs a title."),
        "question": question,
        "next_steps": checked_text(call.next_steps, field="next_steps"),
        "moderation": call.moderation,
        "opens_at": call.opens_at,
        "closes_at": call.closes_at,
        "time_zone": call.time_zone,
    }
