"""People, memberships, invitations, tokens: without anything that opens a door."""

from __future__ import annotations

from django.contrib import admin

from reviews.admin.windows import Window, site
from reviews.models import ApiToken, Invitation, Membership, User


@admin.register(User, site=site)
class UserWindow(Window):
    list_display = ["email", "name", "is_active", "is_staff", "joined_at", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    fields = ["public_id", "email", "name", "is_active", "is_staff", "joined_at", "last_login"]


@admin.register(Membership, site=site)
class MembershipWindow(Window):
    list_display = ["spec", "user", "roles", "created_at"]
    list_select_related = ["spec", "user"]
    search_fields = ["user__email", "spec__slug"]
    ordering = ["-pk"]
    fields = ["spec", "user", "roles", "created_at"]


@admin.register(Invitation, site=site)
class InvitationWindow(Window):
    list_display = ["spec", "email", "roles", "expires_at", "accepted_at", "revoked_at"]
    list_select_related = ["spec"]
    ordering = ["-pk"]
    fields = ["spec", "email", "roles", "created_by", "created_at", "expires_at", "accepted_at", "revoked_at"]


@admin.register(ApiToken, site=site)
class ApiTokenWindow(Window):
    list_display = ["user", "name", "expires_at", "revoked_at", "last_used_at"]
    list_select_related = ["user"]
    ordering = ["-pk"]
    fields = ["user", "name", "created_at", "expires_at", "revoked_at", "last_used_at"]
