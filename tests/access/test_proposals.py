"""Who sees which proposals and patch sets, and who may change them: everybody × everything, written out."""

import pytest

from reviews.access import proposals as access
from reviews.actions import proposals
from reviews.errors import NotAllowed, NotFound
from tests.factories import NOW, make_spec
from tests.factories.conduct import make_conduct, make_draft, make_proposal

EVERYBODY = (
    "owner",
    "editor",
    "approver",
    "moderator",
    "release_manager",
    "member",
    "stranger",
    "nobody",
    "as public",
)
SEES = {  # the editor wrote them all
    "owner": {"public", "internal", "draft", "internal draft", "rejected", "reopened"},
    "editor": {"public", "internal", "draft", "internal draft", "rejected", "reopened"},
    "approver": {"public", "internal", "rejected", "reopened"},
    "moderator": {"public", "internal", "rejected", "reopened"},
    "release_manager": {"public", "internal", "rejected", "reopened"},
    "member": {"public", "internal", "rejected", "reopened"},
    "stranger": {"public", "rejected", "reopened"},
    "nobody": {"public", "rejected", "reopened"},
    "as public": {"public", "rejected", "reopened"},
}


@pytest.fixture
def shelf(world):
    """A proposal of every kind, by its title."""
    by = world.editor
    made = [
        make_proposal(world.spec, by=by, title="public"),
        make_proposal(world.spec, by=by, title="internal", visibility="internal"),
        make_draft(world.spec, by=by, title="draft"),
        make_draft(world.spec, by=by, title="internal draft", visibility="internal"),
        make_proposal(world.spec, by=by, title="rejected"),
        make_proposal(world.spec, by=by, title="reopened"),
    ]
    for proposal in made[4:]:
        proposals.reject(proposal, reason="No", by=world.owner, now=NOW)
    proposals.reopen(made[5], grounds="New", by=by, now=NOW)
    make_proposal(make_conduct({by: "editor"}), by=by, title="elsewhere")
    return {proposal.title: proposal for proposal in made}


@pytest.mark.parametrize("who", EVERYBODY)
def test_list_and_single_look_agree_with_the_table(shelf, standing, who):
    listed = set(access.visible_proposals(standing(who)).values_list("title", flat=True))
    opened = set()
    for _title, proposal in shelf.items():
        try:
            opened.add(access.get_visible(standing(who), proposal.public_id).title)
        except NotFound:
            continue

    assert listed == opened == SEES[who]


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_patch_set_being_written_is_for_editors(world, standing, who):
    proposal = make_proposal(world.spec, by=world.editor)
    proposals.revise(proposal, by=world.editor, now=NOW)

    seen = list(access.visible_patch_sets(standing(who), proposal).values_list("number", flat=True))

    assert seen == ([1, 2] if who in {"owner", "editor"} else [1])


MAY = {  # edit, withdraw, take a position on a proposal of the editor
    "owner": (True, False, True),
    "editor": (True, True, False),
    "second": (True, False, True),
    "approver": (False, False, True),
    "moderator": (False, False, True),
    "release_manager": (False, False, True),
    "member": (False, False, True),
    "stranger": (False, False, False),
    "nobody": (False, False, False),
    "as public": (False, False, False),
}


@pytest.mark.parametrize("who", MAY)
def test_who_may_do_what_to_it(world, standing, who):
    proposal, found = make_proposal(world.spec, by=world.editor), standing(who)

    assert (
        access.can_edit(found, proposal),
        access.can_withdraw(found, proposal),
        access.can_take_position(found, proposal),
    ) == MAY[who]


@pytest.mark.parametrize("who", MAY)
def test_the_checks_raise_where_the_questions_say_no(world, standing, who):
    proposal, found = make_proposal(world.spec, by=world.editor), standing(who)
    for check, allowed in ((access.check_edit, MAY[who][0]), (access.check_take_position, MAY[who][2])):
        if allowed:
            assert check(found, proposal) is None
        else:
            with pytest.raises(NotAllowed):
                check(found, proposal)


def test_a_proposal_of_another_spec_is_not_there(world, standing):
    elsewhere = make_draft(make_spec(members={world.editor: ["editor"]}), by=world.editor)

    with pytest.raises(NotFound):
        access.get_visible(standing("editor"), elsewhere.public_id)
    assert access.can_edit(standing("editor"), elsewhere) is False


def test_nobody_may_anything_in_an_archived_spec(world, standing):
    proposal = make_proposal(world.spec, by=world.editor)
    world.spec.archived_at = NOW

    found = standing("editor")

    assert (access.can_edit(found, proposal), access.can_withdraw(found, proposal)) == (False, False)
