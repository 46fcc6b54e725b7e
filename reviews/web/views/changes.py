"""Writing a proposal: every button of the form first saves all that was typed, then does what it says."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from reviews.access.proposals import check_edit, get_visible
from reviews.access.specs import Standing, check_signed_in
from reviews.actions import changes as actions
from reviews.actions import proposals
from reviews.actions.changes import Saver
from reviews.errors import Conflict, Invalid
from reviews.models import Change, Proposal
from reviews.queries import proposals as queries
from reviews.queries.approval import changes_of, open_patch_set, title_of
from reviews.web.confirmation import Question, ask, is_confirmed
from reviews.web.forms.errors import sentences
from reviews.web.pages import editing
from reviews.web.pages.edit_form import EXPECTED, Sent, keep_form
from reviews.web.pages.shell import page
from reviews.web.requests import standing_of, whole_number
from reviews.web.responses import SeeOther


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """The page on which a proposal is written."""
    standing = standing_of(request, slug)
    proposal = get_visible(standing, public_id)
    check_edit(standing, proposal)
    patch_set = open_patch_set(proposal)
    if patch_set is None:
        return SeeOther(f"/{slug}/proposals/{public_id}/")
    if request.method == "GET":
        return _page(request, standing, proposal, Sent())
    saver = Saver(check_signed_in(standing.person), timezone.now())
    sent = keep_form(standing, proposal, request.POST, saver)
    if sent.is_complete:
        try:
            return _done(request, standing, proposal, saver, sent)
        except EXPECTED as refusal:
            sent.errors += sentences(refusal)
    proposal.refresh_from_db()
    return _page(request, standing, proposal, sent, status=409 if sent.is_conflict else 422)


@require_POST
def preview(request: HttpRequest, slug: str, public_id: str, change: str = "") -> HttpResponse:
    """What a text that is being written will look like, and what changed in it; nothing is kept."""
    standing = standing_of(request, slug)
    proposal = get_visible(standing, public_id)
    check_edit(standing, proposal)
    base, name = "", "new_source"
    if change:
        found = queries.open_change(standing, proposal, change)
        base, name = found.base_version.source if found.base_version else "", f"source-{change}"
    source = request.POST.get(name, "")[: actions.LONGEST_SOURCE]
    patch_set = open_patch_set(proposal)
    images = editing.images_told(standing, proposal)
    resolve = editing.resolver_with(standing.spec, changes_of(patch_set) if patch_set else [], source, images=images)
    return render(request, "components/preview.html", editing.preview(source, base, resolve))


@require_POST
def draft(request: HttpRequest, slug: str, public_id: str, change: str) -> HttpResponse:
    """Keep a text while it is being written; answers the version to be sent next time, 409 when somebody was first."""
    standing = standing_of(request, slug)
    proposal = get_visible(standing, public_id)
    check_edit(standing, proposal)
    saver = Saver(check_signed_in(standing.person), timezone.now())
    found = queries.open_change(standing, proposal, change)
    source, version = request.POST.get(f"source-{change}", ""), whole_number(request.POST.get("version"))
    try:
        saved = actions.save(found, source=source, expected_version=version, saver=saver)
    except Conflict as refusal:
        return JsonResponse({"detail": refusal.sentence}, status=409)
    except Invalid as refusal:
        return JsonResponse({"detail": refusal.sentence}, status=422)
    return JsonResponse({"version": saved.version})


def _page(
    request: HttpRequest, standing: Standing, proposal: Proposal, sent: Sent, *, status: int = 200
) -> HttpResponse:
    patch_set = open_patch_set(proposal)
    shown = editing.editing_page(standing, proposal, changes_of(patch_set) if patch_set else [], sent)
    shown["patch_set"] = patch_set
    return page(request, "reviews/proposals/edit.html", shown, standing=standing, here="proposals", status=status)


def _done(request: HttpRequest, standing: Standing, proposal: Proposal, saver: Saver, sent: Sent) -> HttpResponse:
    """Do what the button says, now that everything typed is saved."""
    verb, _, name = request.POST.get("do", "save").partition(":")
    root = f"/{standing.spec.slug}/proposals/{proposal.public_id}/"
    if verb == "submit" and sent.opened:
        messages.info(request, "The clause is open in this proposal now. Edit it, then submit again.")
    elif verb == "submit":
        frozen = proposals.submit(proposal, by=saver.by, now=saver.now)
        messages.success(request, f"Version {frozen.number} is submitted and waits for review.")
        return SeeOther(root)
    at = sent.opened or sent.added
    if verb == "drop" and not is_confirmed(request):
        return _ask_to_drop(request, standing, queries.open_change(standing, proposal, name), root)
    if name and verb in STEPS:
        at = STEPS[verb](queries.open_change(standing, proposal, name), saver) or at
    elif verb not in SAVING_VERBS:
        raise Invalid("This page has no such button. Reload it and try again.")
    elif not at:
        messages.success(request, "Saved.")
    return SeeOther(f"{root}edit/" + (f"#change-{at}" if at else ""))


def _ask_to_drop(request: HttpRequest, standing: Standing, change: Change, root: str) -> HttpResponse:
    """The rest of the form is saved by now, so only the button is sent again."""
    question = Question(
        title=f"Take “{title_of(change)}” out of this proposal?",
        consequences=["What you and others wrote in it is lost. The draft stays as it is."],
        action="Take it out",
        cancel_url=f"{root}edit/",
    )
    return ask(request, standing, question, sent=[("do", request.POST["do"])])


def _drop(change: Change, saver: Saver) -> str:
    actions.drop(change, saver=saver)
    return ""


def _delete(change: Change, saver: Saver) -> str:
    if change.clause is None:
        return _drop(change, saver)
    return actions.delete_clause(change.patch_set.proposal, change.clause, saver=saver).public_id


def _restore(change: Change, saver: Saver) -> str:
    return actions.restore_clause(change, saver=saver).public_id


# What a button does to one clause beyond saving the form; answers which change to look at afterwards.
STEPS: dict[str, Callable[[Change, Saver], str]] = {
    "drop": _drop,
    "delete": _delete,
    "redelete": _delete,
    "restore": _restore,
}
# The other buttons: saving the form has done already what they ask for.
SAVING_VERBS = frozenset({"save", "submit", "keep", "open", "add", "authority", "place"})
