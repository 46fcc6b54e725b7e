"""The outbox: what is promised, and a page on which failed jobs are tried again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from reviews.actions import jobs
from reviews.admin.windows import Window, site
from reviews.models import Job

MOST_SHOWN = 200


class HasFailed(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "waiting"), ("done", "done"), ("failed", "failed")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        states = {"waiting": jobs.WAITING, "done": ~jobs.UNDONE, "failed": jobs.FAILED}
        state = states.get(self.value() or "")
        return queryset if state is None else queryset.filter(state)


@admin.register(Job, site=site)
class JobWindow(Window):
    """Without the arguments: an invitation's secret stands in them until its mail is sent."""

    change_list_template = "admin/reviews/job/list.html"
    list_display = ["key", "name", "created_at", "due_at", "attempts", "done_at", "failed_at"]
    list_filter = [HasFailed, "name"]
    search_fields = ["key"]
    ordering = ["-pk"]
    fields = [
        "key",
        "name",
        "created_at",
        "due_at",
        "leased_until",
        "attempts",
        "failures",
        "give_up_at",
        "done_at",
        "failed_at",
        "reported_at",
        "last_error",
    ]

    def get_urls(self) -> list[URLPattern]:
        return [path("retry/", self.admin_site.admin_view(self.retry), name="reviews_job_retry"), *super().get_urls()]

    def retry(self, request: HttpRequest) -> HttpResponseBase:
        """Show the failed jobs, so that their retry is confirmed; a POST tries the chosen ones again."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._retried(request)
        failed = jobs.failed_jobs()
        context = {
            **self.admin_site.each_context(request),
            "title": "Retry failed jobs",
            "opts": self.opts,
            "jobs": failed[:MOST_SHOWN],
            "count": failed.count(),
        }
        return TemplateResponse(request, "admin/reviews/job/retry.html", context)

    def _retried(self, request: HttpRequest) -> HttpResponse:
        chosen = [int(word) for word in request.POST.getlist("job") if word.isdecimal() and len(word) < 19]
        count = jobs.retry(chosen, now=timezone.now())
        messages.success(request, f"{count} job{'' if count == 1 else 's'} will be tried again.")
        return redirect("admin:reviews_job_changelist")
