"""Print a link for each of the demo people that signs them in; development only."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reviews.actions import people
from reviews.management.commands.demo import FOLDER
from reviews.models import Membership, User
from reviews.rules.roles import Role


class Command(BaseCommand):
    help = "Prints a sign-in link for each of the demo people; they can be used again and again for a week."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Sign-in links for the demo people are for development only.")
        story = json.loads((FOLDER / "story.json").read_text(encoding="utf-8"))
        for row in story["people"]:
            person = User.objects.filter(email=row["email"], is_active=True).first()
            if person is not None:
                secret = people.make_sign_in_link(person, now=timezone.now(), reusable=True)
                self.stdout.write(f"{person.name} — {_roles(person)} — {settings.SITE_URL}/enter/{secret}/")


def _roles(person: User) -> str:
    rows = Membership.objects.filter(user=person).values_list("roles", flat=True)
    roles = sorted({Role(role).label for roles in rows for role in roles})
    return ", ".join(role for role in roles if role != Role.MEMBER) or "member"
