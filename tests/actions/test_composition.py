"""What the document would be: every kind of change, alone and together, and what is refused for the document's sake."""

import pytest

from reviews.actions import changes
from reviews.actions.changes import Saver
from reviews.actions.composition import compose
from reviews.errors import Invalid
from reviews.queries.approval import changes_of, open_patch_set
from reviews.queries.clauses import document
from reviews.rules.kinds import LineageKind
from tests.factories import NOW, make_spec
from tests.factories.conduct import DOCUMENT, clause_of, edit, make_draft
from tests.factories.specs import version


class Draft:
    """A proposal that is being written, with short words for its changes."""

    def __init__(self, spec, editor):
        self.spec, self.by, self.saver = spec, editor, Saver(editor, NOW)
        self.proposal = make_draft(spec, by=editor)

    def edit(self, anchor, old, new):
        edit(self.proposal, anchor, old, new, by=self.by)

    def write(self, anchor, source):
        change = changes.open_clause(self.proposal, clause_of(self.spec, anchor), saver=self.saver)
        changes.save(change, source=source, expected_version=change.version, saver=self.saver)

    def move(self, anchor, after):
        target = clause_of(self.spec, after) if after else None
        changes.move_clause(self.proposal, clause_of(self.spec, anchor), after=target, saver=self.saver)

    def add(self, source, after):
        target = clause_of(self.spec, after) if after else None
        changes.add_clause(self.proposal, source=source, after=target, saver=self.saver)

    def delete(self, anchor):
        changes.delete_clause(self.proposal, clause_of(self.spec, anchor), saver=self.saver)

    def composed(self):
        return compose(self.spec, changes_of(open_patch_set(self.proposal)))

    def outcome(self):
        """The anchors in order as they would be."""
        edit = self.composed()
        rows = dict(self.spec.clause_versions.filter(valid__upper_inf=True).values_list("clause_id", "order_key"))
        names = dict(self.spec.clause_versions.filter(valid__upper_inf=True).values_list("clause_id", "anchor"))
        kept = [(key, names[clause]) for clause, key in rows.items() if clause not in edit.closes]
        return [anchor for _, anchor in sorted(kept + [(new.order_key, new.parsed.anchor) for new in edit.opens])]


@pytest.fixture
def draft(world):
    return Draft(world.spec, world.editor)


ALL = ["conduct", "honesty", "manner", "jokes", "practice"]


def test_an_edit_opens_one_version_of_the_same_clause_at_its_place(draft):
    draft.edit("manner", "brief", "short")

    edit = draft.composed()

    before = version(draft.spec, "manner")
    assert [(new.clause_id, new.order_key, new.parsed.title) for new in edit.opens] == [
        (before.clause_id, before.order_key, "Manner")
    ]
    assert (edit.closes, list(edit.descents), draft.outcome()) == ({before.clause_id}, [], ALL)


def test_changes_that_leave_a_clause_as_it_was_do_nothing(draft):
    draft.edit("manner", "brief", "brief")

    assert draft.composed().is_empty


def test_a_heading_that_is_added_splits_the_clause(draft):
    draft.edit("honesty", "It says what", "## Doubt {#doubt}\n\nIt says what")

    edit = draft.composed()

    assert [(step.kind, step.source, step.target) for step in edit.descents] == [
        (LineageKind.SPLIT, version(draft.spec, "honesty").clause_id, "doubt")
    ]
    assert draft.outcome() == ["conduct", "honesty", "doubt", "manner", "jokes", "practice"]


@pytest.mark.parametrize(
    ("after", "level", "outcome"),
    [
        (None, 1, ["new", *ALL]),
        ("honesty", 2, ["conduct", "honesty", "new", "manner", "jokes", "practice"]),
        ("manner", 2, ["conduct", "honesty", "manner", "jokes", "new", "practice"]),
        ("manner", 4, ["conduct", "honesty", "manner", "new", "jokes", "practice"]),
        ("conduct", 1, ["conduct", "honesty", "manner", "jokes", "new", "practice"]),
        ("practice", 1, [*ALL, "new"]),
    ],
)
def test_an_added_clause_stands_behind_another_and_what_is_below_it(draft, after, level, outcome):
    draft.add(f"{'#' * level} New {{#new}}\n\nText.\n\n", after)

    assert draft.outcome() == outcome


def test_two_clauses_added_at_one_place_keep_their_order(draft):
    draft.add("## One {#one}\n\nText.\n\n", "honesty")
    draft.add("## Two {#two}\n\nText.\n\n", "honesty")

    assert draft.outcome() == ["conduct", "honesty", "one", "two", "manner", "jokes", "practice"]


