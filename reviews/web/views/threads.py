"""Threads: the list, one by itself, those beside a clause; starting them, replying, changing their status."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviews.access import proposals as proposal_access
from reviews.access.specs import Standing, check_signed_in
from reviews.actions import threads as actions
from reviews.actions.threads import About, Said, Words
from reviews.errors import Conflict, IllegalMove, Invalid, Refusal
from reviews.models import Clause, Thread
from reviews.queries import threads
from reviews.queries.placements import Place, places, places_elsewhere
from reviews.queries.proposals import clause_named
from reviews.queries.threads import Filters
from reviews.web.forms.errors import sentences
from reviews.web.forms.threads import FilterForm, MoveForm, OpenForm, ReplyForm
from reviews.web.pages import threads as pages
from reviews.web.pages.shell import page, sign_in_url
from reviews.web.pages.tabs import state_tabs
from reviews.web.requests import standing_of, status_of
from reviews.web.responses import SeeOther, next_url
from reviews.web.typed import typed_texts

STATE_LABELS = {
    "open": "Open",
    "addressed": "Addressed",
    "resolved": "Resolved",
    "declined": "Declined",
    "all": "All",
}


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, narrowed by what the address says; POST starts a thread."""
    standing = standing_of(request, slug)
    return _begin(request, standing) if request.method == "POST" else _list(request, standing)


@require_GET
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """A page with the form for one clause, for browsers without scripts."""
    standing = standing_of(request, slug)
    clause = clause_named(standing.spec, request.GET.get("clause", ""))
    return _composing(request, standing, clause, pages.composer(standing, clause=clause, version=_head(clause)))


@require_GET
def of_clause(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What is said about a clause: a part for the margin, or a page of its own."""
    standing = standing_of(request, slug)
    clause = threads.clause_here(standing, public_id)
    at = request.GET.get("at", "")
    number = int(at) if at.isdecimal() and len(at) < 10 else None
    version = threads.version_at(clause, number)
    shown = {**pages.of_clause(standing, clause, version, number=number), "title": version.title or "Opening"}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "reviews/threads/_of_clause.html", {"standing": standing, **shown})
    return page(request, "reviews/threads/of_clause.html", shown, standing=standing, here="threads")


@require_GET
def one(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """One thread with all its comments and all that can be done with it."""
    standing = standing_of(request, slug)
    return _page(request, standing, threads.one(standing, public_id))


@require_POST
def reply(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """One more comment; for htmx the whole card comes back."""
    standing = standing_of(request, slug)
    thread = threads.one(standing, public_id)
    form = ReplyForm(request.POST)
    form.is_valid()
    try:
        comment = actions.reply(thread, said=_said(request, standing, form.cleaned_data))
    except (Invalid, Conflict, IllegalMove) as refusal:
        return _refused_reply(request, standing, thread, refusal)
    if request.htmx:  # type: ignore[attr-defined]
        card = pages.card(standing, threads.one(standing, public_id), whole=True)
        return render(request, "components/thread.html", {"thread": card})
    return SeeOther(f"/{slug}/threads/{public_id}/#comment-{comment.public_id}")


@require_POST
def move(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Address, resolve, decline or reopen."""
    standing = standing_of(request, slug)
    thread = threads.one(standing, public_id)
    person = check_signed_in(standing.person)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, standing, thread, errors=["Choose what to do."], status=422)
    given = form.cleaned_data
    proposal = proposal_access.get_visible(standing, given["proposal"]) if given["proposal"] else None
    try:
        moved = actions.move(
            thread, verb=given["move"], by=person, now=timezone.now(), reason=given["reason"], proposal=proposal
        )
    except (Invalid, IllegalMove, Conflict) as refusal:
        return _refused_move(request, standing, threads.one(standing, public_id), refusal, given)
    messages.success(request, f"The thread is {moved.state}.")
    return SeeOther(f"/{slug}/threads/{public_id}/")


def _list(request: HttpRequest, standing: Standing) -> HttpResponse:
    form = FilterForm({name: value.replace("\x00", "") for name, value in request.GET.items()})
    form.is_valid()
    given = form.cleaned_data
    state = given.get("state") if given.get("state") in threads.STATES else "open"
    after = request.GET.get("after", "")
    filters = Filters(
        state, given.get("kind", ""), given.get("visibility", ""), given.get("clause", ""), given.get("q", "")
    )
    found = threads.listed(standing, filters, after=after)
    narrowed = {name: given.get(name, "") for name in ("q", "kind", "visibility", "clause")}
    shown = {
        "rows": [{"card": pages.card(standing, row), "about": pages.about_line(standing, row)} for row in found.rows],
        "tabs": state_tabs(STATE_LABELS, threads.state_counts(standing), current=state, narrowed=narrowed),
        "form": form,
        "state": state,
        "narrowed": any(narrowed.values()),
        "next_url": next_url(found.after, state=state, **narrowed),
        "first_url": f"?state={state}" if after else "",
    }
    return page(request, "reviews/threads/index.html", shown, standing=standing, here="threads")


