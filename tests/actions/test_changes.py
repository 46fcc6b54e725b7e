"""Editing a patch set clause by clause: what is stored, who becomes a co-author, and the second of two who save."""

import pytest

from reviews.access.proposals import writers
from reviews.actions import changes, merging, proposals
from reviews.actions.changes import Saver
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from reviews.models import Change
from tests.factories import NOW
from tests.factories.conduct import clause_of, edit, later, make_conduct, make_draft, make_proposal, support
from tests.factories.specs import version


def saver(person):
    return Saver(person, NOW)


def open_honesty(world, proposal=None):
    proposal = proposal or make_draft(world.spec, by=world.editor)
    return changes.open_clause(proposal, clause_of(world.spec, "honesty"), saver=saver(world.editor))


def stored(change):
    return Change.objects.get(pk=change.pk)


def test_opening_takes_the_clause_as_it_stands(world):
    change = open_honesty(world)

    current = version(world.spec, "honesty")
    assert (change.kind, change.clause, change.base_version, change.source, change.version, change.placed) == (
        "edit",
        current.clause,
        current,
        current.source,
        1,
        False,
    )
    assert open_honesty(world, change.patch_set.proposal) == change


def test_opening_a_clause_of_another_spec_is_refused(world, nothing_written):
    proposal, other = make_draft(world.spec, by=world.editor), make_conduct()

    with nothing_written(), pytest.raises(NotFound):
        changes.open_clause(proposal, clause_of(other, "honesty"), saver=saver(world.editor))


def test_saving_counts_and_keeps_who_and_when(world):
    change = open_honesty(world)

    changes.save(
        change, source="## Honesty {#honesty}\n\nNew.\n", expected_version=1, saver=Saver(world.second, later())
    )

    assert (stored(change).source, stored(change).version, stored(change).saved_by) == (
        "## Honesty {#honesty}\n\nNew.\n",
        2,
        world.second,
    )


def test_the_second_of_two_who_save_sees_the_first_and_overwrites_nothing(world, nothing_written):
    change = open_honesty(world)
    changes.save(change, source="## A {#honesty}\n", expected_version=1, saver=saver(world.second))

    with nothing_written(), pytest.raises(Conflict) as refusal:
        changes.save(change, source="## B {#honesty}\n", expected_version=1, saver=saver(world.editor))

    assert (refusal.value.fresh.source, refusal.value.fresh.saved_by) == ("## A {#honesty}\n", world.second)
    assert stored(change).source == "## A {#honesty}\n"


def test_the_same_text_sent_twice_is_no_conflict_and_no_second_save(world, nothing_written):
    change = open_honesty(world)
    changes.save(change, source="## A {#honesty}\n", expected_version=1, saver=saver(world.editor))

    with nothing_written():
        again = changes.save(change, source="## A {#honesty}\r\n", expected_version=1, saver=saver(world.editor))

    assert (again.version, again.source) == (2, "## A {#honesty}\n")


@pytest.mark.parametrize("source", ["", "  \n", "a\x00b", "\ud800", "x" * (changes.LONGEST_SOURCE + 1)])
def test_saving_refuses_what_cannot_be_stored(world, nothing_written, source):
    change = open_honesty(world)

    with nothing_written(), pytest.raises(Invalid) as refusal:
        changes.save(change, source=source, expected_version=1, saver=saver(world.editor))

    assert list(refusal.value.fields) == ["source"]
    assert stored(change).version == 1


def test_a_browsers_line_ends_become_those_of_the_document(world):
    change = open_honesty(world)

    changes.save(change, source="## A {#honesty}\r\n\r\nB", expected_version=1, saver=saver(world.editor))

    assert stored(change).source == "## A {#honesty}\n\nB\n"