@pytest.mark.parametrize(
    ("anchor", "after", "outcome"),
    [
        ("manner", "conduct", ["conduct", "manner", "jokes", "honesty", "practice"]),
        ("honesty", "manner", ["conduct", "manner", "jokes", "honesty", "practice"]),
        ("manner", None, ["manner", "jokes", "conduct", "honesty", "practice"]),
        ("conduct", "practice", ["practice", "conduct", "honesty", "manner", "jokes"]),
        ("jokes", "practice", ["conduct", "honesty", "manner", "practice", "jokes"]),
    ],
)
def test_a_clause_moves_with_the_parts_below_it(draft, anchor, after, outcome):
    draft.move(anchor, after)

    # The document does not end in an empty line, so the last clause must get one when something comes behind it.
    if outcome[-1] != "practice":
        draft.edit("practice", "Notes on work.\n", "Notes on work.\n\n")

    assert draft.outcome() == outcome


def test_a_chapter_does_not_move_behind_its_own_part(draft):
    draft.move("conduct", "jokes")

    with pytest.raises(Invalid, match="cannot be moved behind a part of itself"):
        draft.composed()


def test_a_deleted_clause_goes_and_its_parts_stay(draft):
    draft.delete("manner")

    edit = draft.composed()

    clause = version(draft.spec, "manner").clause_id
    assert (edit.closes, list(edit.opens)) == ({clause}, [])
    assert [(step.kind, step.source, step.target) for step in edit.descents] == [(LineageKind.GONE, clause, None)]
    assert draft.outcome() == ["conduct", "honesty", "jokes", "practice"]


def test_everything_at_once(draft):
    draft.edit("honesty", "anybody", "anyone")
    draft.delete("jokes")
    draft.add("## Care {#care authority=user}\n\nTake care.\n\n", "honesty")
    draft.move("practice", None)
    draft.edit("practice", "work.\n", "work.\n\n")

    assert draft.outcome() == ["practice", "conduct", "honesty", "care", "manner"]


REFUSED = {
    "an open fence": ("honesty", "## Honesty {#honesty}\n\n~~~\nopen\n", "line 3|swallow"),
    "an open comment": ("honesty", "## Honesty {#honesty}\n\n<!-- open\n", "swallow"),
    "a lost heading": ("honesty", "Only text.\n", "has lost its heading line"),
    "an anchor of another clause": ("honesty", "## Honesty {#manner}\n\nText.\n\n", "“manner” would stand twice"),
    "an anchor twice within": ("honesty", "## A {#x}\n\n## B {#x}\n\n", "x"),
    "an unknown authority": ("honesty", "## Honesty {#honesty authority=king}\n\n", "“king” is not an authority level"),
    "a heading under the next line": ("manner", "## Manner {#manner}\n\n<div>\n", "swallow"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_break_the_document_is_refused_with_a_sentence(draft, case):
    anchor, source, words = REFUSED[case]
    draft.write(anchor, source)

    with pytest.raises(Invalid, match=words):
        draft.composed()


def test_a_new_clause_needs_a_heading(draft):
    draft.add("Only text.\n", "honesty")

    with pytest.raises(Invalid, match="begins with a heading line"):
        draft.composed()


def test_something_must_be_left(world):
    spec = make_spec(source="# Only {#only}\n\nText.\n", members={world.editor: ["editor"]})
    draft = Draft(spec, world.editor)
    draft.delete("only")

    with pytest.raises(Invalid, match="Nothing would be left"):
        draft.composed()


def test_an_anchor_that_is_freed_in_the_same_proposal_may_be_taken(draft):
    draft.write("honesty", "## Honesty {#truth authority=root}\n\nText.\n\n")
    draft.write("manner", "## Manner {#honesty authority=guideline}\n\nText.\n\n")

    assert draft.outcome() == ["conduct", "truth", "honesty", "jokes", "practice"]


def test_anchors_made_of_titles_are_made_anew_in_the_whole_document(world):
    source = "# Top\n\nText.\n\n## Part\n\nText.\n\n# Other\n\nText.\n"
    spec = make_spec(source=source, members={world.editor: ["editor"]})
    draft = Draft(spec, world.editor)
    draft.edit("other", "# Other\n\nText.\n", "# Other\n\nText.\n\n## Part\n\nText.\n")

    outcome = draft.outcome()

    assert len(outcome) == len(set(outcome)) == 4
    assert document(spec, 1) == source


def test_the_document_that_is_edited_comes_back_byte_for_byte(world):
    assert document(world.spec, 1) == DOCUMENT
