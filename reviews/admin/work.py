"""Proposals, threads, the audit record."""

from __future__ import annotations

from django.contrib import admin

from reviews.admin.windows import Window, site
from reviews.models import Event, Proposal, Thread


@admin.register(Proposal, site=site)
class ProposalWindow(Window):
    list_display = ["spec", "title", "state", "visibility", "author", "submitted_at", "closed_at"]
    list_select_related = ["spec", "author"]
    list_filter = ["state", "visibility", "spec"]
    search_fields = ["title", "public_id"]
    ordering = ["-pk"]
    fields = ["public_id", "spec", "title", "rationale", "state", "visibility", "author", "closing_reason"]


@admin.register(Thread, site=site)
class ThreadWindow(Window):
    list_display = ["spec", "public_id", "kind", "state", "visibility", "created_by", "created_at"]
    list_select_related = ["spec", "created_by"]
    list_filter = ["state", "kind", "visibility", "spec"]
    search_fields = ["public_id"]
    ordering = ["-pk"]
    fields = ["public_id", "spec", "clause", "proposal", "kind", "state", "visibility", "quote", "closing_reason"]


@admin.register(Event, site=site)
class EventWindow(Window):
    list_display = ["at", "spec", "kind", "visibility", "actor"]
    list_select_related = ["spec", "actor"]
    list_filter = ["kind", "visibility", "spec"]
    ordering = ["-pk"]
    fields = ["public_id", "at", "spec", "kind", "visibility", "actor", "proposal", "thread", "release", "data"]
