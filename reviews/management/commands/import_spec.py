"""Import a Markdown file into a spec, perhaps as a release, and report what it did."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from reviews.access.specs import people_with
from reviews.actions import images, imports, people, specs
from reviews.actions.imports import Imported, Upload
from reviews.actions.releases import Edition
from reviews.errors import Conflict, Invalid, Refusal
from reviews.management.import_report import lines
from reviews.models import Spec, User
from reviews.queries.imports import Report, images_named
from reviews.queries.incoming import Step, steps_of
from reviews.rules.kinds import Visibility
from reviews.rules.roles import Role
from reviews.text import incoming

UNOWNED = (
    "Nobody owns this spec yet, so nobody can work on it: run this again with --owner and a person's e-mail address."
)


class Command(BaseCommand):
    help = "Imports a Markdown file into an empty or existing spec as one revision that changes only what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument(
            "--spec", required=True, metavar="SLUG", help="address of the spec; made when there is none"
        )
        parser.add_argument("--title", default="", help="title of a spec that is made")
        parser.add_argument("--public", action="store_true", help="a spec that is made can be read by everybody")
        parser.add_argument(
            "--owner", default="", metavar="EMAIL", help="owner of a spec that is made, or that nobody owns yet"
        )
        parser.add_argument("--release", default="", metavar="LABEL", help="publish the result as an imported release")
        parser.add_argument("--date", type=day, metavar="YYYY-MM-DD", help="its day; by default its label, or today")
        parser.add_argument("--examples", type=Path, metavar="DIR", help="evaluation files, each named by its tag")
        lineage = parser.add_mutually_exclusive_group()
        lineage.add_argument("--lineage", type=Path, metavar="FILE", help="JSON: what became of vanished anchors")
        lineage.add_argument("--accept-lineage", action="store_true", help="take what the texts suggest")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = run(options)
        except Refusal as refusal:
            report = refusal.fresh if isinstance(refusal, Conflict) and isinstance(refusal.fresh, Report) else None
            raise CommandError(self._refused(refusal.sentence, report, as_json=options["json"])) from None
        if options["json"]:
            self.stdout.write(json.dumps({**done.report.as_data(), **_result(done)}, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join([*lines(done.report), *_said(done, options["spec"])]))

    def _refused(self, sentence: str, report: Report | None, *, as_json: bool) -> str:
        if report is None:
            return sentence
        if as_json:
            self.stdout.write(json.dumps({"refused": sentence, **report.as_data()}, ensure_ascii=False, indent=1))
            return sentence
        self.stdout.write("\n".join(lines(report)))
        return (
            f"{sentence} Nothing is stored yet. Run it again with --accept-lineage to take what is listed above, or with"
            " --lineage FILE; --json prints the report, which is such a file when you have corrected its “lineage”."
        )


@transaction.atomic
def run(options: dict[str, Any]) -> Imported:
    """Do what the options say, or nothing of it."""
    raw = _read(options["path"])
    upload = Upload(
        source=raw,
        name=options["path"].name,
        evaluations=_evaluations(options["examples"]),
        images=_images(options["path"].parent, incoming.decoded(raw)),
        lineage=_lineage(options["lineage"]),
        accept=options["accept_lineage"],
    )
    owner = _owner(options["owner"])
    spec = Spec.objects.filter(slug=options["spec"]).first()
    if spec is None:
        spec = _new_spec(options, owner)
    elif owner is not None:
        people.adopt(spec, owner=owner, now=timezone.now())
    edition = Edition(options["release"], _day(options)) if options["release"] else None
    return imports.import_document(spec, upload, by=None, now=timezone.now(), edition=edition)


def day(text: str) -> date:
    """A day as it is written on the command line."""
    return date.fromisoformat(text)


def _day(options: dict[str, Any]) -> date:
    if options["date"]:
        return options["date"]
    try:
        return day(options["release"][:10])
    except ValueError:
        return timezone.now().date()


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > incoming.LARGEST:
            raise Invalid(f"{path} is too large: 20 MB are the limit.")
        return path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from None


def _evaluations(folder: Path | None) -> dict[str, bytes] | None:
    if folder is None:
        return None
    if not folder.is_dir():
        raise Invalid(f"There is no folder {folder}.")
    return {path.stem: _read(path) for path in sorted(folder.glob("*.md"))}


def _images(folder: Path, text: str) -> dict[str, bytes]:
    """The images that the text names and that lie beside it, never outside of its folder."""
    folder = folder.resolve()
    found = {}
    for name in images_named(text):
        path = (folder / unquote(name)).resolve()
        if path.is_relative_to(folder) and path.is_file() and images.media_type(path.read_bytes()[:12]):
            found[name] = _read(path)
    return found


def _lineage(path: Path | None) -> list[Step]:
    if path is None:
        return []
    try:
        return steps_of(json.loads(_read(path)))
    except ValueError:
        raise Invalid(f"{path} is not JSON.") from None


def _owner(email: str) -> User | None:
    owner = User.objects.filter(email=email.lower()).first() if email else None
    if email and owner is None:
        raise Invalid(f"There is nobody with the address {email}.")
    return owner


def _new_spec(options: dict[str, Any], owner: User | None) -> Spec:
    title = options["title"] or options["spec"].replace("-", " ").title()
    visibility = Visibility.PUBLIC if options["public"] else Visibility.INTERNAL
    return specs.create(slug=options["spec"], title=title, by=owner, now=timezone.now(), visibility=visibility)


def _result(done: Imported) -> dict[str, Any]:
    return {
        "revision": done.revision.number if done.revision else None,
        "release": done.release.label if done.release else None,
    }


def _said(done: Imported, slug: str) -> list[str]:
    said = [f"Stored as revision {done.revision.number}." if done.revision else "The spec is like this already."]
    said += [f"Published as release {done.release.label}."] if done.release else []
    return said if people_with(Spec.objects.get(slug=slug), Role.OWNER) else [*said, UNOWNED]
