"""Two real connections at once: whoever comes second sees what the first did."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from reviews.actions import (
    changes,
    comments,
    consultations,
    merging,
    people,
    positions,
    proposals,
    submissions,
    threads,
    uploads,
)
from reviews.actions.changes import Saver
from reviews.actions.submissions import Letter, NewPassage
from reviews.actions.threads import About, Said
from reviews.errors import Refusal
from reviews.models import Change, Comment, Event, Position, Proposal, Revision, Submission
from reviews.queries.clauses import document
from reviews.rules.kinds import EventKind
from tests.actions.conftest import make_world
from tests.factories import NOW
from tests.factories.conduct import clause_of, edit, make_draft, make_proposal, support
from tests.factories.specs import version

ROUNDS = 8

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db, broker_url):
    return make_world()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act on a connection of its own, all at the same moment; its result, or the refusal it met."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(n: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            results[n] = act()
        except Exception as problem:
            results[n] = problem
        finally:
            connection.close()

    workers = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    unexpected = [one for one in results if isinstance(one, Exception) and not isinstance(one, Refusal)]
    assert unexpected == []
    return results


def refused(results: list[Any]) -> int:
    return sum(isinstance(one, Refusal) for one in results)


def approved(world, *edits):
    proposal = make_proposal(world.spec, *edits, by=world.editor)
    support(proposal, world.approver, world.other)
    return proposal


def merge(world, proposal, by=None):
    return lambda: merging.merge(Proposal.objects.get(pk=proposal.pk), by=by or world.editor, now=NOW)


def test_two_merges_of_one_proposal(world):
    for number in range(ROUNDS):
        proposal = approved(world, ("manner", f"be kind{'!' * number}.", f"be kind{'!' * (number + 1)}."))

        results = at_once(merge(world, proposal), merge(world, proposal, world.second))

        assert refused(results) == 1
        assert Revision.objects.filter(proposal=proposal).count() == 1
        assert Event.objects.filter(proposal=proposal, kind=EventKind.PROPOSAL_MERGED).count() == 1


def test_two_proposals_on_one_clause(world):
    for number in range(ROUNDS):
        old = f"be kind{'!' * number}."
        first = approved(world, ("manner", old, f"be kind{'!' * (number + 1)}."))
        second = approved(world, ("manner", old, f"be kind{'!' * (number + 1)}."))

        results = at_once(merge(world, first), merge(world, second))

        assert refused(results) == 1
        assert Revision.objects.filter(proposal__in=[first, second]).count() == 1


def test_a_role_is_taken_away_while_its_support_is_needed(world):
    for number in range(ROUNDS):
        proposal = approved(world, ("honesty", f"to anybody{'!' * number}.", f"to anybody{'!' * (number + 1)}."))

        merged, _ = at_once(
            merge(world, proposal),
            lambda: people.change_roles(world.spec, user=world.other, roles=["member"], by=world.owner, now=NOW),
        )

        assert_order(proposal, merged, EventKind.MEMBER_CHANGED)
        people.change_roles(world.spec, user=world.other, roles=["approver"], by=world.owner, now=NOW)
        if isinstance(merged, Refusal):
            merging.merge(proposal, by=world.editor, now=NOW)


def test_a_role_is_taken_away_from_who_merges(world):
    for number in range(ROUNDS):
        proposal = approved(world, ("manner", f"be kind{'!' * number}.", f"be kind{'!' * (number + 1)}."))

        merged, _ = at_once(
            merge(world, proposal, world.second),
            lambda: people.change_roles(world.spec, user=world.second, roles=["member"], by=world.owner, now=NOW),
        )

        assert_order(proposal, merged, EventKind.MEMBER_CHANGED)
        people.change_roles(world.spec, user=world.second, roles=["editor"], by=world.owner, now=NOW)
        if isinstance(merged, Refusal):
            merging.merge(proposal, by=world.editor, now=NOW)


def assert_order(proposal, merged, other):
    """The merge was refused exactly when the other act came first."""
    order = Event.objects.filter(kind__in=[EventKind.PROPOSAL_MERGED, other]).order_by("-pk")
    newest = order.first()
    was_merged = Revision.objects.filter(proposal=proposal).exists()
    assert was_merged is (not isinstance(merged, Refusal))
    assert (newest.kind == other) is was_merged or not was_merged


def test_a_concern_and_a_merge(world):
    for number in range(ROUNDS):
        proposal = approved(world, ("manner", f"be kind{'!' * number}.", f"be kind{'!' * (number + 1)}."))

        merged, concern = at_once(
            merge(world, proposal),
            lambda one=proposal: positions.take(
                one, kind="concern", patch_set=1, by=world.member, now=NOW, reason="Wait"
            ),
        )

        assert isinstance(merged, Refusal) is isinstance(concern, Position)
        if isinstance(merged, Refusal):
            positions.take(proposal, kind="abstain", patch_set=1, by=world.member, now=NOW)
            merging.merge(proposal, by=world.editor, now=NOW)


def test_a_new_patch_set_and_a_merge(world):
    for number in range(ROUNDS):
        old = f"be kind{'!' * number}."
        proposal = approved(world, ("manner", old, f"be kind{'!' * (number + 1)}."))
        proposals.revise(proposal, by=world.editor, now=NOW)
        # Words that change, or the supports would carry over and both might come to pass, one after the other.
        before, after = ("brief", "short") if "brief" in version(world.spec, "manner").source else ("short", "brief")
        edit(proposal, "manner", before, after, by=world.editor)

        merged, submitted = at_once(
            merge(world, proposal),
            lambda one=proposal: proposals.submit(one, by=world.editor, now=NOW),
        )

        assert isinstance(merged, Refusal) is not isinstance(submitted, Refusal)
        if isinstance(merged, Refusal):
            support(proposal, world.approver)
            merging.merge(proposal, by=world.editor, now=NOW)


def test_two_people_save_one_clause(world):
    proposal = make_draft(world.spec, by=world.editor)
    change = edit(proposal, "manner", "brief", "short", by=world.editor)
    for _ in range(ROUNDS):
        change = Change.objects.get(pk=change.pk)

        def save(person, words, version=change.version, change=change):
            source = f"## Manner {{#manner authority=guideline}}\n\n{words}\n\n"
            return lambda: changes.save(change, source=source, expected_version=version, saver=Saver(person, NOW))

        results = at_once(save(world.editor, "One."), save(world.second, "Two."))

        assert refused(results) == 1
        assert Change.objects.get(pk=change.pk).version == change.version + 1


def test_two_open_the_next_patch_set(world):
    for _ in range(ROUNDS):
        proposal = make_proposal(world.spec, by=world.editor)

        at_once(*[partial(proposals.revise, proposal, by=by, now=NOW) for by in (world.editor, world.second)])

        assert list(proposal.patch_sets.values_list("number", flat=True)) == [1, 2]


def test_one_comment_sent_twice_at_once_is_stored_once(world):
    about = About(clause=clause_of(world.spec, "honesty"))
    for number in range(ROUNDS):
        said = Said(by=world.member, now=NOW, body="Why?", key=f"key-{number}")

        results = at_once(*[partial(threads.open_thread, world.spec, about=about, said=said, visibility="public")] * 3)

        assert len({thread.pk for thread in results}) == 1
        assert Comment.objects.filter(idempotency_key=said.key).count() == 1


def test_two_moves_of_one_thread(world):
    for number in range(ROUNDS):
        said = Said(by=world.member, now=NOW, body="Why?", key=f"key-{number}")
        about = About(clause=clause_of(world.spec, "honesty"))
        thread = threads.open_thread(world.spec, about=about, said=said, visibility="public")

        results = at_once(
            lambda one=thread: threads.move(one, verb="resolve", by=world.editor, now=NOW),
            lambda one=thread: threads.move(one, verb="decline", by=world.second, now=NOW, reason="No"),
        )

        assert refused(results) == 1


def test_an_edit_and_a_withdrawal_of_one_comment(world):
    about = About(clause=clause_of(world.spec, "honesty"))
    for number in range(ROUNDS):
        said = Said(by=world.member, now=NOW, body="Why?", key=f"key-{number}")
        comment = threads.open_thread(world.spec, about=about, said=said, visibility="public").comments.get()

        edited, withdrawn = at_once(
            partial(comments.edit, comment, body="Why not?", by=world.member, now=NOW),
            partial(comments.withdraw, comment, by=world.member, now=NOW),
        )

        assert not isinstance(withdrawn, Refusal)
        found = Comment.objects.get(pk=comment.pk)
        assert (found.body, found.withdrawn_at) == ("Withdrawn by its author.", NOW)
        kept = ["Why?"] if isinstance(edited, Refusal) else ["Why?", "Why not?"]
        assert list(found.earlier_versions.values_list("body", flat=True)) == kept


def test_two_edits_of_one_comment_keep_both_texts(world):
    about = About(clause=clause_of(world.spec, "honesty"))
    for number in range(ROUNDS):
        said = Said(by=world.member, now=NOW, body="Why?", key=f"key-{number}")
        comment = threads.open_thread(world.spec, about=about, said=said, visibility="public").comments.get()

        at_once(*[partial(comments.edit, comment, body=body, by=world.member, now=NOW) for body in ("One", "Two")])

        found = Comment.objects.get(pk=comment.pk)
        kept = list(found.earlier_versions.values_list("body", flat=True))
        assert (kept[0], {kept[1], found.body}) == ("Why?", {"One", "Two"})


def test_one_upload_decided_on_twice_at_once_is_one_proposal(world):
    for _ in range(ROUNDS):
        before = Proposal.objects.count()
        source = document(world.spec, world.spec.head).replace("must not lie", "must never lie").encode()
        kept = uploads.keep(world.spec, name="new.md", content=source, images={}, by=world.editor, now=NOW)
        decide = partial(uploads.propose_kept, kept, uploads.Decision(), by=world.editor, now=NOW)

        results = at_once(decide, decide, decide)

        assert len({proposal.pk for proposal in results}) == 1
        assert Proposal.objects.count() == before + 1


def test_one_upload_imported_twice_at_once_is_one_revision(world):
    for turn in range(ROUNDS):
        source = document(world.spec, world.spec.head) + f"\nRound {turn}.\n"
        kept = uploads.keep(world.spec, name="new.md", content=source.encode(), images={}, by=world.owner, now=NOW)
        decision = uploads.Decision(reason="A printed copy is out.")
        decide = partial(uploads.import_kept, kept, decision, by=world.owner, now=NOW)

        results = at_once(decide, decide)

        assert sum(one is not None for one in results) == 1
        world.spec.refresh_from_db()


def made_consultation(world, *, opened_at=NOW):
    call = consultations.Call(title="What is missing?", question="Tell us.")
    made = consultations.create(world.spec, call=call, by=world.owner, now=NOW)
    return consultations.move(made, verb="open", by=world.owner, now=opened_at)


def test_one_letter_sent_many_times_at_once_is_stored_once_and_gives_one_receipt(world):
    consultation, letter = made_consultation(world), Letter([NewPassage("Say it more plainly.")], email="a@example.org")
    for turn in range(ROUNDS):
        send = partial(submissions.receive, consultation, letter=letter, key=f"key-{turn:08}", now=NOW)

        results = at_once(*[send] * 8)

        assert len({(receipt.submission.pk, receipt.secret) for receipt in results}) == 1
        assert Submission.objects.count() == turn + 1


def test_two_moderators_decide_one_submission_one_after_the_other(world):
    consultation = made_consultation(world)
    for turn in range(ROUNDS):
        letter = Letter([NewPassage("Say it more plainly.")])
        sent = submissions.receive(consultation, letter=letter, key=f"key-{turn:08}", now=NOW).submission
        accept = partial(submissions.decide, sent, verb="accept", by=world.owner, now=NOW)

        results = at_once(accept, accept)

        assert refused(results) == 1
        assert Event.objects.filter(kind=EventKind.SUBMISSION_DECIDED).count() == turn + 1


def test_a_window_that_closes_under_submissions_leaves_none_unmarked(world):
    letter, late = Letter([NewPassage("Say it more plainly.")]), NOW + timedelta(minutes=1)
    for turn in range(ROUNDS):
        consultation = made_consultation(world, opened_at=NOW - timedelta(hours=1))
        send = partial(submissions.receive, consultation, letter=letter, key=f"key-{turn:08}", now=late)
        close = partial(consultations.move, consultation, verb="close", by=world.owner, now=NOW)

        at_once(send, close)

        stored = Submission.objects.get(consultation=consultation)
        first = Event.objects.filter(kind=EventKind.SUBMISSION_RECEIVED).latest("pk")
        closed = Event.objects.filter(kind=EventKind.CONSULTATION_CHANGED).latest("pk")
        assert stored.is_late is (closed.pk < first.pk)
