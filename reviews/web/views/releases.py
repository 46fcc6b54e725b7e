"""The releases of a spec: the list, one of them with its files, and assembling the next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reviews.access.releases import assembling
from reviews.access.specs import Standing
from reviews.actions import releases
from reviews.errors import Conflict, IllegalMove, Invalid, NotFound
from reviews.models import Release
from reviews.queries import releases as queries
from reviews.rules.roles import Verb
from reviews.web.confirmation import Question, ask, is_confirmed
from reviews.web.forms import errors
from reviews.web.forms.releases import LabelForm, NotesForm
from reviews.web.pages.releases import assembling_page, notes_conflict, publishing_page, release_page, row
from reviews.web.pages.shell import page
from reviews.web.requests import standing_of
from reviews.web.responses import SeeOther, next_url, status_for

DOWNLOAD_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """All releases, newest first; for who publishes, the one that is being assembled."""
    standing = standing_of(request, slug)
    after = request.GET.get("after", "")
    found = queries.listed(standing, after=after)
    shown = {
        "rows": [row(standing, one) for one in found.rows],
        "next_url": next_url(found.after),
        "first_url": "?" if after else "",
        "may_publish": standing.may(Verb.PUBLISH),
        "assembling": assembling(standing),
        "root": f"/{slug}/",
        "indexed": standing.spec.is_public,
    }
    return page(request, "reviews/releases/index.html", shown, standing=standing, here="releases")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a release of the present draft."""
    standing = _publisher(request, slug)
    if assembling(standing) is not None:
        return SeeOther(f"/{slug}/releases/assembling/")
    form = LabelForm(request.POST or None, initial={"label": timezone.now().date().isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            releases.assemble(standing.spec, label=form.cleaned_data["label"], by=standing.person, now=timezone.now())
            return SeeOther(f"/{slug}/releases/assembling/")
        except Invalid as refusal:
            errors.show(form, refusal)
    return page(
        request,
        "reviews/releases/new.html",
        {"form": form},
        standing=standing,
        here="releases",
        status=status_for(form),
    )


@require_http_methods(["GET", "POST"])
def assemble(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed since the last release, its notes, what goes in; a POST keeps the notes."""
    standing = _publisher(request, slug)
    release = _assembling(standing)
    if request.method != "POST":
        return _assembling_page(request, standing, release)
    refused = _keep_notes(request, standing, release)
    if refused is not None:
        return refused
    messages.success(request, "The notes are saved.")
    return SeeOther(f"/{slug}/releases/assembling/")


@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Save the notes as they were sent and ask; published is what the page that asked showed."""
    standing = _publisher(request, slug)
    release = _assembling(standing)
    if not is_confirmed(request):
        refused = _keep_notes(request, standing, release)
        return refused or _ask_to_publish(request, standing)
    if request.POST.get("version") != str(release.notes_version):
        messages.warning(request, "Somebody else changed the notes. Look at them again.")
        return _ask_to_publish(request, standing)
    try:
        releases.publish(release, by=standing.person, now=timezone.now())
    except (Conflict, IllegalMove, Invalid) as refusal:
        return _assembling_page(request, standing, _assembling(standing), refusals=[refusal.sentence], status=409)
    messages.success(request, f"Release {release.label} is published. Its files are being made.")
    return SeeOther(f"/{slug}/releases/{release.label}/")


def _ask_to_publish(request: HttpRequest, standing: Standing) -> HttpResponse:
    release = _assembling(standing)
    return ask(request, standing, _publishing(standing, release), sent=[("version", str(release.notes_version))])


def _publishing(standing: Standing, release: Release) -> Question:
    return Question(
        title=f"Publish release {release.label}?",
        consequences=[
            "A published release never changes. A mistake is corrected by a new release.",
            "Members are told by e-mail, and the files are made for download.",
        ],
        action="Publish",
        cancel_url=f"/{standing.spec.slug}/releases/assembling/",
        template="reviews/releases/confirm.html",
        more=publishing_page(standing, release),
    )


@require_POST
def abandon(request: HttpRequest, slug: str) -> HttpResponse:
    """Discard the release that is being assembled."""
    standing = _publisher(request, slug)
    if not is_confirmed(request):
        consequences = ["Its notes are lost. Nothing was published, and its name can be used again."]
        back = f"/{slug}/releases/assembling/"
        return ask(request, standing, Question("Discard this release?", consequences, "Discard", back))
    releases.abandon(_assembling(standing), by=standing.person, now=timezone.now())
    messages.success(request, "The release is discarded. Nothing was published.")
    return SeeOther(f"/{slug}/releases/")


@require_safe
def detail(request: HttpRequest, slug: str, label: str) -> HttpResponse:
    """A release: its notes, what changed, its files, comparisons."""
    standing = standing_of(request, slug)
    shown = release_page(standing, queries.get_published(standing, label))
    shown["indexed"] = standing.spec.is_public
    return page(request, "reviews/releases/release.html", shown, standing=standing, here="releases", version=label)


@require_safe
def file(request: HttpRequest, slug: str, label: str, name: str) -> HttpResponse:
    """A file of a release, to be kept."""
    standing = standing_of(request, slug)
    found = queries.get_file(standing, label, name)
    tag = f'"{bytes(found.content_hash).hex()}"'
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    response["ETag"] = tag
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["Content-Security-Policy"] = DOWNLOAD_POLICY
    response["Cache-Control"] = f"{'public' if standing.spec.is_public else 'private'}, no-cache"
    return response


def _publisher(request: HttpRequest, slug: str) -> Standing:
    standing = standing_of(request, slug)
    standing.check(Verb.PUBLISH)
    return standing


def _assembling(standing: Standing) -> Release:
    found = assembling(standing)
    if found is None:
        raise NotFound("No release is being assembled.")
    return found


def _keep_notes(request: HttpRequest, standing: Standing, release: Release) -> HttpResponse | None:
    """Save what was sent; the page again with all three texts when somebody else saved first."""
    found = queries.candidates(standing, release)
    form = NotesForm(request.POST)
    form.fields["includes"].choices = [(one.proposal.public_id, one.proposal.title) for one in found]
    if not form.is_valid():
        sentences = [f"{name}: {why}" for name, reasons in form.errors.items() for why in reasons]
        return _assembling_page(
            request, standing, release, refusals=sentences, notes=request.POST.get("notes", ""), status=422
        )
    sent = form.cleaned_data
    chosen = [one.proposal for one in found if one.proposal.public_id in sent["includes"]]
    try:
        releases.edit_notes(
            release,
            notes=sent["notes"],
            includes=chosen,
            expected_version=sent["version"],
            by=standing.person,
            now=timezone.now(),
        )
    except Conflict as refusal:
        conflict = notes_conflict(refusal, base=sent["base"], mine=sent["notes"], chosen=sent["includes"])
        return _assembling_page(request, standing, refusal.fresh, conflict=conflict, status=409)
    return None


def _assembling_page(request: HttpRequest, standing: Standing, release: Release, **options: Any) -> HttpResponse:
    shown = assembling_page(standing, release, conflict=options.get("conflict"))
    shown |= {"refusals": options.get("refusals", [])}
    if "notes" in options:
        shown["notes"] = options["notes"]
    status = options.get("status", 200)
    return page(request, "reviews/releases/assembling.html", shown, standing=standing, here="releases", status=status)
