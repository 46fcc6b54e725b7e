"""Releases, and the one that is being assembled."""

from __future__ import annotations

from rest_framework import serializers

from reviews.api.serializers.people import PersonOut
from reviews.models import Release, ReleaseFile


class ReleaseIn(serializers.Serializer):
    label = serializers.CharField(max_length=60, help_text="For example 2026-11-23, or 2.1.0")


class ReleaseOut(serializers.Serializer):
    label = serializers.CharField()
    revision = serializers.IntegerField(source="revision.number")
    previous = serializers.CharField(source="previous.label", default=None, allow_null=True)
    imported = serializers.BooleanField(help_text="Made from outside history: it claims no approvals.")
    release_date = serializers.DateField()
    published_at = serializers.DateTimeField()
    published_by = PersonOut(allow_null=True)


class ReleaseFileOut(serializers.Serializer):
    name = serializers.CharField()
    media_type = serializers.CharField()
    sha256 = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    def get_sha256(self, file: ReleaseFile) -> str:
        return bytes(file.content_hash).hex()

    def get_url(self, file: ReleaseFile) -> str:
        return f"/{self.context['standing'].spec.slug}/{file.release.label}/files/{file.name}"


class ReleaseDetailOut(ReleaseOut):
    notes = serializers.CharField()
    files = ReleaseFileOut(many=True, source="listed_files")


class AssemblingOut(serializers.Serializer):
    """The release that is being assembled; `includes` are the internal proposals that publishing will merge."""

    label = serializers.CharField()
    revision = serializers.IntegerField(source="revision.number")
    previous = serializers.CharField(source="previous.label", default=None, allow_null=True)
    notes = serializers.CharField()
    notes_version = serializers.IntegerField()
    includes = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_includes(self, release: Release) -> list[str]:
        return list(release.includes.order_by("pk").values_list("public_id", flat=True))


class NotesIn(serializers.Serializer):
    notes = serializers.CharField(allow_blank=True, max_length=200_000)
    includes = serializers.ListField(child=serializers.CharField(max_length=20), max_length=200)
    expected_version = serializers.IntegerField(help_text="The `notes_version` that was read.")
