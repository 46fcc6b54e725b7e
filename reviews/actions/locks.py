"""Row locks in the one order that everybody keeps: spec, clause by id, proposal, thread."""

from __future__ import annotations

from reviews.models import Proposal, Release, Spec, Thread


def lock_spec(spec: Spec) -> Spec:
    """The spec's row as it is now; nobody else changes its text, members or policy until the transaction ends."""
    return Spec.objects.select_for_update(no_key=True).get(pk=spec.pk)


def lock_proposal(proposal: Proposal) -> Proposal:
    """The proposal's row as it is now."""
    return Proposal.objects.select_for_update(no_key=True, of=("self",)).select_related("spec").get(pk=proposal.pk)


def lock_thread(thread: Thread) -> Thread:
    """The thread's row as it is now."""
    return Thread.objects.select_for_update(no_key=True, of=("self",)).select_related("spec").get(pk=thread.pk)


def lock_release(release: Release) -> Release:
    """The release's row as it is now."""
    return Release.objects.select_for_update(no_key=True, of=("self",)).select_related("spec").get(pk=release.pk)
