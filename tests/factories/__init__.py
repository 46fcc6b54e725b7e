"""People, specs and proposals for tests, made through the real actions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from reviews.actions import changes, positions, proposals, revisions, specs, threads
from reviews.actions.changes import Saver
from reviews.actions.composition import ended
from reviews.actions.locks import lock_spec
from reviews.models import Change, Clause, ClauseVersion, Membership, Proposal, Spec, Thread, User
from reviews.rules.kinds import PositionKind, ThreadKind, Visibility
from reviews.text import outline
from reviews.text.order import spread

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

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


def make_user(name: str = "Ana Ruiz", *, email: str = "", password: str | None = None) -> User:
    """A person with an account; the address is made up unless it is given."""
    email = email or f"{name.split()[0].lower()}-{uuid.uuid4().hex[:8]}@example.org"
    return User.objects.create_user(email, name, password)


def make_spec(
    *,
    source: str = DOCUMENT,
    members: Mapping[User, str] | None = None,
    slug: str = "",
    title: str = "Conduct of assistants",
    visibility: str = Visibility.PUBLIC,
) -> Spec:
    """A spec at revision 1 (0 when the source is empty); roles are words: `{ana: "editor approver"}`."""
    slug = slug or f"spec-{uuid.uuid4().hex[:8]}"
    spec = specs.create(slug=slug, title=title, by=None, now=NOW, visibility=visibility)
    for user, roles in (members or {}).items():
        join(spec, user, roles)
    if source:
        write_document(spec, source)
    return Spec.objects.get(pk=spec.pk)


def join(spec: Spec, user: User, roles: str) -> Membership:
    """Make somebody a member, without the way by mail."""
    return Membership.objects.create(spec=spec, user=user, roles=sorted(roles.split()), created_at=NOW)


def write_document(spec: Spec, source: str) -> None:
    """The first revision of an empty spec."""
    clauses = outline.parse(ended(source)).clauses
    opens = [
        revisions.NewVersion(None, clause, key)
        for clause, key in zip(clauses, spread(None, None, len(clauses)), strict=True)
    ]
    edit = revisions.Edit(opens=opens, ends_in_newline=source.endswith("\n"))
    revisions.write(lock_spec(spec), edit, revisions.Origin(by=None, now=NOW, summary="Import", imported_from="test.md"))


def version_of(spec: Spec, anchor: str) -> ClauseVersion:
    """The current version of the clause with this anchor."""
    return ClauseVersion.objects.select_related("clause").get(spec=spec, anchor=anchor, valid__upper_inf=True)


def clause_of(spec: Spec, anchor: str) -> Clause:
    return version_of(spec, anchor).clause


def make_draft(spec: Spec, *, by: User, title: str = "Be clearer", visibility: str = Visibility.PUBLIC) -> Proposal:
    """A proposal without changes."""
    return proposals.create(spec, title=title, by=by, now=NOW, visibility=visibility)


def edit(proposal: Proposal, anchor: str, old: str, new: str, *, by: User) -> Change:
    """Replace words of a clause in the open patch set."""
    saver = Saver(by, NOW)
    change = changes.open_clause(proposal, clause_of(proposal.spec, anchor), saver=saver)
    if old not in change.source:
        raise ValueError(f"“{old}” is not in {anchor}")
    source = change.source.replace(old, new)
    return changes.save(change, source=source, expected_version=change.version, saver=saver)


def make_proposal(
    spec: Spec,
    *,
    by: User,
    edits: Iterable[tuple[str, str, str]] = (("honesty", "must not lie", "must never lie"),),
    title: str = "Be clearer",
    visibility: str = Visibility.PUBLIC,
) -> Proposal:
    """A proposal in review; an edit is (anchor, old words, new words)."""
    proposal = make_draft(spec, by=by, title=title, visibility=visibility)
    for anchor, old, new in edits:
        edit(proposal, anchor, old, new, by=by)
    proposals.submit(proposal, by=by, now=NOW)
    return Proposal.objects.select_related("spec").get(pk=proposal.pk)


def support(proposal: Proposal, *people: User, kind: str = PositionKind.SUPPORT, reason: str = "") -> None:
    """Let people take a position on the newest submitted patch set."""
    newest = proposal.patch_sets.filter(submitted_at__isnull=False).latest("number")
    for person in people:
        positions.take(proposal, kind=kind, patch_set=newest.number, by=person, now=NOW, reason=reason)


def make_thread(
    spec: Spec,
    *,
    by: User,
    anchor: str = "",
    proposal: Proposal | None = None,
    words: str = "",
    body: str = "Why is that so?",
    visibility: str = Visibility.PUBLIC,
    kind: str = ThreadKind.QUESTION,
) -> Thread:
    """A thread on a clause, on words that stand once in it, or on a proposal."""
    version = version_of(spec, anchor) if anchor else None
    about = threads.About(
        clause=version.clause if version else None,
        proposal=proposal,
        words=threads.Words(version, 0, 0, words) if version and words else None,
    )
    said = threads.Said(by=by, now=NOW, body=body, key=uuid.uuid4().hex)
    return threads.open_thread(spec, about=about, said=said, visibility=visibility, kind=kind)


def later(**passed: int) -> datetime:
    """A moment after NOW."""
    return NOW + timedelta(**passed)
