"""One's own profile, tokens and sessions; sign-in links, invitations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from reviews.access.specs import check_signed_in
from reviews.actions import people, sessions
from reviews.errors import Invalid
from reviews.models import Invitation, User
from reviews.queries import people as rows
from reviews.queries.people import has_account, tokens
from reviews.rules.roles import Role
from reviews.web.confirmation import Question, ask, is_confirmed
from reviews.web.forms import errors
from reviews.web.forms.people import JoinForm, ProfileForm, TokenForm
from reviews.web.pages.shell import page
from reviews.web.requests import person_of
from reviews.web.responses import SeeOther
from reviews.web.sign_in import begin_session, hashing


@never_cache
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """The name that others see; the tokens and the sessions below."""
    person = check_signed_in(person_of(request))
    if request.method == "GET":
        return _me(request, person)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _me(request, person, form=form, status=422)
    try:
        people.update_profile(person, name=form.cleaned_data["name"])
    except Invalid as refusal:
        errors.show(form, refusal)
        return _me(request, person, form=form, status=422)
    messages.success(request, "The name is saved.")
    return SeeOther("/me/")


@never_cache
@require_POST
def create_token(request: HttpRequest) -> HttpResponse:
    """A new token; the page that answers is the only place where its secret is ever shown."""
    person = check_signed_in(person_of(request))
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _me(request, person, token_form=form, status=422)
    try:
        token, secret = people.create_token(person, **form.cleaned_data, now=timezone.now())
    except Invalid as refusal:
        errors.show(form, refusal)
        return _me(request, person, token_form=form, status=422)
    return page(request, "reviews/people/new_token.html", {"token": token, "secret": secret}, status=201)


@require_POST
def revoke_token(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a token useless."""
    person = check_signed_in(person_of(request))
    if not is_confirmed(request):
        consequences = ["Whatever uses it has no access any more. A revoked token can't be used again."]
        return ask(request, None, Question("Revoke this token?", consequences, "Revoke", "/me/#tokens"))
    people.revoke_token(person, public_id=public_id, now=timezone.now())
    messages.success(request, "The token is revoked: whatever used it has no access any more.")
    return SeeOther("/me/#tokens")


@require_POST
def end_session(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign out one of the person's sessions, wherever it is."""
    person = check_signed_in(person_of(request))
    sessions.end(person, public_id=public_id, now=timezone.now())
    messages.success(request, "That session is signed out.")
    return SeeOther("/me/#sessions")


@require_POST
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    person = check_signed_in(person_of(request))
    sessions.end_all(person, now=timezone.now())
    logout(request)
    messages.success(request, "You are signed out everywhere.")
    response = SeeOther("/sign-in/")
    response["Clear-Site-Data"] = '"cache"'
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """A sign-in link. One that works once waits for a press of the button, since mail programs open links themselves."""
    link = people.open_sign_in_link(secret, now=timezone.now())
    if request.method == "GET" and not link.reusable:
        return page(request, "reviews/people/enter.html", {"link": link})
    user = people.use_sign_in_link(secret, now=timezone.now())
    begin_session(request, user)
    return SeeOther("/")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: with the account of the invited address, or with a new one for it."""
    found = people.open_invitation(secret, now=timezone.now())
    person = person_of(request)
    if person is not None:
        return _accept(request, found, secret, person)
    known = has_account(found.email)
    form = None if known else JoinForm(request.POST or None)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            with hashing():
                user = people.join_with_new_account(secret, **form.cleaned_data, now=timezone.now())
            begin_session(request, user)
            return SeeOther(f"/{found.spec.slug}/")
        except Invalid as refusal:
            errors.show(form, refusal)
    return _invitation(request, found, form=form)


def _accept(request: HttpRequest, found: Invitation, secret: str, person: User) -> HttpResponse:
    people.check_invited(found, person)
    if request.method == "GET":
        return _invitation(request, found)
    people.accept_invitation(secret, by=person, now=timezone.now())
    messages.success(request, f"You are a member of {found.spec.title} now.")
    return SeeOther(f"/{found.spec.slug}/")


def _invitation(request: HttpRequest, found: Invitation, form: JoinForm | None = None) -> HttpResponse:
    status = 422 if form is not None and form.errors else 200
    address = people.masked_address(found.email)
    shown = {"invitation": found, "address": address, "form": form, "roles": [Role(role).label for role in found.roles]}
    return page(request, "reviews/people/invitation.html", shown, status=status)


def _me(request: HttpRequest, person: User, *, status: int = 200, **shown: Any) -> HttpResponse:
    shown.setdefault("form", ProfileForm(initial={"name": person.name}))
    shown.setdefault("token_form", TokenForm())
    shown["tokens"] = tokens(person, now=timezone.now())
    shown["sessions"] = rows.sessions(person, now=timezone.now())
    shown["this_session"] = request.session.session_key
    return page(request, "reviews/people/me.html", {"person": person, **shown}, status=status)
