"""Consultations: the list, one of them, preparing, opening and closing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviews.access.consultations import get_visible
from reviews.access.specs import Standing, check_signed_in
from reviews.actions import consultations as actions
from reviews.errors import Conflict, IllegalMove, Invalid
from reviews.models import Consultation
from reviews.queries import consultations as queries
from reviews.rules.roles import Verb
from reviews.web.confirmation import Question, ask, is_confirmed
from reviews.web.forms import errors
from reviews.web.forms.feedback import CallForm, call_form
from reviews.web.pages.feedback import consultation_page, consultation_row
from reviews.web.pages.shell import page
from reviews.web.requests import standing_of, status_of, whole_number
from reviews.web.responses import SeeOther, next_url, status_for


@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """What the public is asked, and how to take part."""
    standing, now = standing_of(request, slug), timezone.now()
    manages = standing.may(Verb.MODERATE)
    shown = {
        "rows": [consultation_row(standing, one, now=now) for one in queries.listed(standing)],
        "new_url": reverse("consultation_new", args=[slug]) if manages else "",
        "desk_url": reverse("submission_desk", args=[slug]) if manages else "",
        "waiting": queries.desk_counts(standing)["pending"] if manages else 0,
    }
    return page(request, "reviews/consultations/index.html", shown, standing=standing, here="feedback")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Prepare a consultation as a draft."""
    standing = standing_of(request, slug)
    standing.check(Verb.MODERATE)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person, now = check_signed_in(standing.person), timezone.now()
        permanent = form.cleaned_data["is_permanent"]
        try:
            made = actions.create(standing.spec, call=form.call(), by=person, now=now, is_permanent=permanent)
            messages.success(request, "The consultation is a draft. Open or schedule it when it is ready.")
            return SeeOther(reverse("consultation", args=[slug, made.public_id]))
        except (Invalid, Conflict) as refusal:
            errors.show(form, refusal)
    shown = {"form": form, "title": "New consultation", "cancel_url": reverse("consultations", args=[slug])}
    status = status_for(form)
    template = "reviews/consultations/form.html"
    return page(request, template, shown, standing=standing, here="feedback", status=status)


@require_GET
def one(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What is asked, until when, how many took part, what was published, what happens next."""
    standing = standing_of(request, slug)
    return _page(request, standing, get_visible(standing, public_id))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Change what it says, or extend it."""
    standing = standing_of(request, slug)
    standing.check(Verb.MODERATE)
    consultation = get_visible(standing, public_id)
    form = call_form(consultation, request.POST or None)
    version = request.POST.get("version") or str(consultation.version)
    if request.method == "POST" and form.is_valid():
        try:
            call = form.call()
            actions.change(
                consultation, call=call, expected_version=whole_number(version), by=standing.person, now=timezone.now()
            )
            messages.success(request, "The consultation is saved.")
            return SeeOther(reverse("consultation", args=[slug, public_id]))
        except (Invalid, Conflict) as refusal:
            errors.show(form, refusal)
            if isinstance(refusal, Conflict):
                version = str(refusal.fresh.version)
    back = reverse("consultation", args=[slug, public_id])
    shown = {"form": form, "title": "Edit the consultation", "cancel_url": back, "version": version}
    status = status_for(form)
    template = "reviews/consultations/form.html"
    return page(request, template, shown, standing=standing, here="feedback", status=status)


@require_POST
def move(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Schedule, open, close it, or mark it as answered."""
    standing = standing_of(request, slug)
    standing.check(Verb.MODERATE)
    consultation = get_visible(standing, public_id)
    verb = request.POST.get("move", "")
    back = reverse("consultation", args=[slug, public_id])
    if verb == "close" and not is_confirmed(request):
        consequences = ["No more feedback is taken. You can extend it later by a new closing time."]
        return ask(request, standing, Question("Close this consultation?", consequences, "Close", back))
    if verb not in ("schedule", "open", "close", "extend", "answer"):
        raise Invalid("Choose what to do.")
    try:
        moved = actions.move(consultation, verb=verb, by=check_signed_in(standing.person), now=timezone.now())
    except (Invalid, IllegalMove) as refusal:
        said = errors.sentences(refusal)
        return _page(request, standing, consultation, errors=said, status=status_of(refusal))
    messages.success(request, f"The consultation is {moved.state}.")
    return SeeOther(back)


def _page(request: HttpRequest, standing: Standing, consultation: Consultation, **options: object) -> HttpResponse:
    after = request.GET.get("after", "")
    shown = consultation_page(standing, consultation, now=timezone.now(), after=after)
    shown |= {"errors": options.get("errors", []), "next_url": next_url(shown["after"])}
    status = options.get("status", 200)
    template = "reviews/consultations/consultation.html"
    return page(request, template, shown, standing=standing, here="feedback", status=status)
