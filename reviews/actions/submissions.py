"""Receiving public feedback, and deciding what of it is published."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from reviews.access.specs import check
from reviews.actions.events import record
from reviews.actions.secrets import derived_secret, hashed
from reviews.actions.threads import About, Words, quote_columns
from reviews.actions.wording import checked_line, checked_text
from reviews.errors import Conflict, IllegalMove, Invalid, NotFound
from reviews.jobs import JobName, enqueue
from reviews.models import Clause, Consultation, Passage, Submission, SubmissionContact, User
from reviews.models.ids import new_public_id
from reviews.rules import states
from reviews.rules.kinds import EventKind, Moderation, RestrictionReason
from reviews.rules.roles import Verb
from reviews.rules.states import ConsultationState, SubmissionState

MOST_PASSAGES = 10
LONGEST_PASSAGE = 10_000
# A form that was opened before the end may arrive a little after it; it is stored and marked as late.
LATE_BY_AT_MOST = timedelta(hours=24)
KEY = re.compile(r"[\w-]{8,64}")


@dataclass(frozen=True)
class NewPassage:
    """One point: its text, and what it is about; neither a clause nor words for a point in general."""

    body: str
    clause: Clause | None = None
    words: Words | None = None


@dataclass(frozen=True)
class Letter:
    """What somebody sends in. `email` is only used to tell them what became of it."""

    passages: Sequence[NewPassage]
    name: str = ""
    organisation: str = ""
    email: str = ""


@dataclass(frozen=True)
class Receipt:
    """What the sender gets: the submission, and the secret of the link to it, which is told only here and in their mail."""

    submission: Submission
    secret: str


def receive(
    consultation: Consultation, *, letter: Letter, key: str, now: datetime, is_suspicious: bool = False
) -> Receipt:
    """Store a letter, or return the receipt of the first time when the same key is sent again.

    The receipt is given only after the letter, its passages and the promised mail are committed together. What looks like an
    advertisement is held for a moderator, never dropped. Raises Invalid for what can't be stored, IllegalMove when the
    consultation is not open, Conflict when the key was used for other words.
    """
    if not KEY.fullmatch(key):
        raise Invalid("This form is incomplete. Reload the page and send it again.")
    contents, columns = _checked(consultation, letter)
    content_hash = _hash_of(contents)
    if Submission.objects.filter(consultation=consultation, idempotency_key=key).exists():
        # Asked first, since a lost answer is given again also when the window is over by now.
        earlier = _received_before(consultation, key, content_hash)
        return Receipt(earlier, secret_of(earlier))
    try:
        with transaction.atomic():
            shared = _shared(consultation)
            is_late = _is_late(shared, now=now)
            state = _first_state(shared, is_late=is_late, is_suspicious=is_suspicious)
            found = {"state": state, "is_late": is_late, "is_suspicious": is_suspicious, "content_hash": content_hash}
            submission = _insert(shared, contents, {**columns, **found}, key=key, now=now)
            _keep_contact(submission, letter.email, now=now)
    except IntegrityError:
        submission = _received_before(consultation, key, content_hash)
    return Receipt(submission, secret_of(submission))


def secret_of(submission: Submission) -> str:
    """Return the secret of the receipt's link; the same each time, so that a lost answer can be given again."""
    return derived_secret("receipt", submission.public_id)


@transaction.atomic
def decide(
    submission: Submission, *, verb: str, by: User, now: datetime, restriction: str = "", reason: str = ""
) -> Submission:
    """Accept, hold or restrict a submission. Nothing is deleted by it, and the sender reads the reason on the receipt.

    Raises IllegalMove when its state has no such move, Invalid when it is restricted without a kind and a reason.
    """
    submission = _locked(submission)
    check(submission.spec, by, Verb.MODERATE)
    if verb not in ("accept", "hold", "restrict"):
        raise Invalid("Choose what to do.")
    submission.state = states.after(states.SUBMISSION, state=submission.state, verb=verb)
    reason = checked_text(reason, field="reason")
    if verb == "restrict" and (restriction not in set(RestrictionReason) or not reason):
        raise Invalid(
            "Say why it is not published.", fields={"reason": "Choose a kind and write a sentence to the sender."}
        )
    submission.restriction, submission.reason = (restriction, reason) if verb == "restrict" else ("", "")
    submission.decided_at, submission.decided_by = now, by
    _save(submission, "state", "restriction", "reason", "decided_at", "decided_by")
    data = {"submission": submission.public_id, "what": verb}
    record(EventKind.SUBMISSION_DECIDED, spec=submission.spec, by=by, now=now, data=data)
    return submission


@transaction.atomic
def withdraw(submission: Submission, *, now: datetime) -> Submission:
    """Take a submission back; for whoever holds its receipt. It is no longer published, and its name is removed."""
    submission = _locked(submission)
    submission.state = states.after(states.SUBMISSION, state=submission.state, verb="withdraw")
    submission.name = submission.organisation = ""
    submission.restriction = submission.reason = ""
    _save(submission, "state", "name", "organisation", "restriction", "reason")
    SubmissionContact.objects.filter(submission=submission).delete()
    data = {"submission": submission.public_id}
    record(EventKind.SUBMISSION_WITHDRAWN, spec=submission.spec, by=None, now=now, data=data)
    return submission


