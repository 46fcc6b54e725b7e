"""A document with four levels of headings and of authority, and proposals to it in steps: what workflow tests begin with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from reviews.actions import changes
from reviews.actions.changes import Saver
from reviews.models import Change, Clause, Proposal, Spec, User
from reviews.rules.kinds import PositionKind, Visibility
from tests.factories.people import NOW
from tests.factories.proposals import make_proposal as make_any_proposal
from tests.factories.proposals import take_position
from tests.factories.specs import make_spec, version

DOCUMENT = """\
# Conduct {#conduct authority=root}

How the assistant acts. See [?](#honesty).

## Honesty {#honesty authority=root}

The assistant must not lie to anybody.

It says what it does not know.

## Manner {#manner authority=guideline}

Be brief and be kind.

### Jokes {#jokes authority=guideline}

A joke may help. It must not hurt.

# Practice {#practice}

Notes on work.
"""


def make_conduct(members: Mapping[User, str] | None = None, *, visibility: str = Visibility.PUBLIC) -> Spec:
    """A spec with this document; roles are words: `{ana: "editor approver"}`."""
    roles = {user: words.split() for user, words in (members or {}).items()}
    return make_spec(source=DOCUMENT, title="Conduct of assistants", members=roles, visibility=visibility)


def clause_of(spec: Spec, anchor: str) -> Clause:
    return version(spec, anchor).clause


def make_draft(spec: Spec, *, by: User, title: str = "Be clearer", visibility: str = Visibility.PUBLIC) -> Proposal:
    """A proposal without changes."""
    return make_any_proposal(spec, by=by, title=title, visibility=visibility, edits={}, submit=False)


def make_proposal(
    spec: Spec,
    *edits: tuple[str, str, str],
    by: User,
    title: str = "Be clearer",
    visibility: str = Visibility.PUBLIC,
) -> Proposal:
    """A proposal in review; an edit is (anchor, old words, new words), by default one of the root clause on honesty."""
    chosen = edits or (("honesty", "must not lie", "must never lie"),)
    words = {anchor: (old, new) for anchor, old, new in chosen}
    made = make_any_proposal(spec, by=by, title=title, visibility=visibility, edits=words)
    return Proposal.objects.select_related("spec").get(pk=made.pk)


def edit(proposal: Proposal, anchor: str, old: str, new: str, *, by: User) -> Change:
    """Replace words of a clause in the open patch set."""
    saver = Saver(by, NOW)
    change = changes.open_clause(proposal, clause_of(proposal.spec, anchor), saver=saver)
    assert old in change.source, f"“{old}” is not in {anchor}"
    source = change.source.replace(old, new)
    return changes.save(change, source=source, expected_version=change.version, saver=saver)


def support(proposal: Proposal, *people: User, kind: str = PositionKind.SUPPORT) -> None:
    """Let people take a position on the newest submitted patch set."""
    for person in people:
        take_position(proposal, by=person, kind=kind)


def later(**passed: int) -> datetime:
    """A moment after NOW."""
    return NOW + timedelta(**passed)
