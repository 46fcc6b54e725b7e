"""Specs, their revisions, clauses and clause versions."""

from __future__ import annotations

from rest_framework import serializers

from reviews.api.serializers.choices import ROLES, VISIBILITIES
from reviews.api.serializers.people import PersonOut
from reviews.models import ClauseVersion


class SpecIn(serializers.Serializer):
    slug = serializers.CharField(max_length=60)
    title = serializers.CharField(max_length=200)
    description = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    visibility = serializers.ChoiceField(choices=VISIBILITIES, required=False, default="internal")


class SpecOut(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    visibility = serializers.ChoiceField(choices=VISIBILITIES)
    head = serializers.IntegerField(help_text="Number of the newest revision, 0 while the spec is empty.")
    newest_release = serializers.CharField(source="newest_label", allow_null=True)
    my_roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLES), allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class AuthorityLevelOut(serializers.Serializer):
    name = serializers.CharField()
    rank = serializers.IntegerField(help_text="1 is the highest.")
    required_supports = serializers.IntegerField()


class SpecDetailOut(SpecOut):
    default_supports = serializers.IntegerField()
    authority_levels = AuthorityLevelOut(many=True)


class RevisionOut(serializers.Serializer):
    """One atomic change of a spec; of an internal proposal outsiders learn only that it came with a release."""

    number = serializers.IntegerField()
    parent = serializers.IntegerField(source="revision.parent.number", default=None, allow_null=True)
    author = PersonOut(allow_null=True, help_text="Who wrote the proposal, or imported the document.")
    merged_by = PersonOut(allow_null=True)
    proposal = serializers.CharField(source="proposal.public_id", default=None, allow_null=True)
    imported_from = serializers.CharField(source="revision.imported_from")
    summary = serializers.CharField()
    created_at = serializers.DateTimeField(source="revision.created_at")


class ClauseVersionOut(serializers.Serializer):
    """One state of a clause, valid from revision `since` until the one before `until`."""

    clause = serializers.CharField(source="clause.public_id")
    since = serializers.IntegerField()
    until = serializers.IntegerField(allow_null=True)
    anchor = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    level = serializers.IntegerField(help_text="Of the heading; 0 for text before the first one.")
    authority = serializers.CharField(source="authority.name", default=None, allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    source_hash = serializers.SerializerMethodField(help_text="SHA-256 of the source, in hexadecimal digits.")

    def get_source_hash(self, version: ClauseVersion) -> str:
        return bytes(version.source_hash).hex()


class ClauseVersionDetailOut(ClauseVersionOut):
    source = serializers.CharField()


class RevisionFilters(serializers.Serializer):
    revision = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=1, max_value=2**31 - 1, help_text="Newest when absent."
    )
