"""Fill an empty database with the demo: a spec with editions, people, proposals and threads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from reviews.actions import demo
from reviews.models import Spec, User

FOLDER = Path(__file__).resolve().parents[2] / "demo"


class Command(BaseCommand):
    help = "Fills an empty database with the demo spec and its people; does nothing where there is a spec or a person."

    def handle(self, *args: Any, **options: Any) -> None:
        if Spec.objects.exists() or User.objects.exists():
            self.stdout.write("There is something in the database already: the demo is left out.")
            return
        story = json.loads((FOLDER / "story.json").read_text(encoding="utf-8"))
        files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*.md")}
        spec = demo.play(story, files)
        self.stdout.write(f"The demo is there: {spec.title}, with {len(story['people'])} people.")
