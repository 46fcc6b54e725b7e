"""Release notes, generated from what was merged since the release before."""

from __future__ import annotations

from reviews.models import Release, Revision, Spec


def generated_notes(spec: Spec, previous: Release | None, revision: Revision) -> str:
    """One line a merged proposal, with its author; one for what was imported. A starting point for the release manager."""
    since = previous.revision.number if previous and previous.revision else 0
    rows = Revision.objects.filter(spec=spec, number__gt=since, number__lte=revision.number)
    lines = [_line(row) for row in rows.select_related("proposal__author").order_by("number")]
    return "\n".join(lines) + ("\n" if lines else "")


def _line(revision: Revision) -> str:
    if revision.proposal is not None:
        return f"- {revision.proposal.title} ({revision.proposal.author.name})"
    return f"- {revision.summary}"
