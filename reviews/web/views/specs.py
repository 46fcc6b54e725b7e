"""The list of specs, a new one, its settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviews.access.specs import Standing, check_signed_in
from reviews.actions import specs
from reviews.errors import Conflict, Invalid
from reviews.queries.specs import approvers, levels, listed, public_part
from reviews.rules.kinds import Visibility
from reviews.rules.roles import Role, Verb
from reviews.web.confirmation import Question, ask, is_confirmed
from reviews.web.forms import errors
from reviews.web.forms.specs import LevelForms, SettingsForm, SpecForm, level_forms, settings_form, written_levels
from reviews.web.pages.shell import page
from reviews.web.requests import person_of, standing_of
from reviews.web.responses import SeeOther, next_url, status_for


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All specs that this person may see."""
    after = request.GET.get("after", "")
    found = listed(person_of(request), after=after)
    rows = [{"spec": spec, "roles": [Role(role).label for role in spec.my_roles or ()]} for spec in found.rows]
    shown = {"rows": rows, "next_url": next_url(found.after), "first_url": "?" if after else ""}
    return page(request, "reviews/specs/index.html", shown)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new spec, whose creator becomes its owner."""
    person = check_signed_in(person_of(request))
    form = SpecForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            spec = specs.create(**form.cleaned_data, by=person, now=timezone.now())
            messages.success(request, "The spec is created. Import its text, then invite an approver under Members.")
            return SeeOther(f"/{spec.slug}/")
        except Invalid as refusal:
            errors.show(form, refusal)
    return page(request, "reviews/specs/new.html", {"form": form}, status=status_for(form))


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Title, description, visibility; below, the authority levels and the archive."""
    standing = configuring(request, slug)
    if request.method == "GET":
        return _settings(request, standing)
    form = SettingsForm(request.POST)
    if form.is_valid():
        becomes_public = form.cleaned_data["visibility"] == Visibility.PUBLIC and not standing.spec.is_public
        if becomes_public and not is_confirmed(request):
            return ask(request, standing, making_public(standing))
        try:
            specs.configure(standing.spec, **form.cleaned_data, by=standing.person, now=timezone.now())
            messages.success(request, "The settings are saved.")
            return SeeOther(f"/{slug}/settings/")
        except Invalid as refusal:
            errors.show(form, refusal)
    return _settings(request, standing, form=form, status=422)


def making_public(standing: Standing) -> Question:
    """What an owner is told before a spec becomes public."""
    part = public_part(standing.spec)
    return Question(
        title="Make this spec public?",
        consequences=[
            f"Everybody can read it at once, without an account: {counted(part.clauses, 'clause')} of the draft with their"
            f" whole history, and {counted(part.releases, 'release')}.",
            f"They can also read {counted(part.proposals, 'public proposal')} and {counted(part.threads, 'public thread')}"
            f" with the names of {counted(part.writers, 'person', 'people')} who wrote in them.",
            "Internal proposals and internal comments stay visible to members only.",
            "You can make the spec internal again, but not what others have read or copied meanwhile.",
        ],
        action="Make it public",
        cancel_url=f"/{standing.spec.slug}/settings/",
    )


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@require_POST
def set_levels(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the table of authority levels; a refusal shows it again as it was written."""
    standing = configuring(request, slug)
    table = LevelForms(request.POST, prefix="levels")
    if not table.is_valid():
        return _settings(request, standing, table=table, status=422)
    try:
        specs.set_levels(standing.spec, levels=written_levels(table), by=standing.person, now=timezone.now())
    except (Invalid, Conflict) as refusal:
        return _settings(request, standing, table=table, refusal=refusal, status=422)
    messages.success(request, "The authority levels are saved.")
    return SeeOther(f"/{slug}/settings/#levels")


@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the spec read-only."""
    standing = configuring(request, slug)
    specs.archive(standing.spec, by=standing.person, now=timezone.now())
    messages.success(request, "The spec is archived: it can be read, and brought back here.")
    return SeeOther(f"/{slug}/settings/")


@require_POST
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring it back."""
    standing = configuring(request, slug)
    specs.restore(standing.spec, by=standing.person, now=timezone.now())
    messages.success(request, "The spec is back.")
    return SeeOther(f"/{slug}/settings/")


def configuring(request: HttpRequest, slug: str) -> Standing:
    """The standing of somebody who may configure the spec; NotAllowed otherwise."""
    standing = standing_of(request, slug)
    standing.check(Verb.CONFIGURE)
    return standing


def _settings(request: HttpRequest, standing: Standing, **shown: object) -> HttpResponse:
    status = shown.pop("status", 200)
    shown.setdefault("form", settings_form(standing.spec))
    shown.setdefault("table", level_forms(levels(standing.spec)))
    shown.update(approvers=approvers(standing.spec), members_url=f"/{standing.spec.slug}/members/")
    shown.update(settings_url=f"/{standing.spec.slug}/settings/", is_internal=not standing.spec.is_public)
    return page(request, "reviews/specs/settings.html", dict(shown), standing=standing, status=status)
