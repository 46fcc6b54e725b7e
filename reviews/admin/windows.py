"""What all windows are: read-only, for active staff, without secrets and large columns."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class Site(admin.AdminSite):
    """A site of its own, so that no other app puts a door into it."""

    site_header = site_title = "Administration windows"
    index_title = "What is stored; nothing can be changed here"
    enable_nav_sidebar = False


site = Site(name="admin")


class Window(admin.ModelAdmin):
    """A list and a page of columns; no row can be added, changed or deleted, whoever looks."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
