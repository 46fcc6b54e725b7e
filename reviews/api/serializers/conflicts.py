"""What is answered when somebody else was first: the state as it is now, in the shape of its own resource."""

from __future__ import annotations

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from reviews.api.serializers.pages import RefusalOut
from reviews.api.serializers.proposals import ChangeOut, PatchSetOut, ProposalOut, VerdictOut
from reviews.api.serializers.releases import AssemblingOut
from reviews.api.serializers.specs import SpecOut
from reviews.models import Change, PatchSet, Proposal, Release, Spec
from reviews.rules.policy import Verdict

SHAPES: dict[type, type[serializers.Serializer]] = {
    Change: ChangeOut,
    PatchSet: PatchSetOut,
    Proposal: ProposalOut,
    Release: AssemblingOut,
    Spec: SpecOut,
    Verdict: VerdictOut,
}


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="Fresh", serializers=list(SHAPES.values()), resource_type_field_name=None, many=None
    )
)
class FreshField(serializers.JSONField):
    """One of the shapes, a list of them, or null."""


class ConflictOut(RefusalOut):
    """Why something was not done, and the state to look at before trying again; null where there is none."""

    fresh = FreshField(allow_null=True)
