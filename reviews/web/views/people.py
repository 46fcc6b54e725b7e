"""One's own profile and tokens, sign-in links, invitations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from reviews.access.specs import check_signed_in
from reviews.actions import people
from reviews.errors import Invalid
from reviews.models import Invitation, User
from reviews.queries.people import has_account, tokens
from reviews.rules.roles import Role
from reviews.web.forms import errors
from reviews.web.forms.people import JoinForm, ProfileForm, TokenForm
from reviews.web.pages.shell import page
from reviews.web.requests import person_of
from reviews.web.responses import SeeOther

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """The name that others see; the tokens below."""
    person = check_signed_in(person_of(request))
    if request.method == "GET":
        return _me(request, person)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _me(request, person, form=form, status=422)
    people.update_profile(person, name=form.cleaned_data["name"])
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
    token, secret = people.create_token(person, **form.cleaned_data, now=timezone.now())
    return page(request, "reviews/people/new_token.html", {"token": token, "secret": secret}, status=201)


@require_POST
def revoke_token(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a token useless."""
    person = check_signed_in(person_of(request))
    people.revoke_token(person, public_id=public_id, now=timezone.now())
    messages.success(request, "The token is revoked: whatever used it has no access any more.")
    return SeeOther("/me/#tokens")


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """A sign-in link. One that works once waits for a press of the button, since mail programs open links themselves."""
    link = people.open_sign_in_link(secret, now=timezone.now())
    if request.method == "GET" and not link.reusable:
        return page(request, "reviews/people/enter.html", {"link": link})
    user = people.use_sign_in_link(secret, now=timezone.now())
    login(request, user, backend=BACKEND)
    return SeeOther("/")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: as who one is signed in, or with a new account for the invited address."""
    found = people.open_invitation(secret, now=timezone.now())
    person = person_of(request)
    if person is not None:
        return _accept(request, found, secret, person)
    known = has_account(found.email)
    form = None if known else JoinForm(request.POST or None)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            user = people.join_with_new_account(secret, **form.cleaned_data, now=timezone.now())
            login(request, user, backend=BACKEND)
            return SeeOther(f"/{found.spec.slug}/")
        except Invalid as refusal:
            errors.show(form, refusal)
    return _invitation(request, found, form=form)


def _accept(request: HttpRequest, found: Invitation, secret: str, person: User) -> HttpResponse:
    if request.method == "GET":
        return _invitation(request, found)
    people.accept_invitation(secret, by=person, now=timezone.now())
    messages.success(request, f"You are a member of {found.spec.title} now.")
    return SeeOther(f"/{found.spec.slug}/")


def _invitation(request: HttpRequest, found: Invitation, form: JoinForm | None = None) -> HttpResponse:
    status = 422 if form is not None and form.errors else 200
    shown = {"invitation": found, "roles": [Role(role).label for role in found.roles], "form": form}
    return page(request, "reviews/people/invitation.html", shown, status=status)


def _me(request: HttpRequest, person: User, *, status: int = 200, **shown: Any) -> HttpResponse:
    shown.setdefault("form", ProfileForm(initial={"name": person.name}))
    shown.setdefault("token_form", TokenForm())
    shown["tokens"] = tokens(person, now=timezone.now())
    return page(request, "reviews/people/me.html", {"person": person, **shown}, status=status)
