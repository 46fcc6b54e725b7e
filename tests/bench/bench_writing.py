"""Keeping a draft, merging it, posting comments: on the newest Model Spec and on ten copies of it."""

from __future__ import annotations

import statistics
import uuid
from typing import Any
from urllib.request import urlopen

from tests.bench import fixtures

fixtures.ready()

from django.utils import timezone  # noqa: E402

from reviews.actions import changes, merging  # noqa: E402
from reviews.actions.changes import Saver  # noqa: E402
from reviews.models import Comment, Proposal, Spec, Thread, User  # noqa: E402
from reviews.rules.kinds import ThreadKind, Visibility  # noqa: E402
from tests.bench.posting import Tally, post_at_once  # noqa: E402
from tests.corpora import CORPORA  # noqa: E402
from tests.factories import clause, make_proposal, make_spec, make_user, take_position, version  # noqa: E402

NEWEST = CORPORA / "model_spec" / "2025-12-18-rev2.md"
ANCHOR = "do_not_lie"
WRITERS, EACH = 8, 60


def run() -> list[dict[str, Any]]:
    """The rows of the table; the targets at ten copies are 1.5 times what one copy took in this run."""
    rows: list[dict[str, Any]] = []
    saved: dict[int, float] = {}
    merged: dict[int, float] = {}
    for count in (1, 10):
        spec, people = _spec(count)
        saved[count], merged[count] = _draft_and_merge(spec, people)
        rows += _posting_rows(spec, people, f"{count}x")
        rows += _rows_with_comments(spec, people, f"{count}x", before=(saved[count], merged[count]))
    return [
        {"name": "keep a draft of one clause, 1x", "median_ms": saved[1], "target_ms": 15},
        {"name": "keep a draft of one clause, 10x", "median_ms": saved[10], "target_ms": 1.5 * saved[1]},
        {"name": "merge one clause, 1x", "median_ms": merged[1], "target_ms": 25},
        {"name": "merge one clause, 10x", "median_ms": merged[10], "target_ms": 1.5 * merged[1]},
        *rows,
    ]


def _rows_with_comments(
    spec: Spec, people: list[User], size: str, *, before: tuple[float, float]
) -> list[dict[str, Any]]:
    """Writing once there are thousands of comments: it must cost what it cost before."""
    saved, merged = _draft_and_merge(spec, people)
    what = f"{size} with {Comment.objects.filter(thread__spec=spec).count():,} comments"
    return [
        {"name": f"keep a draft of one clause, {what}", "median_ms": saved, "target_ms": 1.5 * before[0]},
        {"name": f"merge one clause, {what}", "median_ms": merged, "target_ms": 1.5 * before[1]},
    ]


def _spec(count: int) -> tuple[Spec, list[User]]:
    editor = make_user("Edith")
    people = [editor, *(make_user(f"Writer {number}") for number in range(WRITERS))]
    roles = {person: ["approver"] for person in people[1:]} | {editor: ["editor"]}
    source = fixtures.copies(NEWEST.read_text(), count)
    return make_spec(source=source, members=roles, release=f"{count}.0"), people


def _draft_and_merge(spec: Spec, people: list[User]) -> tuple[float, float]:
    editor, *others = people
    changed = make_proposal(spec, by=editor, edits={ANCHOR: ("should", "must")}, submit=False).patch_sets.get()
    held = {"change": changed.changes.get()}

    def save() -> None:
        change = held["change"]
        source, saver = change.source.rstrip("\n") + " More.\n\n", Saver(by=editor, now=timezone.now())
        held["change"] = changes.save(change, source=source, expected_version=change.version, saver=saver)

    saving = fixtures.cpu_ms(save, times=25)
    merging_ms = statistics.median(_merge_once(spec, editor, others, number) for number in range(15))
    return saving, merging_ms


def _merge_once(spec: Spec, editor: User, others: list[User], number: int) -> float:
    proposal = _ready_to_merge(spec, editor, others, number)
    return fixtures.cpu_ms(lambda: merging.merge(proposal, by=editor, now=timezone.now()), times=1)


def _ready_to_merge(spec: Spec, editor: User, others: list[User], number: int) -> Proposal:
    source = version(spec, ANCHOR).source
    first = source.index("\n\n") + 2
    words = source[first : first + 40]
    proposal = make_proposal(spec, by=editor, edits={ANCHOR: (words, f"Version {number}. {words}")})
    for person in others[:2]:
        take_position(proposal, by=person)
    return proposal


def _posting_rows(spec: Spec, people: list[User], size: str) -> list[dict[str, Any]]:
    rows = []
    with fixtures.web() as address:
        for before in (0, 10_000):
            _fill(spec, people[0], before)
            path = f"/{spec.slug}/threads/?clause={clause(spec, ANCHOR).public_id}"
            fields = {"visibility": "public", "kind": "question"}
            post_at_once(
                address, path, people=people[1:], each=5, fields=fields
            )  # until every process has its connections
            stored = Comment.objects.filter(thread__spec=spec).count()
            tally = post_at_once(address, path, people=people[1:], each=EACH, fields=fields)
            lost = len(tally.seconds) - (Comment.objects.filter(thread__spec=spec).count() - stored)
            rows += _rows(tally, lost, f"{size}, {before:,} comments before")
        _read_every_kind_of_page(address, spec)
        rows.append(
            {"name": f"memory of a web process, {size} (MB)", "value": fixtures.web_memory_mb(), "at_most": 150}
        )
    return rows


def _rows(tally: Tally, lost: int, what: str) -> list[dict[str, Any]]:
    return [
        {
            "name": f"comments posted 8 at once, {what} (per s; p99 {tally.p99_ms:.0f} ms)",
            "value": tally.per_second,
            "at_least": 200,
        },
        {"name": f"comments accepted and lost, {what}", "value": lost, "at_most": 0},
        {"name": f"comments refused, {what}", "value": len(tally.errors), "at_most": 0},
    ]


def _read_every_kind_of_page(address: str, spec: Spec) -> None:
    """A process that served nothing but posts would show less memory than one in use."""
    paths = ["", "draft/", f"draft/{ANCHOR}/", "proposals/", "threads/", "releases/", "activity/"]
    for path in [path for path in paths for _ in range(4)]:
        with urlopen(f"{address}/{spec.slug}/{path}", timeout=60) as answer:
            answer.read()


def _fill(spec: Spec, by: User, count: int) -> None:
    """Rows as the actions write them, in bulk: ten comments a thread, over all clauses."""
    clauses = list(spec.clauses.all())
    opened = [
        Thread(
            spec=spec,
            clause=clauses[number % len(clauses)],
            visibility=Visibility.PUBLIC,
            kind=ThreadKind.QUESTION,
            created_at=timezone.now(),
            created_by=by,
        )
        for number in range(count // 10)
    ]
    Thread.objects.bulk_create(opened)
    Comment.objects.bulk_create(
        Comment(
            thread=thread,
            author=by,
            body="What about this?",
            created_at=timezone.now(),
            idempotency_key=str(uuid.uuid4()),
        )
        for thread in opened
        for _ in range(10)
    )
