"""The changes in the open patch set of a proposal."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reviews.access import proposals as access
from reviews.actions import changes
from reviews.actions.changes import Saver
from reviews.api import base
from reviews.api.auth import asker
from reviews.api.serializers.choices import AUTHORITY
from reviews.api.serializers.proposals import ChangeIn, ChangeOut, SourceIn
from reviews.api.views.proposals import ProposalView
from reviews.errors import Invalid
from reviews.models import Change, Clause, ClauseVersion
from reviews.queries.clauses import clause_of
from reviews.queries.patch_sets import change_of
from reviews.rules.kinds import ChangeKind


class ChangeView(ProposalView):
    def saver(self) -> Saver:
        """Who saves, and when; NotAllowed to whom may not edit the proposal."""
        access.check_edit(self.standing, self.proposal)
        return Saver(by=asker(self.request), now=timezone.now())

    def shown(self, change: Change, status: int = 200) -> Response:
        """The change as it is now."""
        found = change_of(self.standing, self.proposal, change.public_id)
        return Response(ChangeOut(found).data, status=status)


class Changes(ChangeView):
    @extend_schema(tags=["changes"], request=ChangeIn, responses={201: ChangeOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, proposal: str) -> Response:
        """Edit, add, move or delete a clause, or give it another authority."""
        saver, sent = self.saver(), self.sent(ChangeIn)
        return self.shown(self.begun(sent, saver), status=201)

    def begun(self, sent: dict[str, Any], saver: Saver) -> Change:
        """The change that was asked for, in the open patch set."""
        after = self.clause(sent["after"]) if sent["after"] else None
        if sent["kind"] == ChangeKind.ADD:
            return changes.add_clause(self.proposal, source=sent["source"], after=after, saver=saver)
        clause = self.clause(sent["clause"])
        if sent["kind"] == ChangeKind.MOVE:
            return changes.move_clause(self.proposal, clause, after=after, saver=saver)
        if sent["kind"] == ChangeKind.DELETE:
            return changes.delete_clause(self.proposal, clause, saver=saver)
        if sent["kind"] == AUTHORITY:
            return changes.set_authority(self.proposal, clause, authority=sent["authority"], saver=saver)
        return changes.open_clause(self.proposal, clause, saver=saver)

    def clause(self, public_id: str) -> Clause:
        """The clause of this spec."""
        return clause_of(self.standing.spec, public_id)


class OneChange(ChangeView):
    @extend_schema(tags=["changes"], responses={200: ChangeOut, **base.SEEING})
    def get(self, request: Request, slug: str, proposal: str, change: str) -> Response:
        """One change."""
        return self.shown(change_of(self.standing, self.proposal, change))

    @extend_schema(tags=["changes"], request=SourceIn, responses={200: ChangeOut, **base.REFUSALS})
    def put(self, request: Request, slug: str, proposal: str, change: str) -> Response:
        """Keep a new text of the clause; 409 with the stored change when somebody else saved since."""
        saver, sent = self.saver(), self.sent(SourceIn)
        found = change_of(self.standing, self.proposal, change)
        onto = _version(found, sent["onto"])
        version = sent["expected_version"]
        saved = changes.save(found, source=sent["source"], expected_version=version, saver=saver, onto=onto)
        return self.shown(saved)

    @extend_schema(tags=["changes"], responses={204: None, **base.REFUSALS})
    def delete(self, request: Request, slug: str, proposal: str, change: str) -> Response:
        """Take the clause out of the proposal again."""
        saver = self.saver()
        changes.drop(change_of(self.standing, self.proposal, change), saver=saver)
        return Response(status=204)


def _version(change: Change, since: int | None) -> ClauseVersion | None:
    if since is None:
        return None
    found = ClauseVersion.objects.filter(clause=change.clause_id, valid__startswith=since).first()
    if found is None:
        raise Invalid("The clause has no such version.", fields={"onto": "Take `since` of its newest version."})
    return found
