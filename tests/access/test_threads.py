"""Who sees which threads and events; what outsiders get does not depend on anything internal."""

import pytest

from reviews.access import events as event_access
from reviews.access import threads as access
from reviews.actions import proposals, threads
from reviews.errors import NotFound
from reviews.models import Event
from tests.factories import NOW, make_thread
from tests.factories.conduct import edit, make_draft, make_proposal

INSIDERS = ("owner", "editor", "approver", "moderator", "release_manager", "member")
OUTSIDERS = ("stranger", "nobody", "as public")


@pytest.fixture
def shelf(world):
    """A thread of every kind, by its first words."""
    public = make_proposal(world.spec, by=world.editor)
    internal = make_proposal(world.spec, by=world.editor, visibility="internal")
    draft = make_draft(world.spec, by=world.editor)
    return {
        "clause, public": make_thread(world.spec, by=world.member, about="honesty"),
        "clause, internal": make_thread(world.spec, by=world.member, about="honesty", visibility="internal"),
        "proposal, public": make_thread(world.spec, by=world.member, about=public),
        "proposal, internal": make_thread(world.spec, by=world.member, about=public, visibility="internal"),
        "internal proposal": make_thread(world.spec, by=world.member, about=internal, visibility="internal"),
        "draft": make_thread(world.spec, by=world.editor, about=draft),
    }


SEEN = {
    "owner": {
        "clause, public",
        "clause, internal",
        "proposal, public",
        "proposal, internal",
        "internal proposal",
        "draft",
    },
    "member": {"clause, public", "clause, internal", "proposal, public", "proposal, internal", "internal proposal"},
    "stranger": {"clause, public", "proposal, public"},
}
SEEN |= {"editor": SEEN["owner"]} | dict.fromkeys(OUTSIDERS, SEEN["stranger"])
SEEN |= dict.fromkeys(("approver", "moderator", "release_manager"), SEEN["member"])


@pytest.mark.parametrize("who", [*INSIDERS, *OUTSIDERS])
def test_list_and_single_look_agree_with_the_table(shelf, standing, who):
    rows = set(access.visible_threads(standing(who)))
    listed = {name for name, thread in shelf.items() if thread in rows}
    opened = set()
    for name, thread in shelf.items():
        try:
            access.get_visible(standing(who), thread.public_id)
            opened.add(name)
        except NotFound:
            continue

    assert listed == opened == SEEN[who]


@pytest.mark.parametrize("who", [*INSIDERS, *OUTSIDERS])
def test_only_those_who_answer_threads_and_who_opened_it_may_move_it(shelf, standing, who):
    may = access.can_move(standing(who), shelf["clause, public"])

    assert may is (who in {"owner", "editor", "moderator", "member"})


def test_outsiders_are_told_of_nothing_internal(world, shelf, standing):
    before = list(event_access.visible_events(standing("nobody")).values_list("pk", flat=True))
    hidden = make_proposal(world.spec, by=world.editor, visibility="internal")
    make_thread(world.spec, by=world.member, about=hidden, visibility="internal")
    make_thread(world.spec, by=world.member, about="honesty", visibility="internal")
    draft = make_draft(world.spec, by=world.editor)
    make_thread(world.spec, by=world.editor, about=draft)
    threads.move(shelf["clause, internal"], verb="resolve", by=world.editor, now=NOW)

    for who in OUTSIDERS:
        assert list(event_access.visible_events(standing(who)).values_list("pk", flat=True)) == before
    assert Event.objects.count() > len(before) + 5


def test_a_thread_on_a_draft_appears_with_its_submission(world, shelf, standing):
    draft = shelf["draft"].proposal
    edit(draft, "manner", "brief", "short", by=world.editor)
    proposals.submit(draft, by=world.editor, now=NOW)

    assert shelf["draft"] in set(access.visible_threads(standing("nobody")))
    kinds = set(event_access.visible_events(standing("nobody")).filter(proposal=draft).values_list("kind", flat=True))
    assert kinds == {"proposal.submitted"}
