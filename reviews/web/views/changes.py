"""Writing a proposal: one form that first keeps everything that was typed, then does what its button says."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from reviews.access.proposals import check_edit, get_visible
from reviews.access.specs import Standing, check_signed_in
from reviews.actions import changes as actions
from reviews.actions import proposals
from reviews.actions.changes import Saver
from reviews.errors import Conflict, IllegalMove, Invalid, NotFound, Refusal
from reviews.models import Change, Clause, Proposal
from reviews.queries import proposals as queries
from reviews.queries.approval import changes_of, open_patch_set
from reviews.web.pages import editing
from reviews.web.pages.editing import BEGINNING, Sent, Trouble
from reviews.web.pages.shell import page
from reviews.web.requests import standing_of
from reviews.web.responses import SeeOther

EXPECTED = (Invalid, Conflict, IllegalMove, NotFound)


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
    sent = _keep(standing, proposal, changes_of(patch_set), request.POST, saver)
    if not (sent.troubles or sent.details):
        try:
            return _done(request, standing, proposal, saver)
        except EXPECTED as refusal:
            sent.errors += sentences(refusal)
    sent.new = {name: request.POST.get(name, "") for name in ("new_source", "new_after", "open_clause")}
    proposal.refresh_from_db()
    conflict = sent.details or any(one.fresh for one in sent.troubles.values())
    return _page(request, standing, proposal, sent, status=409 if conflict else 422)


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
    source, version = request.POST.get(f"source-{change}", ""), _number(request.POST.get("version"))
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


def _keep(standing: Standing, proposal: Proposal, changes: list[Change], given: QueryDict, saver: Saver) -> Sent:
    """Save every text that was touched; what cannot be saved comes back with the reason."""
    sent = Sent()
    _keep_details(proposal, given, saver, sent)
    current = queries.current_versions(changes)
    chosen = given.get("do", "").removeprefix("keep:")
    for change in changes:
        text = given.get(f"source-{change.public_id}")
        untouched = text is not None and editing.fingerprint(text) == given.get(f"was-{change.public_id}")
        if text is None or (untouched and chosen != change.public_id):
            continue
        found = current.get(change.clause_id or 0)
        onto = found if editing.is_stale(change, current) and given.get(f"onto-{change.public_id}") else None
        if onto is not None and onto.since != _number(given.get(f"onto-{change.public_id}")):
            sent.troubles[change.public_id] = Trouble(text, ["The draft moved on once more: look at the newest text."])
            continue
        try:
            version = _number(given.get(f"version-{change.public_id}"))
            actions.save(change, source=text, expected_version=version, saver=saver, onto=onto)
        except EXPECTED as refusal:
            fresh = refusal.fresh if isinstance(refusal, Conflict) else None
            sent.troubles[change.public_id] = Trouble(text, sentences(refusal), fresh)
    return sent


def _keep_details(proposal: Proposal, given: QueryDict, saver: Saver, sent: Sent) -> None:
    title, rationale = given.get("title", proposal.title), given.get("rationale", proposal.rationale)
    if (title, rationale.replace("\r\n", "\n")) == (proposal.title, proposal.rationale.replace("\r\n", "\n")):
        return
    try:
        version = _number(given.get("details_version"))
        said = {"title": title, "rationale": rationale.replace("\r\n", "\n"), "expected_version": version}
        proposals.describe(proposal, **said, by=saver.by, now=saver.now)
    except EXPECTED as refusal:
        sent.details = {"title": title, "rationale": rationale}
        sent.errors += sentences(refusal)


def _done(request: HttpRequest, standing: Standing, proposal: Proposal, saver: Saver) -> HttpResponse:
    """Do what the button says, now that everything is kept."""
    given = request.POST
    verb, _, name = given.get("do", "save").partition(":")
    root = f"/{standing.spec.slug}/proposals/{proposal.public_id}/"
    if verb == "submit":
        frozen = proposals.submit(proposal, by=saver.by, now=saver.now)
        messages.success(request, f"Patch set {frozen.number} is submitted and waits for review.")
        return SeeOther(root)
    at = ""
    if verb == "open":
        at = actions.open_clause(proposal, _named(standing, given.get("open_clause", "")), saver=saver).public_id
    elif verb == "add":
        after = _place(standing, given.get("new_after", ""))
        at = actions.add_clause(proposal, source=given.get("new_source", ""), after=after, saver=saver).public_id
    elif name:
        at = _done_to(standing, proposal, queries.open_change(standing, proposal, name), verb, given, saver)
    else:
        messages.success(request, "Saved.")
    return SeeOther(f"{root}edit/" + (f"#change-{at}" if at else ""))


def _done_to(standing: Standing, proposal: Proposal, change: Change, verb: str, given: QueryDict, saver: Saver) -> str:
    """Do something to one change; answers which change to look at afterwards."""
    clause = change.clause
    if verb == "drop" or clause is None:
        actions.drop(change, saver=saver)
        return ""
    if verb == "delete":
        actions.delete_clause(proposal, clause, saver=saver)
    elif verb == "redelete":
        actions.drop(change, saver=saver)
        return actions.delete_clause(proposal, clause, saver=saver).public_id
    elif verb == "restore":
        actions.drop(change, saver=saver)
        return actions.open_clause(proposal, clause, saver=saver).public_id
    elif verb == "place":
        after = _place(standing, given.get(f"after-{change.public_id}", ""))
        actions.move_clause(proposal, clause, after=after, saver=saver)
    elif verb == "authority":
        authority = given.get(f"authority-{change.public_id}", "")
        actions.set_authority(proposal, clause, authority=authority, saver=saver)
    return change.public_id


def _named(standing: Standing, name: str) -> Clause:
    if not name.strip():
        raise Invalid("Name the clause: begin to type its title or anchor and choose it from the list.")
    return queries.clause_named(standing.spec, name.strip())


def _place(standing: Standing, name: str) -> Clause | None:
    if not name.strip():
        raise Invalid(f"Name the clause that it shall follow; {BEGINNING} stands for the beginning.")
    return None if name.strip() == BEGINNING else _named(standing, name)


def sentences(refusal: Refusal) -> list[str]:
    """What is said of a refusal, with what is said of its fields."""
    return [refusal.sentence, *getattr(refusal, "fields", {}).values()]


def _number(given: str | None) -> int:
    return int(given) if given and given.isdecimal() and len(given) < 10 else 0