def _checked(consultation: Consultation, letter: Letter) -> tuple[list[dict[str, object]], dict[str, str]]:
    passages = [one for one in letter.passages if one.body.strip()]
    if not passages:
        raise Invalid("Write what you want to say.", fields={"body": "Write at least a sentence."})
    if len(passages) > MOST_PASSAGES:
        raise Invalid(f"A submission has at most {MOST_PASSAGES} points.")
    contents = []
    for one in passages:
        about = About(clause=one.clause, words=one.words)
        quoted = quote_columns(consultation.spec, about) if one.words else {}
        body = checked_text(one.body, field="body", most=LONGEST_PASSAGE)
        contents.append({**quoted, "clause": one.clause, "body": body})
    columns = {name: _optional_line(getattr(letter, name), name) for name in ("name", "organisation")}
    _check_email(letter.email)
    return contents, columns


def _optional_line(text: str, field: str) -> str:
    return checked_line(text, field=field, most=150, what="This is too long.") if text.strip() else ""


def _check_email(email: str) -> None:
    try:
        if email.strip():
            validate_email(email.strip())
    except ValidationError:
        raise Invalid("This is not an e-mail address.", fields={"email": "For example: ana@example.org"}) from None


def _hash_of(contents: Sequence[dict[str, object]]) -> bytes:
    """The hash on the receipt: SHA-256 of the passages as JSON, with the anchors and quotes that they are about."""
    plain = [{"body": one["body"], "quote": one.get("quote", ""), "clause": _id_of(one["clause"])} for one in contents]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).digest()


def _id_of(clause: object) -> str:
    return clause.public_id if isinstance(clause, Clause) else ""


def _insert(
    consultation: Consultation,
    contents: Sequence[dict[str, object]],
    columns: dict[str, object],
    *,
    key: str,
    now: datetime,
) -> Submission:
    public_id = new_public_id()
    submission = Submission.objects.create(
        public_id=public_id,
        spec_id=consultation.spec_id,
        consultation=consultation,
        idempotency_key=key,
        secret_hash=hashed(derived_secret("receipt", public_id)),
        received_at=now,
        **columns,
    )
    Passage.objects.bulk_create(
        Passage(submission=submission, number=number, **one) for number, one in enumerate(contents, start=1)
    )
    data = {"submission": public_id}
    record(EventKind.SUBMISSION_RECEIVED, spec=consultation.spec, by=None, now=now, data=data)
    return submission


def _shared(consultation: Consultation) -> Consultation:
    """The consultation as it is now, kept from changing until this transaction ends.

    A share lock: submissions don't wait for one another, while closing waits for those that are under way, and those that
    come after it see that it is closed.
    """
    return Consultation.objects.raw("SELECT * FROM reviews_consultation WHERE id = %s FOR SHARE", [consultation.pk])[0]


def _is_late(consultation: Consultation, *, now: datetime) -> bool:
    """Whether the window is over; raises IllegalMove when it has not begun, or is over for longer than a form may take."""
    opened = consultation.opens_at is not None and consultation.opens_at <= now
    if consultation.state not in (ConsultationState.OPEN, ConsultationState.CLOSED) or not opened:
        raise IllegalMove("This consultation is not open. Your text was not sent.")
    if consultation.state == ConsultationState.OPEN and (
        consultation.closes_at is None or now < consultation.closes_at
    ):
        return False
    if consultation.closes_at is None or now > consultation.closes_at + LATE_BY_AT_MOST:
        raise IllegalMove("This consultation is closed. Your text was not sent.")
    return True


def _first_state(consultation: Consultation, *, is_late: bool, is_suspicious: bool) -> SubmissionState:
    """Held when it is suspicious, published at once where moderation comes afterwards."""
    if is_suspicious:
        return SubmissionState.HELD
    return (
        SubmissionState.ACCEPTED
        if consultation.moderation == Moderation.AFTER and not is_late
        else SubmissionState.PENDING
    )


def _keep_contact(submission: Submission, email: str, *, now: datetime) -> None:
    if email.strip():
        SubmissionContact.objects.create(submission=submission, email=email.strip().lower())
        enqueue(JobName.MAIL_RECEIPT, key=submission.public_id, now=now, submission=submission.pk)


def _received_before(consultation: Consultation, key: str, content_hash: bytes) -> Submission:
    found = Submission.objects.filter(consultation=consultation, idempotency_key=key).first()
    if found is None:
        raise NotFound()
    if bytes(found.content_hash) != content_hash:
        raise Conflict("This form was sent already with other words. Reload the page to send something new.")
    return found


def _locked(submission: Submission) -> Submission:
    rows = Submission.objects.select_for_update(no_key=True, of=("self",)).select_related("spec", "consultation")
    return rows.get(pk=submission.pk)


def _save(submission: Submission, *columns: str) -> None:
    submission.version += 1
    submission.save(update_fields=[*columns, "version"])
