"""Proposals: the list, a new one, the page of one, and the steps of its life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviews.access.proposals import get_visible
from reviews.access.specs import Standing, check_signed_in
from reviews.actions import changes, merging
from reviews.actions import proposals as actions
from reviews.actions.changes import Saver
from reviews.errors import Conflict, IllegalMove, Invalid, Refusal
from reviews.models import Proposal, User
from reviews.queries import proposals
from reviews.queries.proposals import Filters
from reviews.queries.specs import approvers
from reviews.rules.kinds import Visibility
from reviews.rules.roles import Verb
from reviews.web.confirmation import Question, ask, is_confirmed
from reviews.web.forms import errors
from reviews.web.forms.proposals import STATE_LABELS, FilterForm, NewForm, ReasonForm
from reviews.web.pages.proposals import proposal_page, row
from reviews.web.pages.shell import page
from reviews.web.pages.tabs import state_tabs
from reviews.web.requests import standing_of
from reviews.web.responses import SeeOther, next_url, status_for
from reviews.web.typed import typed_texts


@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, narrowed by what the address says."""
    standing = standing_of(request, slug)
    form = FilterForm({name: value.replace("\x00", "") for name, value in request.GET.items()})
    form.fields["by"].choices = [("", "Anybody"), *((one.public_id, one.name) for one in proposals.authors(standing))]
    form.is_valid()
    given = {name: form.cleaned_data.get(name, "") for name in form.fields}
    asked = given.pop("state")
    state = asked if asked in proposals.STATES else "open"
    after = request.GET.get("after", "")
    filters = Filters(state, given["by"], given["clause"], given["visibility"], given["q"])
    found = proposals.listed(standing, filters, after=after)
    shown = {
        "rows": [row(standing, one) for one in found.rows],
        "tabs": state_tabs(STATE_LABELS, proposals.state_counts(standing), current=state, narrowed=given),
        "form": form,
        "state": state,
        "narrowed": any(given.values()),
        "may_propose": standing.may(Verb.PROPOSE),
        "approvers": approvers(standing.spec) if standing.may(Verb.PROPOSE) else None,
        "members_url": f"/{slug}/members/" if standing.may(Verb.MANAGE_MEMBERS) else "",
        "next_url": next_url(found.after, state=state, **given),
        "first_url": f"?state={state}" if after else "",
    }
    return page(request, "reviews/proposals/index.html", shown, standing=standing, here="proposals")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """A new proposal, perhaps with one clause in it from the beginning."""
    standing = standing_of(request, slug)
    standing.check(Verb.PROPOSE)
    named = request.POST.get("clause") or request.GET.get("clause", "")
    clause = proposals.clause_named(standing.spec, named) if named else None
    form = NewForm(request.POST or None, initial={"clause": named})
    if request.method == "POST" and form.is_valid():
        person, now = check_signed_in(standing.person), timezone.now()
        given = {name: value for name, value in form.cleaned_data.items() if name != "clause"}
        try:
            made = actions.create(standing.spec, **given, by=person, now=now)
            if clause is not None:
                changes.open_clause(made, clause, saver=Saver(person, now))
            return SeeOther(f"/{slug}/proposals/{made.public_id}/edit/")
        except Invalid as refusal:
            errors.show(form, refusal)
    titles = proposals.titles_of(standing.spec, [clause.pk]) if clause else {}
    shown = {"form": form, "clause_title": titles.get(clause.pk) if clause else ""}
    return page(
        request, "reviews/proposals/new.html", shown, standing=standing, here="proposals", status=status_for(form)
    )


@require_GET
def one(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What it does, what is said of it, what it still needs."""
    standing = standing_of(request, slug)
    return show(request, standing, get_visible(standing, public_id))


@require_POST
def merge(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Apply it to the draft."""
    if not is_confirmed(request):
        standing = standing_of(request, slug)
        standing.check(Verb.MERGE)
        root = f"/{slug}/proposals/{get_visible(standing, public_id).public_id}/"
        consequences = [
            "The draft changes at once. A merged proposal can't be withdrawn; a new one can change it back."
        ]
        return ask(request, standing, Question("Merge into the draft?", consequences, "Merge", root))

    def act(proposal: Proposal, person: User) -> str:
        revision = merging.merge(proposal, by=person, now=timezone.now())
        return f"Merged. The draft is now at revision {revision.number}."

    return step(request, slug, public_id, act)


@require_POST
def withdraw(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Its author takes it back."""
    reason = _reason(request)

    def act(proposal: Proposal, person: User) -> str:
        actions.withdraw(proposal, reason=reason, by=person, now=timezone.now())
        return "The proposal is withdrawn."

    return step(request, slug, public_id, act, form="withdraw")


@require_POST
def reject(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Turn it down."""
    reason = _reason(request)

    def act(proposal: Proposal, person: User) -> str:
        actions.reject(proposal, reason=reason, by=person, now=timezone.now())
        return "The proposal is rejected."

    return step(request, slug, public_id, act, form="reject")


@require_POST
def reopen(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Make a draft of it again."""
    grounds = _reason(request)

    def act(proposal: Proposal, person: User) -> str:
        actions.reopen(proposal, grounds=grounds, by=person, now=timezone.now())
        return "The proposal is a draft again: change it, then submit it."

    return step(request, slug, public_id, act, form="reopen")


@require_POST
def revise(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Begin the next patch set, and go there."""

    def act(proposal: Proposal, person: User) -> str:
        actions.revise(proposal, by=person, now=timezone.now())
        return ""

    answer = step(request, slug, public_id, act)
    return SeeOther(f"/{slug}/proposals/{public_id}/edit/") if isinstance(answer, SeeOther) else answer


def step(
    request: HttpRequest, slug: str, public_id: str, act: Callable[[Proposal, User], str], *, form: str = ""
) -> HttpResponse:
    """Do one thing to a proposal and go back to it; a refusal is said on its page, with what was typed.

    `form` is the permission whose form was sent: that form gets its text back.
    """
    standing = standing_of(request, slug)
    proposal = get_visible(standing, public_id)
    person = check_signed_in(standing.person)
    try:
        done = act(proposal, person)
    except (Invalid, Conflict, IllegalMove) as refusal:
        proposal.refresh_from_db()
        return show(request, standing, proposal, refusal=refusal, form=form)
    if done:
        messages.success(request, done)
    return SeeOther(f"/{slug}/proposals/{public_id}/")


def show(
    request: HttpRequest,
    standing: Standing,
    proposal: Proposal,
    *,
    refusal: Refusal | None = None,
    form: str = "",
) -> HttpResponse:
    """The page of a proposal; after a refusal with its sentence and what was typed, in its form where there is one."""
    asked = request.GET.get("patch", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else None
    shown: dict[str, Any] = proposal_page(standing, proposal, number=number)
    has_form = bool(shown["may"].get(form))
    given = {name: request.POST.get(name, "") for name in ("reason", "kind")}
    shown["given"] = {**given, "form": form} if has_form else {}
    shown["errors"] = [] if refusal is None else errors.sentences(refusal)
    shown["indexed"] = standing.spec.is_public and proposal.visibility == Visibility.PUBLIC
    status = {Invalid: 422}.get(type(refusal), 409) if refusal else 200
    shown["typed"] = [] if has_form else typed_texts(request)  # the form may be gone with the state
    return page(request, "reviews/proposals/proposal.html", shown, standing=standing, here="proposals", status=status)


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    form.is_valid()
    return str(form.cleaned_data.get("reason", ""))
