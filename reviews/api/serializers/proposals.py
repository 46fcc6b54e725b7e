"""Proposals, patch sets, changes, positions."""

from __future__ import annotations

from rest_framework import serializers

from reviews.actions.changes import LONGEST_SOURCE
from reviews.api.serializers.choices import (
    CHANGE_KINDS,
    CHANGE_REQUESTS,
    POSITION_KINDS,
    PROPOSAL_STATES,
    VISIBILITIES,
)
from reviews.api.serializers.people import PersonOut
from reviews.rules.kinds import ChangeKind

LONGEST_WORDS = 20_000


class ProposalIn(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    rationale = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_WORDS)
    visibility = serializers.ChoiceField(
        choices=VISIBILITIES, required=False, default="public", help_text="Fixed from the beginning."
    )


class DetailsIn(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    rationale = serializers.CharField(allow_blank=True, max_length=LONGEST_WORDS)
    expected_version = serializers.IntegerField(help_text="The `details_version` that was read.")


class ReasonIn(serializers.Serializer):
    reason = serializers.CharField(max_length=LONGEST_WORDS)


class OverrideIn(ReasonIn):
    patch_set = serializers.IntegerField(
        required=False, default=None, allow_null=True, help_text="The one that was read; null: the newest."
    )


class GroundsIn(serializers.Serializer):
    grounds = serializers.CharField(max_length=LONGEST_WORDS)


class VerdictOut(serializers.Serializer):
    """Where the approval stands."""

    sentence = serializers.CharField()
    needed = serializers.IntegerField()
    supports = serializers.IntegerField()
    concerns = serializers.ListField(child=serializers.CharField())
    stale = serializers.ListField(child=serializers.CharField())
    approved = serializers.BooleanField()
    ready = serializers.BooleanField(help_text="It may be merged now.")


class ProposalOut(serializers.Serializer):
    id = serializers.CharField(source="public_id")
    title = serializers.CharField()
    rationale = serializers.CharField()
    state = serializers.ChoiceField(choices=PROPOSAL_STATES)
    visibility = serializers.ChoiceField(choices=VISIBILITIES)
    author = PersonOut()
    closing_reason = serializers.CharField()
    details_version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class ProposalDetailOut(ProposalOut):
    patch_set = serializers.IntegerField(allow_null=True, help_text="The newest that was submitted.")
    approval = VerdictOut()


class ProposalFilters(serializers.Serializer):
    state = serializers.ChoiceField(choices=PROPOSAL_STATES, required=False)


class ChangeIn(serializers.Serializer):
    """What is to be done to a clause. An edit opens the clause in the proposal; its new text is then put to the change."""

    kind = serializers.ChoiceField(choices=CHANGE_REQUESTS)
    clause = serializers.CharField(required=False, default="", allow_blank=True, max_length=20)
    after = serializers.CharField(
        required=False, default=None, allow_null=True, max_length=20, help_text="For add and move; null: the beginning."
    )
    source = serializers.CharField(
        required=False, default="", allow_blank=True, trim_whitespace=False, max_length=LONGEST_SOURCE
    )
    authority = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)

    def validate(self, given: dict[str, object]) -> dict[str, object]:
        needed = "source" if given["kind"] == ChangeKind.ADD else "clause"
        if not given[needed]:
            raise serializers.ValidationError({needed: "This is needed."})
        return given


class SourceIn(serializers.Serializer):
    """The new text of a clause; `onto` says that it was brought up to date with the version of that revision."""

    source = serializers.CharField(trim_whitespace=False, max_length=LONGEST_SOURCE)
    expected_version = serializers.IntegerField(help_text="The `version` of the change that was read.")
    onto = serializers.IntegerField(required=False, default=None, allow_null=True, min_value=1, max_value=2**31 - 1)


class ChangeOut(serializers.Serializer):
    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=CHANGE_KINDS)
    clause = serializers.CharField(source="clause.public_id", default=None, allow_null=True)
    base = serializers.IntegerField(
        source="base_version.since", default=None, allow_null=True, help_text="`since` of the version it was made on."
    )
    source = serializers.CharField()
    placed = serializers.BooleanField(help_text="It has a new place: behind `after`, or at the beginning.")
    after = serializers.CharField(source="after.public_id", default=None, allow_null=True)
    version = serializers.IntegerField(help_text="Counts the saves.")
    saved_by = PersonOut()
    saved_at = serializers.DateTimeField()


class PatchSetOut(serializers.Serializer):
    number = serializers.IntegerField()
    base = serializers.IntegerField(help_text="The revision that it was made on.")
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    submitted_by = PersonOut(allow_null=True)


class PatchSetDetailOut(PatchSetOut):
    changes = ChangeOut(many=True, source="listed_changes")


class PositionIn(serializers.Serializer):
    kind = serializers.ChoiceField(choices=POSITION_KINDS)
    patch_set = serializers.IntegerField(help_text="The one that was read.")
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_WORDS)


class PositionOut(serializers.Serializer):
    id = serializers.CharField(source="public_id")
    patch_set = serializers.IntegerField(source="patch_set.number")
    person = PersonOut()
    kind = serializers.ChoiceField(choices=POSITION_KINDS)
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