def test_bringing_a_change_up_to_date_with_the_draft(world):
    late = edit(make_draft(world.spec, by=world.second), "honesty", "anybody", "anyone", by=world.second)
    merged = make_proposal(world.spec, by=world.editor)
    support(merged, world.approver, world.other)
    merging.merge(merged, by=world.editor, now=NOW)
    current = version(world.spec, "honesty")
    both = current.source.replace("anybody", "anyone")

    changes.save(late, source=both, expected_version=late.version, saver=saver(world.second), onto=current)

    assert (stored(late).base_version, stored(late).source) == (current, both)
    proposals.submit(late.patch_set.proposal, by=world.second, now=NOW)


def test_bringing_up_to_date_with_something_else_is_refused(world, nothing_written):
    change = open_honesty(world)

    with nothing_written(), pytest.raises(Conflict, match="The draft changed again"):
        changes.save(
            change, source="## A\n", expected_version=1, saver=saver(world.editor), onto=version(world.spec, "jokes")
        )


def test_adding_a_clause(world):
    proposal = make_draft(world.spec, by=world.editor)
    after = clause_of(world.spec, "manner")

    change = changes.add_clause(proposal, source="## Care {#care}\n", after=after, saver=saver(world.editor))

    assert (change.kind, change.clause, change.base_version, change.placed, change.after) == (
        "add",
        None,
        None,
        True,
        after,
    )


def test_a_place_behind_a_clause_of_another_spec_is_refused(world, nothing_written):
    proposal, foreign = make_draft(world.spec, by=world.editor), clause_of(make_conduct(), "manner")
    open_honesty(world, proposal)

    with nothing_written(), pytest.raises(NotFound):
        changes.add_clause(proposal, source="## Care\n", after=foreign, saver=saver(world.editor))
    with nothing_written(), pytest.raises(NotFound):
        changes.move_clause(proposal, clause_of(world.spec, "honesty"), after=foreign, saver=saver(world.editor))


def test_moving_an_unchanged_clause_and_editing_it_afterwards(world):
    proposal = make_draft(world.spec, by=world.editor)
    jokes, honesty = clause_of(world.spec, "jokes"), clause_of(world.spec, "honesty")

    change = changes.move_clause(proposal, jokes, after=honesty, saver=saver(world.editor))
    assert (change.kind, change.placed, change.after) == ("move", True, honesty)

    change = edit(proposal, "jokes", "may help", "can help", by=world.editor)
    assert (change.kind, change.placed, change.after) == ("edit", True, honesty)


def test_moving_an_edited_clause_keeps_its_words(world):
    proposal = make_draft(world.spec, by=world.editor)
    edit(proposal, "jokes", "may help", "can help", by=world.editor)

    change = changes.move_clause(proposal, clause_of(world.spec, "jokes"), after=None, saver=saver(world.editor))

    assert (change.kind, change.placed, "can help" in change.source) == ("edit", True, True)


def test_a_clause_does_not_stand_behind_itself(world, nothing_written):
    jokes = clause_of(world.spec, "jokes")
    proposal = edit(make_draft(world.spec, by=world.editor), "jokes", "may", "can", by=world.editor).patch_set.proposal

    with nothing_written(), pytest.raises(Invalid):
        changes.move_clause(proposal, jokes, after=jokes, saver=saver(world.editor))


def test_a_deleted_clause_is_neither_edited_nor_moved(world, nothing_written):
    proposal = make_draft(world.spec, by=world.editor)
    jokes = clause_of(world.spec, "jokes")
    change = changes.delete_clause(proposal, jokes, saver=saver(world.editor))
    assert (change.kind, change.source) == ("delete", "")

    with nothing_written(), pytest.raises(IllegalMove):
        changes.save(change, source="## A\n", expected_version=change.version, saver=saver(world.editor))
    with nothing_written(), pytest.raises(IllegalMove):
        changes.move_clause(proposal, jokes, after=None, saver=saver(world.editor))


@pytest.mark.parametrize(
    ("anchor", "authority", "heading"),
    [
        ("manner", "system", "## Manner {#manner authority=system}"),
        ("manner", "", "## Manner {#manner}"),
        ("practice", "user", "# Practice {#practice authority=user}"),
    ],
)
def test_authority_is_changed_in_the_heading_line(world, anchor, authority, heading):
    proposal = make_draft(world.spec, by=world.editor)

    change = changes.set_authority(
        proposal, clause_of(world.spec, anchor), authority=authority, saver=saver(world.editor)
    )

    assert change.source.splitlines()[0] == heading


