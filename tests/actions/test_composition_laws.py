"""The invariant of the store as a law: whatever is proposed, parsing the joined sources gives exactly the stored clauses."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviews.actions import changes, renderings, revisions
from reviews.actions.changes import Saver
from reviews.actions.composition import compose
from reviews.errors import Refusal
from reviews.models import ClauseVersion, PatchSet, Proposal, Spec
from reviews.queries.approval import changes_of
from reviews.queries.clauses import document
from reviews.text import outline
from tests.factories import NOW, make_proposal, make_spec, make_user

EXPLICIT = "# A {#a}\n\ntext\n\n## B {#b}\n\nmore\n\n### C {#c}\n\ndeep\n\n# D {#d}\n\nend\n"
IMPLICIT = "Before.\n\n# A\n\ntext\n\n## B\n\nmore\n\n# C\n\n## B\n\nend\n"
HOSTILE = [
    "plain words\n",
    "words without an end of line",
    "```\ncode\n",
    "~~~\n# not a heading\n~~~\n",
    "Title\n=====\n",
    "---\n",
    "===\n",
    "<!-- a comment\n",
    "<div>\n",
    "- a list\n    - in a list\n",
    "> quote\n",
    "[x]: #a\n",
    "# A {#a}\n",
    "## New {#new}\n\nwords\n",
    "# Other {#other}\n\n",
    "well said\n\n",
    "#### Deep\n\nwords\n",
    "    code\n",
    "\n\n\n",
    "\ttab\n",
    "a\r\nb\r\n",
]

texts = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3).map("".join)
steps = st.lists(
    st.tuples(
        st.sampled_from(["edit", "append", "append", "add", "move", "move", "delete"]),
        st.integers(0, 5),
        st.integers(-1, 5),
        texts,
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture
def editor(db):
    return make_user("Edith")


class Undone(Exception):
    """Ends an example and takes back what it wrote."""


@pytest.mark.parametrize("source", [EXPLICIT, IMPLICIT], ids=["explicit anchors", "anchors made of titles"])
def test_what_is_stored_is_what_parsing_the_document_gives(editor, source):
    spec = make_spec(source=source, members={editor: ["editor"]})
    merged = []

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(steps)
    def law(chosen):
        try:
            with transaction.atomic():
                merged.append(_played(Spec.objects.get(pk=spec.pk), editor, chosen))
                raise Undone
        except Undone:
            pass

    law()
    assert merged.count(True) > 8, "the law was hardly tried: nearly everything was refused"


def _played(spec, editor, chosen) -> bool:
    proposal = make_proposal(spec, by=editor, edits={}, submit=False)
    clauses = [row.clause for row in ClauseVersion.objects.at(spec, spec.head).order_by("order_key")]
    for step in chosen:
        _try(proposal, clauses, step, Saver(by=editor, now=NOW))
    try:
        edit = compose(spec, changes_of(PatchSet.objects.get(proposal=proposal)))
    except Refusal:
        return False
    if edit.is_empty:
        return False
    revision = revisions.write(spec, edit, revisions.Origin(by=editor, now=NOW, summary="law", imported_from="law"))
    renderings.keep_for_revision(spec, revision)
    _check(spec)
    return True


def _try(proposal: Proposal, clauses, step, saver: Saver) -> None:
    verb, which, where, text = step
    clause = clauses[which % len(clauses)]
    after = None if where < 0 else clauses[where % len(clauses)]
    try:
        if verb == "add":
            text = text if which % 2 else "# Added {#added}\n\n" + text
            changes.add_clause(proposal, source=text, after=after, saver=saver)
        elif verb == "move":
            changes.move_clause(proposal, clause, after=after, saver=saver)
        elif verb == "delete":
            changes.delete_clause(proposal, clause, saver=saver)
        else:
            change = changes.open_clause(proposal, clause, saver=saver)
            source = change.source + text if verb == "append" else text
            changes.save(change, source=source, expected_version=change.version, saver=saver)
    except Refusal:
        pass


def _check(spec: Spec) -> None:
    rows = list(ClauseVersion.objects.at(spec, spec.head).order_by("order_key").select_related("authority"))
    found = outline.parse(document(spec, spec.head)).clauses
    stored = [(row.source, row.title, row.anchor or "", row.level, row.anchor_explicit) for row in rows]
    assert stored == [(clause.source, clause.title, clause.anchor, clause.level, clause.explicit) for clause in found]
    assert len({row.order_key for row in rows}) == len(rows)
