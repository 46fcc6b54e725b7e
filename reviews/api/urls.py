"""The addresses of the API, version 1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from reviews.actions.releases import LABEL_IN_ADDRESS
from reviews.api.views import changes, docs, proposals, releases, specs, threads

proposal = [
    path("patch-sets", proposals.PatchSets.as_view()),
    path("patch-sets/<int:number>", proposals.OnePatchSet.as_view()),
    path("changes", changes.Changes.as_view()),
    path("changes/<slug:change>", changes.OneChange.as_view()),
    path("positions", proposals.Positions.as_view()),
    path("positions/<slug:position>/override", proposals.Override.as_view()),
    path("submit", proposals.Submission.as_view()),
    path("withdraw", proposals.Withdrawal.as_view()),
    path("reject", proposals.Rejection.as_view()),
    path("reopen", proposals.Reopening.as_view()),
    path("merge", proposals.Merge.as_view()),
]
spec = [
    path("revisions", specs.Revisions.as_view()),
    path("revisions/<int:number>", specs.OneRevision.as_view()),
    path("revisions/<int:number>/document", specs.Document.as_view()),
    path("clauses", specs.Clauses.as_view()),
    path("clauses/<slug:clause>", specs.OneClause.as_view()),
    path("clauses/<slug:clause>/versions", specs.Versions.as_view()),
    path("clauses/<slug:clause>/versions/<int:since>", specs.OneVersion.as_view()),
    path("threads", threads.Threads.as_view()),
    path("threads/<slug:thread>", threads.OneThread.as_view()),
    path("threads/<slug:thread>/comments", threads.Comments.as_view()),
    path("threads/<slug:thread>/comments/<slug:comment>", threads.OneComment.as_view()),
    path("threads/<slug:thread>/moves", threads.Moves.as_view()),
    path("proposals", proposals.Proposals.as_view()),
    path("proposals/<slug:proposal>", proposals.OneProposal.as_view()),
    path("proposals/<slug:proposal>/", include(proposal)),
    path("releases", releases.Releases.as_view()),
    re_path(rf"^releases/(?P<label>{LABEL_IN_ADDRESS})$", releases.OneRelease.as_view()),
    path("assembling", releases.Assembling.as_view()),
    path("assembling/publish", releases.Publication.as_view()),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/docs/", docs.page),
    path("v1/schema", docs.Schema.as_view()),
    path("v1/me", specs.Me.as_view()),
    path("v1/specs", specs.Specs.as_view()),
    path("v1/specs/<slug:slug>", specs.OneSpec.as_view()),
    path("v1/specs/<slug:slug>/", include(spec)),
    re_path("", docs.Nowhere.as_view()),
]
