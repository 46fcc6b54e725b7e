"""Who sees a proposal, who may change it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from reviews.access.specs import Standing
from reviews.errors import NotAllowed, NotFound
from reviews.models import PatchSet, Proposal, ProposalImage
from reviews.rules.kinds import Visibility
from reviews.rules.roles import Verb
from reviews.rules.states import ProposalState


def visible_proposals(standing: Standing) -> QuerySet[Proposal]:
    """Outsiders see public ones that were submitted; members see all submitted ones; drafts only those who may edit them."""
    rows = Proposal.objects.filter(spec=standing.spec)
    if not standing.is_insider:
        return rows.filter(visibility=Visibility.PUBLIC, submitted_at__isnull=False)
    if standing.may(Verb.PROPOSE):
        return rows
    return rows.filter(Q(submitted_at__isnull=False) | Q(author=standing.person))


def visible_patch_sets(standing: Standing, proposal: Proposal) -> QuerySet[PatchSet]:
    """The frozen ones; the open one only to those who may edit it."""
    rows = PatchSet.objects.filter(proposal=proposal)
    return rows if can_edit(standing, proposal) else rows.filter(submitted_at__isnull=False)


def get_visible(standing: Standing, public_id: str) -> Proposal:
    """One proposal by its identifier; NotFound when it is not there or not for this person."""
    found = visible_proposals(standing).filter(public_id=public_id).select_related("author", "spec").first()
    if found is None:
        raise NotFound()
    return found


def visible_images(standing: Standing, proposal: Proposal) -> QuerySet[ProposalImage]:
    """The images that came with a proposal which this person sees; outsiders get them in review and once it is merged."""
    rows = ProposalImage.objects.filter(proposal=proposal)
    shown = proposal.visibility == Visibility.PUBLIC and proposal.state in (
        ProposalState.IN_REVIEW,
        ProposalState.MERGED,
    )
    return rows if standing.is_insider or shown else rows.none()


def can_edit(standing: Standing, proposal: Proposal) -> bool:
    """The author, and every editor."""
    return standing.may(Verb.PROPOSE) and proposal.spec_id == standing.spec.pk


def check_edit(standing: Standing, proposal: Proposal) -> None:
    """Raise NotAllowed unless the person may edit this proposal."""
    if not can_edit(standing, proposal):
        raise NotAllowed("Only an editor or owner of this spec may change a proposal.")


def can_withdraw(standing: Standing, proposal: Proposal) -> bool:
    """Only its author, while a member."""
    return standing.person is not None and standing.person.pk == proposal.author_id and standing.may(Verb.COMMENT)


def can_take_position(standing: Standing, proposal: Proposal) -> bool:
    """Any member but the people who wrote it."""
    return (
        standing.may(Verb.TAKE_POSITION) and standing.person is not None and standing.person.pk not in writers(proposal)
    )


def check_take_position(standing: Standing, proposal: Proposal) -> None:
    """Raise NotAllowed unless the person may take a position on it."""
    standing.check(Verb.TAKE_POSITION)
    if not can_take_position(standing, proposal):
        raise NotAllowed("Authors can’t review their own proposal.")


def can_override(standing: Standing, proposal: Proposal) -> bool:
    """An owner who didn't write in the proposal."""
    return standing.may(Verb.OVERRIDE) and standing.person is not None and standing.person.pk not in writers(proposal)


def check_override(standing: Standing, proposal: Proposal) -> None:
    """Raise NotAllowed unless the person may override concerns about this proposal."""
    standing.check(Verb.OVERRIDE)
    if not can_override(standing, proposal):
        raise NotAllowed("Authors can’t override concerns about their own proposal.")


def writers(proposal: Proposal) -> frozenset[int]:
    """The ids of its author and of everybody who ever changed its words, in whichever patch set."""
    return frozenset({proposal.author_id, *proposal.coauthors.values_list("pk", flat=True)})
