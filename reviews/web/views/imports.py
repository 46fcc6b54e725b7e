"""Importing from the browser: upload, look at what it would do, decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from reviews.access.specs import Standing, check_signed_in
from reviews.actions import uploads
from reviews.actions.uploads import Decision
from reviews.errors import Conflict, Invalid, Refusal
from reviews.models import KeptUpload
from reviews.queries.imports import beside, image_of, report
from reviews.queries.incoming import Step, compare
from reviews.queries.uploads import has_text, kept
from reviews.rules.roles import Verb
from reviews.text import incoming
from reviews.web.confirmation import Question, ask, is_confirmed
from reviews.web.forms import errors
from reviews.web.forms.imports import DIRECTLY, MOST_STEPS, DecisionForm, StepForms, UploadForm, step_forms
from reviews.web.pages.imports import preview
from reviews.web.pages.shell import page
from reviews.web.requests import standing_of
from reviews.web.responses import SeeOther, status_for


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """The form to send a file; what it would do is shown on the next page."""
    standing = importing(request, slug)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            return SeeOther(f"/{slug}/import/{_keep(standing, form).public_id}/")
        except Invalid as refusal:
            errors.show(form, refusal)
    shown = {"form": form, "has_text": has_text(standing)}
    return page(request, "reviews/imports/new.html", shown, standing=standing, status=status_for(form))


@never_cache
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What the file would do, with the lineage to confirm; sent again, it looks again or does it."""
    standing = importing(request, slug)
    waiting = kept(standing, public_id)
    if waiting.used_at is not None:
        return SeeOther(_where_it_went(waiting))
    decision = _decision_form(request, standing, waiting)
    if request.method == "GET":
        return _preview(request, standing, waiting, decision=decision)
    table = StepForms(request.POST, prefix="lineage")
    if not (table.is_valid() and decision.is_valid()):
        return _preview(request, standing, waiting, decision=decision, table=table, status=422)
    steps = [form.step() for form in table]
    if "look" in request.POST:
        return _preview(request, standing, waiting, decision=decision, table=table, steps=steps, fresh=True)
    try:
        return _done(request, standing, waiting, decision, steps)
    except (Invalid, Conflict) as refusal:
        errors.show(decision, refusal)
        fresh = isinstance(refusal, Conflict)
        return _preview(
            request, standing, waiting, decision=decision, table=table, steps=steps, fresh=fresh, status=422
        )


@require_POST
def forget(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Discard the upload."""
    standing = importing(request, slug)
    waiting = kept(standing, public_id)
    if not is_confirmed(request):
        consequences = ["Nothing was changed by it. To use it later, upload the file again."]
        back = f"/{slug}/import/{public_id}/"
        return ask(request, standing, Question("Discard this upload?", consequences, "Discard", back))
    uploads.forget(waiting)
    messages.success(request, "The upload is discarded. Nothing was changed.")
    return SeeOther(f"/{slug}/draft/")


def _where_it_went(used: KeptUpload) -> str:
    root = f"/{used.spec.slug}/"
    return f"{root}proposals/{used.proposal.public_id}/edit/" if used.proposal else f"{root}draft/"


def importing(request: HttpRequest, slug: str) -> Standing:
    """The standing of somebody who may import."""
    standing = standing_of(request, slug)
    standing.check(Verb.IMPORT)
    return standing


def _keep(standing: Standing, form: UploadForm) -> KeptUpload:
    file = form.cleaned_data["file"]
    if file.size > incoming.LARGEST:
        raise Invalid("This file is too large: 20 MB are the limit.", fields={"file": "At most 20 MB."})
    images = {image.name: image.read() for image in form.cleaned_data["images"]}
    person, now = check_signed_in(standing.person), timezone.now()
    return uploads.keep(standing.spec, name=file.name, content=file.read(), images=images, by=person, now=now)


def _decision_form(request: HttpRequest, standing: Standing, waiting: KeptUpload) -> DecisionForm:
    there = has_text(standing)
    override = there and standing.may(Verb.IMPORT_DIRECTLY)
    initial = {"title": uploads.proposed_title(waiting)}
    data = request.POST if request.method == "POST" else None
    return DecisionForm(data, initial=initial, has_text=there, override=override)


def _done(
    request: HttpRequest, standing: Standing, waiting: KeptUpload, form: DecisionForm, steps: Sequence[Step]
) -> HttpResponse:
    """Import or propose it, as was decided, and lead there."""
    person, now, root = check_signed_in(standing.person), timezone.now(), f"/{standing.spec.slug}/"
    given = {name: value for name, value in form.cleaned_data.items() if name != "how"}
    decision = Decision(lineage=steps, accept=len(steps) == MOST_STEPS, **given)
    if has_text(standing) and form.cleaned_data.get("how") != DIRECTLY:
        proposal = uploads.propose_kept(waiting, decision, by=person, now=now)
        messages.success(request, "The proposal is a draft. Read it through, then submit it for review.")
        return SeeOther(f"{root}proposals/{proposal.public_id}/edit/")
    done = uploads.import_kept(waiting, decision, by=person, now=now)
    if done is None:
        return SeeOther(f"{root}draft/")
    said = f"Imported as revision {done.revision.number}." if done.revision else "The draft is the same as this file."
    messages.success(request, said)
    return SeeOther(f"{root}draft/")


def _preview(
    request: HttpRequest,
    standing: Standing,
    waiting: KeptUpload,
    *,
    decision: DecisionForm,
    table: Any = None,
    steps: Sequence[Step] = (),
    fresh: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page, for the steps that were sent where they can be; where they cannot, as the texts suggest.

    `fresh` shows the table of steps as it is now, with those that were sent in it.
    """
    text = incoming.decoded(bytes(waiting.content))
    try:
        found = compare(standing.spec, text, given=steps)
    except Invalid as refusal:
        _say_once(decision, refusal)
        found, fresh, status = compare(standing.spec, text), False, 422
    images = list(waiting.images.values_list("name", flat=True))
    told = report(found, beside(standing.spec, evaluations=None, images=images))
    shown = {
        **preview(found, told),
        "upload": waiting,
        "coming": [name for name in told.images if image_of(name, images)],
        "form": decision,
        "table": step_forms(told.lineage) if fresh or table is None else table,
        "has_text": has_text(standing),
        "more_steps": max(len(told.lineage) - MOST_STEPS, 0),
    }
    return page(request, "reviews/imports/one.html", shown, standing=standing, status=status)


def _say_once(form: DecisionForm, refusal: Refusal) -> None:
    form.is_valid()
    if refusal.sentence not in form.non_field_errors():
        errors.show(form, refusal)
