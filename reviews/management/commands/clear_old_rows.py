"""Clear by age what nobody will ask for again; a daily job does the same."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reviews.actions import clearing


class Command(BaseCommand):
    help = "Removes done jobs, expired sessions, old sign-in logs, unsent texts, uploads and stored pages by their age."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in clearing.clear_old_rows(now=timezone.now()).items():
            self.stdout.write(f"{name}: {count}")
