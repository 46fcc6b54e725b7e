"""Write a spec's document, byte for byte as it was imported."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.models import Release, Revision, Spec
from reviews.queries.attachments import evaluations
from reviews.queries.clauses import document
from reviews.rules.states import ReleaseState


class Command(BaseCommand):
    help = "Writes the document of a spec to the standard output, byte for byte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--revision", type=int, metavar="N", help="by default the newest one")
        which.add_argument("--release", default="", metavar="LABEL")
        parser.add_argument(
            "--examples", type=Path, metavar="DIR", help="also write the evaluation files into this folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        spec = Spec.objects.filter(slug=options["slug"]).first()
        if spec is None:
            raise CommandError(f"There is no spec at “{options['slug']}”.")
        number = _number(spec, options)
        if options["examples"]:
            _write_files(options["examples"], evaluations(spec, number))
        sys.stdout.buffer.write(document(spec, number).encode())
        sys.stdout.buffer.flush()


def _number(spec: Spec, options: dict[str, Any]) -> int:
    if options["release"]:
        rows = Release.objects.filter(spec=spec, state=ReleaseState.PUBLISHED, label=options["release"])
        number = rows.values_list("revision__number", flat=True).first()
        if number is None:
            raise CommandError(f"There is no release “{options['release']}” of this spec.")
        return int(number)
    wanted = spec.head if options["revision"] is None else options["revision"]
    if not Revision.objects.filter(spec=spec, number=wanted).exists():
        raise CommandError("This spec is empty." if not spec.head else f"There is no revision {wanted}.")
    return int(wanted)


def _write_files(folder: Path, files: dict[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for tag, content in files.items():
            (folder / f"{tag}.md").write_bytes(content)
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from None
