"""Who asks: personal tokens beside Django's sessions."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from reviews.actions.people import open_token
from reviews.models import ApiToken, User


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer SECRET`; a token that is unknown, revoked or expired is answered with 401."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = open_token(secret.strip(), now=timezone.now())
        if token is None:
            raise AuthenticationFailed("This token is unknown, was revoked or has expired.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token with its scopes, made in your profile.",
        }


def person_of(request: Request) -> User | None:
    """Who asks, None for nobody."""
    return request.user if isinstance(request.user, User) and request.user.is_active else None


def asker(request: Request) -> User:
    """Who asks, where the view is only for somebody with an account."""
    assert isinstance(request.user, User)
    return request.user
