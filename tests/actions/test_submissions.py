"""Public feedback: received once and durably, decided by moderators, withdrawn by whoever holds the receipt."""

from datetime import timedelta
from functools import partial

import pytest

from reviews.actions import consultations, submissions
from reviews.actions.consultations import Call
from reviews.actions.secrets import hashed
from reviews.actions.submissions import Letter, NewPassage
from reviews.actions.threads import Words
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed
from reviews.models import Consultation, Event, Job, Passage, Submission, SubmissionContact
from tests.factories import NOW
from tests.factories.conduct import clause_of
from tests.factories.specs import version

KEY = "0123456789abcdef"


def call(**changed):
    return Call(**{"title": "What is missing?", "question": "Tell us what you miss.", **changed})


@pytest.fixture
def consultation(world):
    made = consultations.create(world.spec, call=call(), by=world.owner, now=NOW, is_permanent=True)
    return consultations.move(made, verb="open", by=world.owner, now=NOW)


def letter(*bodies, **given):
    return Letter(passages=[NewPassage(body) for body in bodies or ["Say it more plainly."]], **given)


def receive(consultation, *, key=KEY, now=NOW, is_suspicious=False, sent=None):
    return submissions.receive(consultation, letter=sent or letter(), key=key, now=now, is_suspicious=is_suspicious)


# --- receiving ---


def test_a_letter_is_stored_with_its_passages_its_promised_mail_and_an_event(world, consultation):
    clause, words = clause_of(world.spec, "honesty"), "must not lie"
    at = version(world.spec, "honesty")
    passages = [NewPassage("In general.\n"), NewPassage("Why must?", clause, Words(at, 0, 0, words))]

    receipt = receive(consultation, sent=Letter(passages, name=" Ana ", organisation="", email="Ana@Example.org"))

    found = Submission.objects.get()
    assert (found.state, found.name, found.consultation, found.is_late) == ("pending", "Ana", consultation, False)
    assert bytes(found.secret_hash) == hashed(receipt.secret)
    rows = Passage.objects.values_list("number", "body", "clause__public_id", "quote")
    assert list(rows) == [(1, "In general.", None, ""), (2, "Why must?", clause.public_id, words)]
    assert SubmissionContact.objects.get().email == "ana@example.org"
    assert Job.objects.get(name="mail_receipt").arguments == {"submission": found.pk}
    event = Event.objects.latest("pk")
    assert (event.kind, event.visibility, event.data) == (
        "submission.received",
        "internal",
        {"submission": found.public_id},
    )


def test_the_same_key_gives_the_same_receipt_and_stores_once(consultation):
    first, again = receive(consultation), receive(consultation)

    assert (again.submission.pk, again.secret) == (first.submission.pk, first.secret)
    assert Submission.objects.count() == Passage.objects.count() == 1
    assert Job.objects.filter(name="mail_receipt").count() == 0


def test_a_lost_receipt_is_given_again_when_the_window_is_long_over(world, consultation):
    first = receive(consultation)
    consultations.move(consultation, verb="close", by=world.owner, now=NOW + timedelta(hours=1))

    again = receive(consultation, now=NOW + timedelta(days=9))

    assert (again.submission.pk, again.secret) == (first.submission.pk, first.secret)


def test_the_same_key_with_other_words_is_refused(consultation, nothing_written):
    receive(consultation)

    with nothing_written(), pytest.raises(Conflict, match="sent already with other words"):
        receive(consultation, sent=letter("Something else."))


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (letter(" "), "body"),
        (letter("x" * 10_001), "body"),
        (letter("a\x00b"), "body"),
        (letter(name="A\nB"), "name"),
        (letter(name="x" * 151), "name"),
        (letter(email="nowhere"), "email"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_names_its_field(consultation, nothing_written, sent, field):
    with nothing_written(), pytest.raises(Invalid) as refusal:
        receive(consultation, sent=sent)

    assert list(refusal.value.fields) == [field]


def test_too_many_points_and_a_missing_key_are_refused(consultation, nothing_written):
    with nothing_written(), pytest.raises(Invalid, match="at most 10 points"):
        receive(consultation, sent=letter(*["One more."] * 11))
    with nothing_written(), pytest.raises(Invalid, match="incomplete"):
        receive(consultation, key="")


def test_what_is_suspicious_is_held_and_never_dropped(consultation):
    assert receive(consultation, is_suspicious=True).submission.state == "held"
    assert Submission.objects.get().state == "held"


def test_with_moderation_afterwards_it_is_published_at_once(world):
    made = consultations.create(world.spec, call=call(moderation="after"), by=world.owner, now=NOW)
    consultations.move(made, verb="open", by=world.owner, now=NOW)

    assert receive(made).submission.state == "accepted"
    assert receive(made, key="another-key-1", is_suspicious=True).submission.state == "held"


# --- the window ---


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [(-1, IllegalMove), (0, False), (59, False), (60, True), (60 + 24 * 60, True), (61 + 24 * 60, IllegalMove)],
)
def test_the_window_decides_and_what_comes_a_little_late_is_marked(world, minutes, outcome):
    window = call(opens_at=NOW, closes_at=NOW + timedelta(hours=1))
    made = consultations.create(world.spec, call=window, by=world.owner, now=NOW - timedelta(days=1))
    consultations.move(made, verb="schedule", by=world.owner, now=NOW - timedelta(days=1))
    moment = NOW + timedelta(minutes=minutes)
    consultations.follow_windows(now=moment)

    if outcome is IllegalMove:
        with pytest.raises(IllegalMove, match="Your text was not sent"):
            receive(made, now=moment)
        assert Submission.objects.count() == 0
    else:
        assert receive(made, now=moment).submission.is_late is outcome


