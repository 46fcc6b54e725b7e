"""Make the first person of an empty installation, and a link by which they sign in once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from reviews.actions import people
from reviews.errors import Refusal
from reviews.models import User


class Command(BaseCommand):
    help = "Where there is nobody yet, makes the first person and prints a link that signs them in once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", default="owner@example.org")
        parser.add_argument("--name", default="First Owner")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                self._invite(options["email"], options["name"])
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None

    def _invite(self, email: str, name: str) -> None:
        person = _nobody_but_the_first()
        if person is None and User.objects.exists():
            return
        person = person or people.create_person(email=email, name=name)
        secret = people.make_sign_in_link(person, now=timezone.now())
        self.stdout.write(f"{person.name} — first owner, once — {settings.SITE_URL}/enter/{secret}/")


def _nobody_but_the_first() -> User | None:
    """The only person there is, when they have never signed in: a link that was lost is made anew."""
    rows = list(User.objects.all()[:2])
    return rows[0] if len(rows) == 1 and rows[0].last_login is None else None
