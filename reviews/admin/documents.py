"""Specs and what their documents are made of."""

from __future__ import annotations

from django.contrib import admin

from reviews.admin.windows import Window, site
from reviews.models import ClauseVersion, Release, Revision, Spec


@admin.register(Spec, site=site)
class SpecWindow(Window):
    list_display = ["slug", "title", "visibility", "head", "archived_at", "created_at"]
    list_filter = ["visibility"]
    search_fields = ["slug", "title"]
    ordering = ["slug"]
    fields = ["slug", "title", "description", "visibility", "head", "default_supports", "archived_at", "created_at"]


@admin.register(Revision, site=site)
class RevisionWindow(Window):
    list_display = ["spec", "number", "summary", "author", "imported_from", "created_at"]
    list_select_related = ["spec", "author"]
    list_filter = ["spec"]
    ordering = ["-pk"]
    fields = ["spec", "number", "summary", "author", "proposal", "imported_from", "ends_in_newline", "created_at"]


@admin.register(ClauseVersion, site=site)
class ClauseVersionWindow(Window):
    list_display = ["spec", "anchor", "title", "level", "authority", "valid"]
    list_select_related = ["spec", "authority"]
    list_filter = ["spec"]
    search_fields = ["anchor", "title"]
    ordering = ["-pk"]
    fields = ["spec", "clause", "valid", "anchor", "title", "level", "authority", "tags", "order_key", "source"]


@admin.register(Release, site=site)
class ReleaseWindow(Window):
    list_display = ["spec", "label", "state", "revision", "imported", "published_at", "published_by"]
    list_select_related = ["spec", "revision", "published_by"]
    list_filter = ["state", "spec"]
    ordering = ["-pk"]
    fields = ["spec", "label", "state", "revision", "previous", "imported", "notes", "release_date", "published_by"]
