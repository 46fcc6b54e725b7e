"""Messages: who gets one, what it says, and that a second attempt changes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from reviews.actions import comments, merging, people, proposals, releases, threads
from reviews.jobs import JobName, Unfinished, enqueue
from reviews.mail import messages, operator
from reviews.models import Event, Job, Membership, Proposal, Spec, User
from reviews.queries import notices
from reviews.rules.kinds import EventKind
from tests.factories import NOW, add_member, make_proposal, make_spec, make_thread, make_user, take_position

pytestmark = pytest.mark.django_db


HANDLERS = {
    JobName.MAIL_EVENT: messages.send_event,
    JobName.MAIL_INVITATION: messages.send_invitation,
    JobName.MAIL_PASSWORD_RESET: messages.send_password_reset,
}


def run_mail_jobs() -> None:
    """Run every mail job that waits."""
    for job in Job.objects.filter(name__in=HANDLERS, done_at=None).order_by("pk"):
        HANDLERS[JobName(job.name)](**job.arguments)
        Job.objects.filter(pk=job.pk).update(done_at=timezone.now())


def told() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


@pytest.fixture
def team() -> dict[str, User]:
    names = ["editor", "author", "approver", "member"]
    return {name: make_user(name.title(), email=f"{name}@example.org") for name in names}


@pytest.fixture
def spec(team: dict[str, User]) -> Spec:
    roles = {"editor": ["editor"], "author": ["editor"], "approver": ["approver"], "member": ["member"]}
    return make_spec(title="Aster", slug="aster", members={team[name]: given for name, given in roles.items()})


def test_a_submitted_proposal_is_told_to_approvers(spec: Spec, team: dict[str, User]) -> None:
    proposal = make_proposal(spec, by=team["author"], title="Say it better", rationale="Because <people> & “words”.")
    # A title from before titles were checked.
    Proposal.objects.filter(pk=proposal.pk).update(title="Say\nit \u202ebetter\u202c")
    run_mail_jobs()
    assert told() == ["approver@example.org"]
    [message] = mail.outbox
    assert message.subject == "[Aster] Author asks for your review: Say it better"
    assert "Because <people> & “words”." in message.body
    assert f"/aster/proposals/{proposal.public_id}/" in message.body


def test_positions_merging_and_rejection_are_told_to_the_author_and_to_who_took_positions(
    spec: Spec, team: dict[str, User]
) -> None:
    proposal = make_proposal(spec, by=team["author"])
    take_position(proposal, by=team["member"], kind="no_objection", reason="It reads well.")
    take_position(proposal, by=team["approver"])
    Job.objects.filter(arguments__event=Event.objects.get(kind=EventKind.PROPOSAL_SUBMITTED).pk).delete()
    run_mail_jobs()
    assert told() == ["approver@example.org", "author@example.org", "author@example.org", "member@example.org"]
    assert "version 1: no objection." in mail.outbox[0].body
    assert "It reads well." in mail.outbox[0].body
    mail.outbox.clear()
    merging.merge(proposal, by=team["editor"], now=NOW)
    run_mail_jobs()
    assert told() == ["approver@example.org", "author@example.org", "member@example.org"]
    mail.outbox.clear()
    other = make_proposal(spec, by=team["author"], edits={"stay_calm": ("calm", "warm")})
    proposals.reject(other, reason="Calm is meant.", by=team["approver"], now=NOW)
    Job.objects.filter(arguments__event=Event.objects.filter(kind=EventKind.PROPOSAL_SUBMITTED).last().pk).delete()
    run_mail_jobs()
    assert told() == ["author@example.org"]
    assert "Calm is meant." in mail.outbox[0].body


def test_a_thread_on_a_clause_is_told_to_its_participants_and_the_editors(spec: Spec, team: dict[str, User]) -> None:
    thread = make_thread(spec, by=team["member"], quote="does not lie", body="Never?")
    run_mail_jobs()
    assert told() == ["author@example.org", "editor@example.org"]
    assert "> does not lie\n\nNever?" in mail.outbox[0].body
    mail.outbox.clear()
    threads.reply(thread, said=threads.Said(by=team["editor"], now=NOW, body="Never.", key=str(uuid4())))
    run_mail_jobs()
    assert told() == ["author@example.org", "member@example.org"]


def test_a_thread_on_a_proposal_is_told_to_its_author(spec: Spec, team: dict[str, User]) -> None:
    proposal = make_proposal(spec, by=team["author"])
    run_mail_jobs()
    mail.outbox.clear()
    make_thread(spec, by=team["member"], about=proposal)
    run_mail_jobs()
    assert told() == ["author@example.org"]


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("address", "Editor marked this thread as addressed on "),
        ("resolve", "Editor resolved this thread on "),
        ("decline", "Editor declined this thread on "),
    ],
)
def test_a_change_of_status_is_told_to_the_people_in_the_thread(
    spec: Spec, team: dict[str, User], verb: str, said: str
) -> None:
    thread = make_thread(spec, by=team["member"], quote="does not lie")
    threads.reply(thread, said=threads.Said(by=team["approver"], now=NOW, body="I wonder too.", key="1"))
    run_mail_jobs()
    mail.outbox.clear()
    threads.move(thread, verb=verb, reason="See the next clause.", by=team["editor"], now=NOW)
    run_mail_jobs()
    assert told() == ["approver@example.org", "member@example.org"]
    body = mail.outbox[0].body
    assert f"{said}{NOW:%-d %B %Y}, on “Be honest”.\n\n> does not lie\n\nSee the next clause.\n" in body
    assert f"/aster/threads/{thread.public_id}/" in body
    mail.outbox.clear()
    threads.move(thread, verb="reopen", by=team["member"], now=NOW)
    run_mail_jobs()
    assert told() == ["approver@example.org"]
    assert mail.outbox[0].subject == "[Aster] Member reopened a thread: Be honest"


def test_the_proposal_that_addresses_a_thread_is_named_to_those_who_may_know_of_it(
    spec: Spec, team: dict[str, User]
) -> None:
    outsider = team["member"]
    thread = make_thread(spec, by=outsider)
    threads.reply(thread, said=threads.Said(by=team["approver"], now=NOW, body="I wonder too.", key="1"))
    Membership.objects.filter(user=outsider).delete()
    secret = make_proposal(spec, by=team["author"], title="Under embargo", visibility="internal")
    run_mail_jobs()
    mail.outbox.clear()
    threads.move(thread, verb="address", proposal=secret, by=team["editor"], now=NOW)
    run_mail_jobs()
    named = {message.to[0]: "Under embargo" in message.body for message in mail.outbox}
    assert named == {"approver@example.org": True, "member@example.org": False}


def test_a_comment_that_was_withdrawn_before_its_mail_is_told_to_nobody(spec: Spec, team: dict[str, User]) -> None:
    thread = make_thread(spec, by=team["member"])
    comments.withdraw(thread.comments.get(), by=team["member"], now=NOW)
    run_mail_jobs()
    assert mail.outbox == []


def test_a_release_is_told_to_all_members_but_who_published_it(spec: Spec, team: dict[str, User]) -> None:
    manager = make_user("Lin", email="lin@example.org")
    add_member(spec, manager, "release_manager")
    release = releases.assemble(spec, label="2026-12", by=manager, now=NOW)
    releases.publish(release, by=manager, now=NOW)
    run_mail_jobs()
    assert told() == ["approver@example.org", "author@example.org", "editor@example.org", "member@example.org"]
    assert mail.outbox[0].subject == "[Aster] Published: 2026-12"


def test_internal_words_reach_only_those_who_may_see_them_when_it_is_sent(spec: Spec, team: dict[str, User]) -> None:
    thread = make_thread(spec, by=team["member"], visibility="internal", body="Between us.")
    threads.reply(thread, said=threads.Said(by=team["author"], now=NOW, body="And us.", key="1"))
    threads.reply(thread, said=threads.Said(by=team["member"], now=NOW, body="Yes.", key="2"))
    Membership.objects.filter(user__in=[team["editor"], team["author"]]).delete()
    run_mail_jobs()
    assert told() == ["member@example.org"]


def test_public_words_reach_somebody_who_left_until_the_spec_is_internal(spec: Spec, team: dict[str, User]) -> None:
    thread = make_thread(spec, by=team["member"])
    run_mail_jobs()
    Membership.objects.filter(user=team["member"]).delete()
    mail.outbox.clear()
    threads.reply(thread, said=threads.Said(by=team["editor"], now=NOW, body="One.", key="1"))
    run_mail_jobs()
    assert told() == ["author@example.org", "member@example.org"]
    mail.outbox.clear()
    Spec.objects.update(visibility="internal")
    threads.reply(thread, said=threads.Said(by=team["editor"], now=NOW, body="Two.", key="2"))
    run_mail_jobs()
    assert told() == ["author@example.org"]


def test_closed_accounts_get_nothing(spec: Spec, team: dict[str, User]) -> None:
    User.objects.filter(pk=team["approver"].pk).update(is_active=False)
    make_proposal(spec, by=team["author"])
    run_mail_jobs()
    assert told() == []


def test_a_second_attempt_sends_nothing_twice_and_has_the_same_message_id(spec: Spec, team: dict[str, User]) -> None:
    make_proposal(spec, by=team["author"])
    event = Event.objects.get(kind=EventKind.PROPOSAL_SUBMITTED)
    run_mail_jobs()
    messages.send_event(event=event.pk)
    run_mail_jobs()
    assert len(mail.outbox) == 1
    messages.send_event(event=event.pk, recipient=team["approver"].pk)
    first, second = mail.outbox
    assert first.extra_headers == second.extra_headers
    assert first.extra_headers["Message-ID"].startswith(f"<{event.public_id}.{team['approver'].public_id}@")


class PartlyRefusingBackend(EmailBackend):
    """A mail server that answers as `replies` says for each address, and takes all else."""

    replies: ClassVar[dict[str, Exception]] = {}

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if error := self.replies.get(message.to[0]):
                raise error
        return int(super().send_messages(email_messages))


@pytest.fixture
def replies(settings: Any) -> dict[str, Exception]:
    settings.EMAIL_BACKEND = "tests.mail.test_messages.PartlyRefusingBackend"
    PartlyRefusingBackend.replies.clear()
    return PartlyRefusingBackend.replies


@pytest.fixture
def published(spec: Spec, team: dict[str, User]) -> Event:
    """The event of a release, which concerns all four members."""
    release = releases.assemble(spec, label="1", by=(by := make_manager(spec)), now=NOW)
    releases.publish(release, by=by, now=NOW)
    return Event.objects.get(kind=EventKind.RELEASE_PUBLISHED)


def make_manager(spec: Spec) -> User:
    add_member(spec, manager := make_user("Lin", email="lin@example.org"), "release_manager")
    return manager


@pytest.mark.parametrize(
    "reply",
    [
        SMTPRecipientsRefused({"author@example.org": (450, b"mailbox busy")}),
        SMTPDataError(451, b"local error"),
        ValueError("not an address"),
    ],
)
def test_one_refused_message_keeps_nobody_else_from_theirs_and_is_tried_again(
    published: Event, replies: dict[str, Exception], reply: Exception
) -> None:
    replies["author@example.org"] = reply
    with pytest.raises(type(reply)):
        messages.send_event(event=published.pk)
    assert told() == ["approver@example.org", "editor@example.org", "member@example.org"]
    replies.clear()
    messages.send_event(event=published.pk)
    messages.send_event(event=published.pk)
    assert told() == ["approver@example.org", "author@example.org", "editor@example.org", "member@example.org"]


def test_an_address_that_is_refused_for_good_is_left(published: Event, replies: dict[str, Exception]) -> None:
    replies["author@example.org"] = SMTPRecipientsRefused({"author@example.org": (550, b"no such user")})
    messages.send_event(event=published.pk)
    replies.clear()
    messages.send_event(event=published.pk)
    assert told() == ["approver@example.org", "editor@example.org", "member@example.org"]


def test_a_lost_connection_ends_the_attempt_and_the_next_goes_on_where_it_ended(
    published: Event, replies: dict[str, Exception]
) -> None:
    first = notices.undelivered(published)[1]
    replies[first.email] = SMTPServerDisconnected("gone")
    with pytest.raises(SMTPServerDisconnected):
        messages.send_event(event=published.pk)
    assert len(mail.outbox) == 1
    replies.clear()
    messages.send_event(event=published.pk)
    assert told() == ["approver@example.org", "author@example.org", "editor@example.org", "member@example.org"]


def test_a_long_list_is_sent_in_slices(published: Event, settings: Any) -> None:
    settings.JOB_SWEEP_SECONDS = -1
    with pytest.raises(Unfinished):
        messages.send_event(event=published.pk)
    settings.JOB_SWEEP_SECONDS = 60
    messages.send_event(event=published.pk)
    assert len(told()) == 4


def test_the_operator_gets_one_mail_about_all_failed_jobs(settings: Any) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    for number in range(3):
        enqueue(JobName.STORE_PAGES, key=str(number), now=NOW, secret="hidden")
    Job.objects.filter(key__endswith=":2").update(done_at=NOW)
    Job.objects.filter(done_at=None).update(failed_at=NOW, reported_at=NOW, last_error="no space left")
    operator.send_report(jobs=list(Job.objects.values_list("pk", flat=True)))
    [message] = mail.outbox
    assert (message.to, message.subject) == (["operator@example.org"], "2 jobs failed")
    assert "store_pages:0" in message.body
    assert "no space left" in message.body
    assert "hidden" not in message.body
    Job.objects.update(failed_at=None)
    operator.send_report(jobs=list(Job.objects.values_list("pk", flat=True)))
    assert len(mail.outbox) == 1


def test_an_invitation_is_mailed_with_its_link_while_it_is_open(spec: Spec, team: dict[str, User]) -> None:
    add_member(spec, owner := make_user("Olga"), "owner")
    now = timezone.now()
    made, secret = people.invite(spec, email="new@example.org", roles=["editor", "approver"], by=owner, now=now)
    run_mail_jobs()
    [message] = mail.outbox
    assert (message.to, message.subject) == (["new@example.org"], "Olga invites you to Aster")
    assert f"/invitations/{secret}/" in message.body
    assert "as approver, editor." in message.body
    people.revoke_invitation(made, by=owner, now=now)
    messages.send_invitation(invitation=made.pk)
    assert len(mail.outbox) == 1


def test_an_expired_invitation_is_not_mailed(spec: Spec) -> None:
    add_member(spec, owner := make_user("Olga"), "owner")
    long_ago = timezone.now() - timedelta(days=30)
    people.invite(spec, email="new@example.org", roles=["editor"], by=owner, now=long_ago)
    run_mail_jobs()
    assert mail.outbox == []


def test_a_password_reset_is_mailed_once_a_minute_to_active_accounts(spec: Spec) -> None:
    user = make_user("Ana", email="ana@example.org")
    for address in ["ANA@example.org ", "ana@example.org", "nobody@example.org"]:
        people.ask_password_reset(address, now=NOW)
    run_mail_jobs()
    [message] = mail.outbox
    assert message.to == ["ana@example.org"]
    assert re.search(r"/password/\w+/[\w-]+/\n", message.body)
    User.objects.filter(pk=user.pk).update(is_active=False)
    messages.send_password_reset(user=user.pk)
    assert len(mail.outbox) == 1
