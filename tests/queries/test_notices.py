"""Who is told of an event."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reviews.actions import changes, deliveries, proposals, threads
from reviews.models import Event
from reviews.queries import notices
from reviews.rules.kinds import EventKind
from tests.factories import NOW, make_proposal, make_spec, make_thread, make_user, take_position

pytestmark = pytest.mark.django_db


def test_everybody_whose_position_lapsed_is_told_of_the_next_version() -> None:
    author, approver, earlier, other = (make_user(name) for name in ["Author", "Approver", "Earlier", "Other"])
    roles = {author: ["editor"], approver: ["approver"], earlier: ["member"], other: ["member"]}
    spec = make_spec(members=roles)
    proposal = make_proposal(spec, by=author)
    take_position(proposal, by=earlier, kind="no_objection", reason="It reads well.")
    later = NOW + timedelta(hours=1)
    patch_set = proposals.revise(proposal, by=author, now=later)
    change = patch_set.changes.get()
    saver = changes.Saver(by=author, now=later)
    changes.save(change, source=f"{change.source}\nAnd never otherwise.\n", expected_version=1, saver=saver)
    proposals.submit(proposal, by=author, now=later)
    event = Event.objects.filter(kind=EventKind.PROPOSAL_SUBMITTED).latest("pk")
    assert notices.recipients(event) == [approver, earlier]


def test_who_joined_in_after_an_event_is_not_told_of_it() -> None:
    editor, opener, late = make_user("Editor"), make_user("Opener"), make_user("Late")
    spec = make_spec(members={editor: ["editor"], opener: ["member"], late: ["member"]})
    thread = make_thread(spec, by=opener)
    threads.reply(thread, said=threads.Said(by=late, now=NOW + timedelta(hours=1), body="Me too.", key="1"))
    opened, replied = Event.objects.filter(thread=thread).order_by("pk")
    assert (notices.recipients(opened), notices.recipients(replied)) == ([editor], [editor, opener])


def test_who_got_the_mail_is_left_out() -> None:
    editor, opener, other = make_user("Editor"), make_user("Opener"), make_user("Other")
    spec = make_spec(members={editor: ["editor"], other: ["editor"], opener: ["member"]})
    event = Event.objects.get(thread=make_thread(spec, by=opener))
    deliveries.note(event, editor, now=NOW)
    deliveries.note(event, editor, now=NOW)
    assert notices.undelivered(event) == [other]