def test_an_authority_that_the_spec_does_not_know_is_refused(world, nothing_written):
    proposal = open_honesty(world).patch_set.proposal

    with nothing_written(), pytest.raises(Invalid) as refusal:
        changes.set_authority(proposal, clause_of(world.spec, "honesty"), authority="x} y", saver=saver(world.editor))

    assert list(refusal.value.fields) == ["authority"]


def test_taking_a_deletion_back_gives_the_words_back(world):
    proposal = make_draft(world.spec, by=world.editor)
    clause, by = clause_of(world.spec, "honesty"), saver(world.editor)
    change = edit(proposal, "honesty", "must not", "must never", by=world.editor)
    changes.delete_clause(proposal, clause, saver=by)
    changes.delete_clause(proposal, clause, saver=by)

    restored = changes.restore_clause(Change.objects.get(pk=change.pk), saver=by)

    assert (restored.kind, "must never" in restored.source, restored.source_before_delete) == ("edit", True, "")
    with pytest.raises(IllegalMove, match="not to be deleted"):
        changes.restore_clause(restored, saver=by)


def test_dropping_a_clause(world):
    change = open_honesty(world)

    changes.drop(change, saver=saver(world.editor))

    assert not Change.objects.exists()
    with pytest.raises(NotFound):
        changes.save(change, source="## A\n", expected_version=1, saver=saver(world.editor))


def test_a_submitted_patch_set_is_frozen(world, nothing_written):
    change = Change.objects.get(patch_set__proposal=make_proposal(world.spec, by=world.editor))

    with nothing_written(), pytest.raises(IllegalMove, match="This version is submitted"):
        changes.save(change, source="## A\n", expected_version=change.version, saver=saver(world.editor))
    with nothing_written(), pytest.raises(IllegalMove):
        changes.drop(change, saver=saver(world.editor))


def test_a_change_of_an_earlier_patch_set_is_not_saved_into_the_next(world, nothing_written):
    proposal = make_proposal(world.spec, by=world.editor)
    frozen = Change.objects.get(patch_set__proposal=proposal)
    proposals.revise(proposal, by=world.editor, now=NOW)

    with nothing_written(), pytest.raises(NotFound):
        changes.save(frozen, source="## A\n", expected_version=frozen.version, saver=saver(world.editor))


@pytest.mark.parametrize("who", ["approver", "moderator", "release_manager", "member", "stranger"])
def test_only_editors_and_owners_change_a_proposal(world, nothing_written, who):
    change = open_honesty(world)
    proposal, clause = change.patch_set.proposal, clause_of(world.spec, "jokes")
    by = saver(world.people[who])
    attempts = [
        lambda: changes.open_clause(proposal, clause, saver=by),
        lambda: changes.save(change, source="## A\n", expected_version=1, saver=by),
        lambda: changes.add_clause(proposal, source="## A\n", after=None, saver=by),
        lambda: changes.move_clause(proposal, clause, after=None, saver=by),
        lambda: changes.delete_clause(proposal, clause, saver=by),
        lambda: changes.set_authority(proposal, clause, authority="user", saver=by),
        lambda: changes.drop(change, saver=by),
    ]
    for attempt in attempts:
        with nothing_written(), pytest.raises(NotAllowed):
            attempt()


def test_whoever_changed_the_words_is_a_writer_though_others_wrote_over_them(world):
    proposal = make_draft(world.spec, by=world.editor)
    edit(proposal, "honesty", "anybody", "anyone", by=world.second)
    edit(proposal, "honesty", "anyone", "a person", by=world.editor)
    changes.open_clause(proposal, clause_of(world.spec, "jokes"), saver=saver(world.owner))

    assert writers(proposal) == {world.editor.pk, world.second.pk}
