"""Editing the open patch set of a proposal, clause by clause; the second of two who save sees the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from reviews.access import proposals as access
from reviews.access.specs import standing_in
from reviews.actions.composition import ended
from reviews.actions.locks import lock_proposal
from reviews.actions.wording import is_storable
from reviews.errors import Conflict, IllegalMove, Invalid, NotFound
from reviews.models import AuthorityLevel, Change, Clause, ClauseVersion, PatchSet, Proposal, User
from reviews.queries.approval import open_patch_set
from reviews.rules.kinds import ChangeKind
from reviews.rules.states import OPEN_PROPOSAL_STATES, ProposalState
from reviews.text.headings import with_authority
from reviews.text.newlines import in_style_of

LONGEST_SOURCE = 500_000


@dataclass(frozen=True)
class Saver:
    """Who saves, and when."""

    by: User
    now: datetime


@transaction.atomic
def open_clause(proposal: Proposal, clause: Clause, *, saver: Saver) -> Change:
    """Take a clause into the proposal, as it stands in the draft; what is there already is returned as it is."""
    patch_set = _editable(proposal, saver)
    found = patch_set.changes.filter(clause=clause).first()
    if found is not None:
        return found
    base = _current(proposal, clause)
    return _insert(patch_set, saver, kind=ChangeKind.EDIT, clause=clause, base_version=base, source=base.source)


@transaction.atomic
def save(
    change: Change, *, source: str, expected_version: int, saver: Saver, onto: ClauseVersion | None = None
) -> Change:
    """Keep a new text of the clause in the draft; `onto` says that it was brought up to date with that version.

    The text that is stored already may be sent again, whoever stored it. Raises Conflict with the stored change when
    somebody saved another one since `expected_version`, or when `onto` is not the clause's current version (any more):
    nothing is overwritten, what was sent is still with its sender.
    """
    change = _locked(change, saver)
    model = change.base_version.source if change.base_version else ""
    if change.version != expected_version:
        if onto is None and change.kind != ChangeKind.DELETE and change.source == checked_source(source, model=model):
            return change
        raise Conflict("Somebody else saved this clause meanwhile.", fresh=change)
    if change.kind == ChangeKind.DELETE:
        raise IllegalMove("This clause is to be deleted: take that back to edit it.")
    if onto is not None:
        _rebase(change, onto)
    change.source = checked_source(source, model=model)
    if change.kind == ChangeKind.MOVE:
        change.kind = ChangeKind.EDIT
    return _saved(change, saver)


@transaction.atomic
def add_clause(proposal: Proposal, *, source: str, after: Clause | None, saver: Saver) -> Change:
    """Propose a new clause after another one, or at the beginning.

    The same text at the same place is added once: a form that is sent twice returns the clause of the first time.
    """
    patch_set = _editable(proposal, saver)
    source = checked_source(source, model="")
    _check_place(proposal, after)
    found = patch_set.changes.filter(kind=ChangeKind.ADD, source=source, after=after).first()
    if found is not None:
        return found
    _count_as_coauthor(proposal, saver)
    return _insert(patch_set, saver, kind=ChangeKind.ADD, source=source, placed=True, after=after)


@transaction.atomic
def move_clause(proposal: Proposal, clause: Clause, *, after: Clause | None, saver: Saver) -> Change:
    """Propose another place for a clause and the parts below it."""
    change = open_clause(proposal, clause, saver=saver)
    if after is not None and after.pk == clause.pk:
        raise Invalid("A clause can’t come after itself.", fields={"after": "Choose another clause."})
    if change.kind == ChangeKind.DELETE:
        raise IllegalMove("This clause is to be deleted: take that back to move it.")
    _check_place(proposal, after)
    base = change.base_version
    if change.kind == ChangeKind.EDIT and base is not None and change.source == base.source:
        change.kind = ChangeKind.MOVE
    change.placed, change.after, change.alone = True, after, False
    return _saved(change, saver)


@transaction.atomic
def delete_clause(proposal: Proposal, clause: Clause, *, saver: Saver) -> Change:
    """Propose that a clause goes; the clauses below it stay.

    What was written in it is set aside for `restore_clause`. Deleting it again accepts the clause as it stands now.
    """
    change = open_clause(proposal, clause, saver=saver)
    if change.kind == ChangeKind.DELETE:
        change.base_version = _current(proposal, clause)
    else:
        change.source_before_delete = change.source
    change.kind, change.source, change.placed, change.after, change.onward = ChangeKind.DELETE, "", False, None, []
    return _saved(change, saver)


@transaction.atomic
def restore_clause(change: Change, *, saver: Saver) -> Change:
    """Take back that a clause is to be deleted; it has the words again that were written before."""
    change = _locked(change, saver)
    base = change.base_version
    if change.kind != ChangeKind.DELETE or base is None:
        raise IllegalMove("This clause is not to be deleted.")
    change.kind, change.source = ChangeKind.EDIT, change.source_before_delete or base.source
    change.source_before_delete = ""
    return _saved(change, saver)


@transaction.atomic
def set_authority(proposal: Proposal, clause: Clause, *, authority: str, saver: Saver) -> Change:
    """Propose another authority level for a clause, by rewriting its heading line; an empty one takes it away."""
    change = open_clause(proposal, clause, saver=saver)
    _check_authority(proposal, change, authority)
    source = with_authority(change.source, authority)
    return save(change, source=source, expected_version=change.version, saver=saver)


@transaction.atomic
def drop(change: Change, *, saver: Saver) -> None:
    """Take a clause out of the proposal again."""
    found = _locked(change, saver)
    _count_as_coauthor(found.patch_set.proposal, saver)
    found.delete()


def checked_source(source: str, *, model: str) -> str:
    """The text with the line endings of its model and its last line ended.

    Raises Invalid when it is too long, empty, or has characters that no text has.
    """
    if len(source) > LONGEST_SOURCE:
        raise Invalid("This clause is too long.", fields={"source": f"At most {LONGEST_SOURCE:,} characters."})
    if not is_storable(source):
        raise Invalid("The text has a NUL or broken character.", fields={"source": "It may come from a copied file."})
    if not source.strip():
        raise Invalid("There is no text.", fields={"source": "Write something, or delete the clause."})
    return ended(in_style_of(source, model))


def _editable(proposal: Proposal, saver: Saver) -> PatchSet:
    proposal = lock_proposal(proposal)
    access.check_edit(standing_in(proposal.spec, saver.by), proposal)
    if proposal.state not in OPEN_PROPOSAL_STATES:
        raise IllegalMove(f"It is {ProposalState(proposal.state).label}: reopen it to change it.")
    found = open_patch_set(proposal)
    if found is None:
        raise IllegalMove("This version is submitted. Begin a new version to change it.")
    return found


def _locked(change: Change, saver: Saver) -> Change:
    patch_set = _editable(change.patch_set.proposal, saver)
    found = patch_set.changes.select_related("base_version", "patch_set__proposal").filter(pk=change.pk).first()
    if found is None:
        raise NotFound("This clause was taken out of the proposal, or its version was submitted.")
    return found


def _current(proposal: Proposal, clause: Clause) -> ClauseVersion:
    found = ClauseVersion.objects.filter(spec=proposal.spec_id, clause=clause, valid__upper_inf=True).first()
    if found is None:
        raise NotFound("This clause is not in the draft.")
    return found


def _rebase(change: Change, onto: ClauseVersion) -> None:
    clause = change.clause
    if clause is None or _current(change.patch_set.proposal, clause).pk != onto.pk:
        raise Conflict("The draft changed again. Look at the newest text.", fresh=change)
    change.base_version = onto


def _check_place(proposal: Proposal, after: Clause | None) -> None:
    if after is not None:
        _current(proposal, after)


def _check_authority(proposal: Proposal, change: Change, authority: str) -> None:
    known = list(AuthorityLevel.objects.filter(spec=proposal.spec_id).values_list("name", flat=True))
    if authority and authority not in known:
        raise Invalid(
            f"“{authority}” is not an authority level of this spec.",
            fields={"authority": f"Choose {', '.join(known)}."},
        )
    if change.base_version is not None and change.base_version.level == 0:
        raise Invalid("Text without a heading carries no authority.", fields={"authority": "Give it a heading first."})


def _count_as_coauthor(proposal: Proposal, saver: Saver) -> None:
    """Whoever changes the words takes no position on them, also when somebody else writes over them later."""
    if saver.by.pk != proposal.author_id:
        proposal.coauthors.add(saver.by)


def _insert(patch_set: PatchSet, saver: Saver, **columns: object) -> Change:
    return Change.objects.create(patch_set=patch_set, saved_by=saver.by, saved_at=saver.now, **columns)


def _saved(change: Change, saver: Saver) -> Change:
    _count_as_coauthor(change.patch_set.proposal, saver)
    change.saved_by, change.saved_at = saver.by, saver.now
    change.version += 1
    change.save()
    return change
