"""The report of an import: what would change, what became of vanished anchors, what was not understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from reviews.models import Attachment, Spec
from reviews.queries.incoming import Comparison, Step, step_as_data
from reviews.rules.kinds import AttachmentKind
from reviews.text import dialect, diff
from reviews.text.outline import Clause, Outline, parse


@dataclass(frozen=True)
class Mention:
    """A clause, by its anchor and title; `line` is where it stands in the new document, or stood in the old one."""

    anchor: str
    title: str
    line: int


@dataclass(frozen=True)
class Changed:
    """A clause of which one thing changed: its title, its anchor or its authority, from one word to another."""

    clause: Mention
    before: str
    after: str


@dataclass(frozen=True)
class Remark:
    """Something on a line of the new document that a person may want to look at."""

    line: int
    what: str


@dataclass(frozen=True)
class Report:
    """What an import does to a spec, and what a person should know of the document."""

    clauses: int
    added: tuple[Mention, ...]
    removed: tuple[Mention, ...]
    edited: tuple[Mention, ...]
    moved: tuple[Mention, ...]
    retitled: tuple[Changed, ...]
    authority: tuple[Changed, ...]
    lineage: tuple[Step, ...]
    to_confirm: tuple[Step, ...]
    new_levels: tuple[str, ...]
    tags_without_file: tuple[str, ...]
    files_without_tag: tuple[str, ...]
    images: tuple[str, ...]
    images_missing: tuple[str, ...]
    broken_references: tuple[Remark, ...]
    not_understood: tuple[Remark, ...]

    @property
    def changes_text(self) -> bool:
        """Whether any clause changes."""
        return bool(self.added or self.removed or self.edited or self.moved)

    def as_data(self) -> dict[str, Any]:
        """The report as plain data, for JSON; `lineage` has the form of a lineage file."""
        data = asdict(self)
        for name in ("lineage", "to_confirm"):
            data[name] = [step_as_data(step) for step in getattr(self, name)]
        return data


@dataclass(frozen=True)
class Beside:
    """Files beside the text, stored ones and those that come along: evaluation files by tag, images by name."""

    evaluations: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()


def beside(spec: Spec, *, evaluations: Iterable[str] | None, images: Iterable[str]) -> Beside:
    """What the head of a spec would have beside its text with these files; None leaves its evaluation files."""
    stored = list(Attachment.objects.at(spec, spec.head).values_list("kind", "name"))
    tags = {name for kind, name in stored if kind == AttachmentKind.EVALUATION}
    pictures = {name for kind, name in stored if kind == AttachmentKind.IMAGE}
    return Beside(frozenset(tags if evaluations is None else evaluations), frozenset(pictures.union(images)))


def images_named(text: str) -> tuple[str, ...]:
    """The local images that a document names, as it spells them."""
    read = _Reading(parse(text)) if "![" in text or "<img" in text.lower() else None
    return tuple(read.images.asked) if read else ()


def images_shown(source: str, shared: dialect.Resolver) -> frozenset[str]:
    """The local images that one clause shows in a document that has these reference links, as it spells them."""
    images = _Images()
    if dialect.needs(source).images:
        dialect.render(source, replace(shared, images=images))
    return frozenset(images.asked)


def report(found: Comparison, beside: Beside) -> Report:
    """What this comparison means, with the document read once for what may be wrong in it."""
    read = _Reading(found.new)
    return Report(
        clauses=len(found.new.clauses),
        added=tuple(_mention(found.new.clauses[j]) for j in found.diff.added),
        removed=tuple(_mention(found.old.clauses[i]) for i in found.diff.removed),
        edited=tuple(_new_of(found, pair) for pair in found.diff.pairs if pair.diff.changed or pair.renamed),
        moved=tuple(_new_of(found, pair) for pair in found.diff.pairs if pair.moved or pair.reparented),
        retitled=_changed(found, (pair for pair in found.diff.pairs if pair.retitled), "title"),
        authority=_changed(found, (pair for pair in found.diff.pairs if pair.authority), "authority"),
        lineage=found.lineage,
        to_confirm=found.open_steps,
        new_levels=new_levels(found),
        tags_without_file=tuple(tag for tag in read.tags if tag not in beside.evaluations),
        files_without_tag=tuple(sorted(beside.evaluations - set(read.tags))),
        images=tuple(read.images.asked),
        images_missing=tuple(name for name in read.images.asked if not image_of(name, beside.images)),
        broken_references=tuple(read.broken),
        not_understood=tuple(read.unknown),
    )


def new_levels(found: Comparison) -> tuple[str, ...]:
    """Authority levels of the new document that the spec does not know, in order of appearance."""
    known = {name.lower() for name in found.spec.authority_levels.values_list("name", flat=True)}
    named = dict.fromkeys(clause.authority for clause in found.new.clauses if clause.authority)
    return tuple(name for name in named if name not in known)


def image_of(name: str, files: Iterable[str]) -> str:
    """The file that a text means by the name of a local image: the same path, else the same last part of it; or ""."""
    paths = {file: PurePosixPath(file) for file in files}
    wanted = PurePosixPath(unquote(name))
    whole = next((file for file, path in paths.items() if file == name or path == wanted), "")
    return whole or next((file for file, path in paths.items() if path.name == wanted.name), "")


class _Images(dict[str, str]):
    """Notes which local images a rendering asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, None] = {}

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        if not urlsplit(name).scheme and not name.startswith(("/", "#")):
            self.asked[name] = None
        return default


class _Reading:
    """One walk through the rendered clauses of a document."""

    def __init__(self, document: Outline) -> None:
        self.tags: dict[str, None] = {}
        self.images = _Images()
        self.broken: list[Remark] = []
        self.unknown: list[Remark] = []
        self.resolve = replace(dialect.Resolver.of(document), images=self.images)
        for clause in document.clauses:
            self._read(clause)

    def _read(self, clause: Clause) -> None:
        done = dialect.render(clause.source, self.resolve)
        self.tags.update(dict.fromkeys(done.evaluation_tags))
        self.unknown += [Remark(clause.line + line - 1, construct) for construct, line in done.unknown]
        for reference in dict.fromkeys(done.references):
            if not self.resolve.find(reference) and reference not in self.resolve.names:
                self.broken.append(Remark(_line_of(clause, f"#{reference}"), reference))


def _line_of(clause: Clause, words: str) -> int:
    at = max(clause.source.find(words), 0)
    return clause.line + len(clause.source[:at].replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1


def _mention(clause: Clause) -> Mention:
    return Mention(clause.anchor, clause.title, clause.line)


def _new_of(found: Comparison, pair: diff.Pair) -> Mention:
    return _mention(found.new.clauses[pair.new])


def _changed(found: Comparison, pairs: Iterable[diff.Pair], what: str) -> tuple[Changed, ...]:
    return tuple(
        Changed(
            _new_of(found, pair),
            getattr(found.old.clauses[pair.old], what),
            getattr(found.new.clauses[pair.new], what),
        )
        for pair in pairs
    )
