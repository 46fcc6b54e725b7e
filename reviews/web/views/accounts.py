"""Signing in and out, passwords."""

from __future__ import annotations

from typing import Any

from axes.utils import reset as forget_attempts
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash, views
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from reviews.access.specs import check_signed_in
from reviews.actions import people, rate_limits, sessions
from reviews.models import User
from reviews.queries.people import person_with
from reviews.rules.rates import RateKind
from reviews.web.forms.people import AddressForm, SignInForm
from reviews.web.networks import client_network
from reviews.web.pages.shell import page, shell_of
from reviews.web.requests import person_of
from reviews.web.responses import SeeOther, status_for
from reviews.web.sign_in import begin_session, hashing


class WithShell:
    """Django's own account views, in our frame and with our status for a form that is refused."""

    request: HttpRequest

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shell = shell_of(self.request, None) | {"sign_in_url": ""}  # these pages are the way in
        return super().get_context_data(shell=shell, **context)  # type: ignore[misc]

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class SignIn(WithShell, views.LoginView):
    template_name = "registration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        begin_session(self.request, form.get_user())
        return HttpResponseRedirect(self.get_success_url())

    def get_redirect_url(self) -> str:
        """Where the person came from; never this page itself, which would go round in circles."""
        wanted = super().get_redirect_url()
        return "" if wanted.partition("?")[0] == self.request.path else wanted


class SignOut(views.LogoutView):
    """Ends the session, and tells the browser to drop its copies of pages; static/js/autosave.js drops those of drafts."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sessions.leave(request.session.session_key or "", now=timezone.now())
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        response["Cache-Control"] = "no-store"
        return response


class SetPassword(WithShell, views.PasswordResetConfirmView):
    """The page behind the link in the mail, which names the account by its public identifier."""

    template_name = "registration/set_password.html"
    success_url = "/sign-in/"

    def get_user(self, uidb64: str) -> User | None:
        return person_with(uidb64)

    def form_valid(self, form: Any) -> HttpResponse:
        token = self.request.session.pop(views.INTERNAL_RESET_SESSION_TOKEN, "")
        with hashing():
            password = form.cleaned_data["new_password1"]
            user = sessions.reset_password(self.user, token=token, password=password, now=timezone.now())
        _unlock(user, client_network(self.request))
        words = (
            "The password is set: sign in with it. Sessions have ended elsewhere, and tokens for the API are revoked."
        )
        messages.success(self.request, words)
        return HttpResponseRedirect(self.get_success_url())


def _unlock(user: User, network: str) -> None:
    """Let somebody in who has shown that the account is theirs, whatever others have tried."""
    forget_attempts(username=user.email)
    rate_limits.forget(RateKind.SIGN_IN_BY_ACCOUNT, rate_limits.subject_of_address(user.email))
    rate_limits.forget(RateKind.SIGN_IN_BY_NETWORK, network)
    rate_limits.forget(RateKind.OLD_PASSWORD, user.public_id)


@require_http_methods(["GET", "POST"])
def ask_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link to set a password; the answer is the same whether there is such an account or not."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, network, now = form.cleaned_data["email"], client_network(request), timezone.now()
        rate_limits.count(RateKind.RESET_BY_NETWORK, network, now=now)
        rate_limits.count(RateKind.RESET_BY_ADDRESS, rate_limits.subject_of_address(email, network), now=now)
        people.ask_password_reset(email, now=now)
        return SeeOther("/password/sent/")
    return page(request, "registration/ask_reset.html", {"form": form}, status=status_for(form))


@require_GET
def reset_sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return page(request, "registration/reset_sent.html")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Another password; the first one for somebody who came by a link."""
    person = check_signed_in(person_of(request))
    kind = PasswordChangeForm if person.has_usable_password() else SetPasswordForm
    form = kind(person, request.POST or None)
    if request.method == "POST":
        rate_limits.count(RateKind.OLD_PASSWORD, person.public_id, now=timezone.now())
        with hashing():
            if form.is_valid():
                _change_password(request, person, form.cleaned_data["new_password1"])
                messages.success(request, "The password is changed. Other sessions have ended, and tokens are revoked.")
                return SeeOther("/me/")
    return page(request, "registration/change_password.html", {"form": form}, status=status_for(form))


def _change_password(request: HttpRequest, person: User, password: str) -> None:
    """Change it, and keep this session, whose key changes."""
    key = request.session.session_key or ""
    user = sessions.change_password(person, password=password, key=key, now=timezone.now())
    update_session_auth_hash(request, user)
    sessions.change_key(key, request.session.session_key or "")
    rate_limits.forget(RateKind.OLD_PASSWORD, person.public_id)
