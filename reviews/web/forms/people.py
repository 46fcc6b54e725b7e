"""Forms of people: accounts, profiles, tokens, members, invitations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest

from reviews.actions.people import TOKEN_DAYS
from reviews.models import User
from reviews.rules.roles import Role
from reviews.rules.scopes import TokenScope

ROLES = [
    (Role.OWNER, "Owner: configures the spec, invites members"),
    (Role.EDITOR, "Editor: proposes, answers comments, merges what is approved"),
    (Role.APPROVER, "Approver: supports proposals or raises concerns that count"),
    (Role.MODERATOR, "Moderator: answers and closes threads"),
    (Role.RELEASE_MANAGER, "Release manager: publishes"),
    (Role.MEMBER, "Member: reads and comments, internally too"),
]


class SignInForm(AuthenticationForm):
    """E-mail address and password; attempts are counted by the address in lower case, however it is typed."""

    error_messages = {
        "invalid_login": "This address and password do not belong together.",
        "inactive": "This account is closed.",
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **options: Any) -> None:
        super().__init__(request, *args, **options)
        self.fields["username"] = forms.EmailField(
            label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
        )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class AddressForm(forms.Form):
    """Where to send a link to set a password."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class ProfileForm(forms.Form):
    name = forms.CharField(
        max_length=150,
        help_text="Others see it beside what you write.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class TokenForm(forms.Form):
    """A new token; its fields have ids of their own, for a profile stands on the same page."""

    name = forms.CharField(label="What it is for", max_length=100)
    days = forms.IntegerField(label="Days until it expires", min_value=1, max_value=TOKEN_DAYS, initial=90)
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(scope.value, f"{scope.capitalize()}: {scope.description}") for scope in TokenScope],
        widget=forms.CheckboxSelectMultiple,
        initial=[TokenScope.READ],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="token-%s", **options)


class JoinForm(forms.Form):
    """A new account for the invited address."""

    name = forms.CharField(label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        help_text="At least 10 characters; several words are easier to keep in mind than signs.",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class InvitationForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=254)
    roles = forms.MultipleChoiceField(choices=ROLES, widget=forms.CheckboxSelectMultiple, initial=[Role.MEMBER])


class RolesForm(forms.Form):
    """The roles of one member, as checkboxes in a row."""

    roles = forms.MultipleChoiceField(
        choices=[(role.value, role.label.capitalize()) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def roles_form(user: User, roles: list[str]) -> RolesForm:
    """The checkboxes as they are; `user` makes their ids unique on the page."""
    return RolesForm(initial={"roles": roles}, auto_id=f"roles-{user.public_id}-%s")