def _begin(request: HttpRequest, standing: Standing) -> HttpResponse:
    clause, proposal = _about(request, standing)
    form = OpenForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    try:
        about = About(clause=clause, proposal=proposal, words=_words(clause, given))
        thread = actions.open_thread(
            standing.spec,
            about=about,
            said=_said(request, standing, given),
            visibility=given.get("visibility", ""),
            kind=given.get("kind", ""),
        )
    except (Invalid, Conflict, IllegalMove) as refusal:
        version = _head(clause) if clause else None
        sent = request.POST.dict()
        if isinstance(refusal, Conflict):
            sent.pop("key", None)  # the key belongs to what was stored before
        parts = {"clause": clause, "version": version, "proposal": proposal}
        composer = pages.composer(standing, **parts, given=sent) or {}
        return _composing(request, standing, clause, {**composer, "errors": sentences(refusal)}, status_of(refusal))
    return _begun(request, standing, thread)


def _begun(request: HttpRequest, standing: Standing, thread: Thread) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return SeeOther(f"/{standing.spec.slug}/threads/{thread.public_id}/")
    thread = threads.one(standing, thread.public_id)
    shown = places(standing.spec, [thread], [thread.quoted_version]) if thread.quoted_version else {}
    card = pages.card(standing, thread, place=shown.get(thread.pk))
    about = thread.clause or thread.proposal
    shown_with = {"thread": card, "about": about.public_id if about else "", "key": uuid4().hex}
    return render(request, "reviews/threads/_begun.html", shown_with)


def _composing(
    request: HttpRequest, standing: Standing, clause: Clause | None, composer: dict[str, Any] | None, status: int = 200
) -> HttpResponse:
    shown = {"composer": composer, "title": _head(clause).title if clause else "the proposal"}
    shown["sign_in_url"] = sign_in_url(request.get_full_path())
    if request.htmx and composer:  # type: ignore[attr-defined]
        shown["target"] = f"#list-{composer['id']}"
        response = render(request, "reviews/threads/_composer.html", shown, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = f"#composer-{composer['id']}", "outerHTML"
        return response
    return page(request, "reviews/threads/new.html", shown, standing=standing, here="threads", status=status)


def _refused_reply(request: HttpRequest, standing: Standing, thread: Thread, refusal: Refusal) -> HttpResponse:
    """The thread with what was written still in its form; htmx gets the card alone."""
    refused = {"reply_errors": sentences(refusal), "reply_body": request.POST.get("body", "")}
    if request.htmx:  # type: ignore[attr-defined]
        card = pages.card(standing, thread, whole=True) | refused
        return render(request, "components/thread.html", {"thread": card}, status=status_of(refusal))
    return _page(request, standing, thread, reply=refused, status=status_of(refusal))


def _refused_move(
    request: HttpRequest, standing: Standing, thread: Thread, refusal: Refusal, given: dict[str, Any]
) -> HttpResponse:
    """The thread as it is now, with what was written: in its form, or above it when its state has no such form any more."""
    moves = {one["value"] for one in pages.moves_of(standing, thread)}
    typed = [] if given["move"] in moves else typed_texts(request)
    shown = {"typed": typed, "reason": given["reason"], "chosen": given["move"]}
    return _page(request, standing, thread, errors=sentences(refusal), status=status_of(refusal), **shown)


def _page(request: HttpRequest, standing: Standing, thread: Thread, *, status: int = 200, **given: Any) -> HttpResponse:
    place = _place(standing, thread)
    card = pages.card(standing, thread, place=place, whole=True)
    shown = {
        "thread": card | {"moves": []} | given.pop("reply", {}),
        "about": pages.about_line(standing, thread),
        "moves": pages.moves_of(standing, thread),
        "proposals": threads.addressing(standing, thread) if pages.moves_of(standing, thread) else [],
        "addressed_by": threads.shown_addressed_by(standing, thread),
        "words": pages.words_of(thread, place),
        **given,
    }
    return page(request, "reviews/threads/thread.html", shown, standing=standing, here="threads", status=status)


def _place(standing: Standing, thread: Thread) -> Place | None:
    """Where its words are in the draft; for a clause that is gone, in another clause or in its last version."""
    version = thread.last_version  # type: ignore[attr-defined]
    if version is None:
        return None
    found = places(standing.spec, [thread], [version])
    if version.until is not None:
        found |= places_elsewhere(standing.spec, [thread] if thread.quote else [])
    return found.get(thread.pk)


def _about(request: HttpRequest, standing: Standing) -> tuple[Clause | None, Any]:
    name, proposal = (request.GET.get(word, "").replace("\x00", "") for word in ("clause", "proposal"))
    if proposal:
        return None, proposal_access.get_visible(standing, proposal)
    return threads.clause_here(standing, name), None


def _words(clause: Clause | None, given: dict[str, Any]) -> Words | None:
    """The words that were selected, in the version that they were read in."""
    if clause is None or given.get("start") is None or given.get("end") is None:
        return None
    return Words(threads.version_at(clause, given.get("version")), given["start"], given["end"], given.get("quote", ""))


def _said(request: HttpRequest, standing: Standing, given: dict[str, Any]) -> Said:
    person = check_signed_in(standing.person)
    return Said(by=person, now=timezone.now(), body=given.get("body", ""), key=given.get("key", ""))


def _head(clause: Clause) -> Any:
    return threads.version_at(clause, None)