def test_the_window_opens_and_closes_by_itself_and_is_extended(world):
    window = call(opens_at=NOW + timedelta(hours=1), closes_at=NOW + timedelta(hours=2))
    made = consultations.create(world.spec, call=window, by=world.owner, now=NOW)
    consultations.move(made, verb="schedule", by=world.owner, now=NOW)
    states = []
    for hours in (0, 1, 2):
        consultations.follow_windows(now=NOW + timedelta(hours=hours))
        states.append(Consultation.objects.get().state)
    assert states == ["scheduled", "open", "closed"]

    longer = call(opens_at=window.opens_at, closes_at=NOW + timedelta(hours=9))
    now = NOW + timedelta(hours=3)
    version_now = Consultation.objects.get().version
    changed = consultations.change(made, call=longer, expected_version=version_now, by=world.owner, now=now)
    assert changed.state == "open"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"question": ""}, "question"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"moderation": "never"}, "moderation"),
        ({"opens_at": NOW, "closes_at": NOW}, "closes_at"),
    ],
)
def test_a_call_that_cannot_be_is_refused(world, nothing_written, changed, field):
    with nothing_written(), pytest.raises(Invalid) as refusal:
        consultations.create(world.spec, call=call(**changed), by=world.owner, now=NOW)

    assert list(refusal.value.fields) == [field]


def test_a_spec_has_one_permanent_consultation(world, consultation, nothing_written):
    with nothing_written(), pytest.raises(Conflict):
        consultations.create(world.spec, call=call(), by=world.owner, now=NOW, is_permanent=True)


def test_the_second_of_two_who_change_a_consultation_sees_the_first(world, consultation, nothing_written):
    version_now = consultation.version
    consultations.change(consultation, call=call(title="New"), expected_version=version_now, by=world.owner, now=NOW)

    with nothing_written(), pytest.raises(Conflict) as refusal:
        consultations.change(consultation, call=call(), expected_version=version_now, by=world.owner, now=NOW)
    assert refusal.value.fresh.title == "New"


@pytest.mark.parametrize("who", ["editor", "approver", "release_manager", "member", "stranger"])
def test_only_owners_and_moderators_prepare_consultations_and_decide(world, consultation, nothing_written, who):
    person, submission = world.people[who], receive(consultation).submission

    with nothing_written(), pytest.raises(NotAllowed):
        consultations.create(world.spec, call=call(), by=person, now=NOW)
    with nothing_written(), pytest.raises(NotAllowed):
        submissions.decide(submission, verb="accept", by=person, now=NOW)


# --- deciding and withdrawing ---


def test_a_moderator_accepts_holds_and_restricts_with_a_reason(world, consultation):
    submission = receive(consultation).submission
    moderator = world.people["moderator"]
    decide = partial(submissions.decide, submission, by=moderator, now=NOW)

    assert decide(verb="hold").state == "held"
    assert decide(verb="accept").state == "accepted"
    restricted = decide(verb="restrict", restriction="personal_data", reason=" It names a neighbour. ")
    assert (restricted.state, restricted.restriction, restricted.reason) == (
        "restricted",
        "personal_data",
        "It names a neighbour.",
    )
    back = decide(verb="accept")
    assert (back.state, back.restriction, back.reason, back.decided_by) == ("accepted", "", "", moderator)
    assert Event.objects.filter(kind="submission.decided").count() == 4


def test_restricting_needs_a_kind_and_a_reason(world, consultation, nothing_written):
    submission = receive(consultation).submission

    for given in ({"restriction": "", "reason": "No."}, {"restriction": "abusive", "reason": " "}):
        with nothing_written(), pytest.raises(Invalid):
            submissions.decide(submission, verb="restrict", by=world.owner, now=NOW, **given)
    with nothing_written(), pytest.raises(Invalid):
        submissions.decide(submission, verb="delete", by=world.owner, now=NOW)


def test_withdrawing_ends_publication_and_removes_name_and_address(world, consultation):
    submission = receive(consultation, sent=letter(name="Ana", email="ana@example.org")).submission
    submissions.decide(submission, verb="accept", by=world.owner, now=NOW)

    gone = submissions.withdraw(submission, now=NOW)

    assert (gone.state, gone.name, SubmissionContact.objects.count()) == ("withdrawn", "", 0)
    assert Passage.objects.count() == 1
    with pytest.raises(IllegalMove, match="A withdrawn submission can't be withdrawn again"):
        submissions.withdraw(submission, now=NOW)
    with pytest.raises(IllegalMove, match="A withdrawn submission can't be accepted"):
        submissions.decide(submission, verb="accept", by=world.owner, now=NOW)


def test_a_permanent_consultation_is_closed_and_opened_again_by_hand(world, consultation, nothing_written):
    consultations.move(consultation, verb="close", by=world.owner, now=NOW)
    with nothing_written(), pytest.raises(IllegalMove, match="closed"):
        receive(consultation)
    changed = consultations.change(
        consultation, call=call(title="New"), expected_version=consultation.version + 1, by=world.owner, now=NOW
    )
    assert changed.state == "closed"

    assert consultations.move(consultation, verb="extend", by=world.owner, now=NOW).state == "open"
    assert receive(consultation).submission.state == "pending"
