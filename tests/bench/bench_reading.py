"""Reading without a session: a release from stored bytes, the draft after an edit, beside a bare view with the same bytes.

All of it through the whole WSGI application with its middleware; the bare view has none. Ratios are of CPU time.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from tests.bench import fixtures

fixtures.ready()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from reviews.actions import changes, merging, pages, proposals  # noqa: E402
from reviews.actions.changes import Saver  # noqa: E402
from reviews.models import Comment, Spec, StoredPage, Thread, User  # noqa: E402
from reviews.rules.kinds import ThreadKind, Visibility  # noqa: E402
from reviews.web.pages import stored  # noqa: E402
from reviews.web.pages.names import name_of_release  # noqa: E402
from tests.corpora import CORPORA  # noqa: E402
from tests.factories import clause, make_spec, make_user, take_position  # noqa: E402

NEWEST = CORPORA / "model_spec" / "2025-12-18-rev2.md"
ANCHOR = "do_not_lie"
COMMENTS = 10_000
LABEL = "1.0"
TIMES = 300


def bare(request: HttpRequest, page: int) -> HttpResponse:
    """As little as Django can do: one query for the bytes."""
    content = StoredPage.objects.values_list("content", flat=True).get(pk=page)
    return HttpResponse(bytes(content), headers={"Content-Encoding": "br"})


urlpatterns = [path("bare/<int:page>", bare)]


def run() -> list[dict[str, Any]]:
    """The rows of the table, on one copy and on ten, each without comments and with 10,000."""
    rows: list[dict[str, Any]] = []
    for count in (1, 10):
        editor, approver = make_user("Edith"), make_user("Alan")
        source = fixtures.copies(NEWEST.read_text(), count)
        spec = make_spec(source=source, members={editor: ["editor"], approver: ["approver"]}, release=LABEL)
        rows += _release_rows(spec, f"{count}x")
        _comment(spec, editor)
        rows += _release_rows(spec, f"{count}x, {COMMENTS:,} comments")
        rows.append(_draft_row(spec, editor, approver, count))
    return rows


def _release_rows(spec: Spec, what: str) -> list[dict[str, Any]]:
    address = f"/{spec.slug}/{LABEL}/"
    whole = WSGIHandler()
    first = _get(whole, address)
    assert first[0] == "200 OK", first
    page = StoredPage.objects.get(spec=spec, name=name_of_release(LABEL))
    pages.compress(spec=spec.pk, page=page.name)
    page.refresh_from_db()
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
        plain = WSGIHandler()
        assert len(_get(plain, f"/bare/{page.pk}")[2]) == len(page.content)
        alone = fixtures.cpu_ms(lambda: _get(plain, f"/bare/{page.pk}"), times=TIMES)
    from_memory = fixtures.cpu_ms(lambda: _get(whole, address), times=TIMES)
    from_database = fixtures.cpu_ms(_forgetting(lambda: _get(whole, address)), times=TIMES)
    unchanged = fixtures.cpu_ms(lambda: _get(whole, address, HTTP_IF_NONE_MATCH=first[1]["ETag"]), times=TIMES)
    assert _get(whole, address, HTTP_IF_NONE_MATCH=first[1]["ETag"])[0] == "304 Not Modified"
    return [
        {"name": f"read a release, {what}: bytes", "value": len(page.content), "unit": "bytes"},
        {"name": f"read a release, {what}: a bare view", "median_ms": alone},
        {"name": f"read a release, {what}: stored, share of bare", "value": alone / from_database, "at_least": 0.25},
        {"name": f"read a release, {what}: from memory, share of bare", "value": alone / from_memory, "at_least": 0.6},
        {"name": f"read a release, {what}: unchanged, 304", "median_ms": unchanged},
    ]


def _forgetting(work: Callable[[], object]) -> Callable[[], object]:
    def forgotten() -> object:
        stored.memory.clear()
        return work()

    return forgotten


def _draft_row(spec: Spec, editor: User, approver: User, count: int) -> dict[str, Any]:
    """The first reading of the draft after each of a few merged edits."""
    handler, address = WSGIHandler(), f"/{spec.slug}/draft/"
    _get(handler, address)
    edits = _edits(spec, editor, approver)

    spent = []
    for _ in range(11):
        next(edits)
        spent.append(fixtures.cpu_ms(lambda: _get(handler, address), times=1))
    row = {"name": f"read the draft after one edit, {count}x", "median_ms": sorted(spent)[len(spent) // 2]}
    return {**row, "target_ms": 10} if count == 1 else row


def _edits(spec: Spec, editor: User, approver: User) -> Iterator[None]:
    number = 0
    while True:
        number += 1
        now = timezone.now()
        proposal = proposals.create(spec, title=f"Edit {number}", by=editor, now=now)
        change = changes.open_clause(proposal, clause(spec, ANCHOR), saver=Saver(editor, now))
        source = change.source.rstrip("\n") + f"\n\nSentence {number} was added here.\n\n"
        changes.save(change, source=source, expected_version=change.version, saver=Saver(editor, now))
        proposals.submit(proposal, by=editor, now=now)
        for supporter in (approver,):
            take_position(proposal, by=supporter)
        merging.merge(proposal, by=editor, now=now)
        yield


def _comment(spec: Spec, by: User) -> None:
    """Public threads with a comment each, spread over all clauses; written as rows, since posting is measured elsewhere."""
    owners = list(spec.clauses.values_list("pk", flat=True))
    now = timezone.now()
    threads = Thread.objects.bulk_create(
        Thread(
            spec=spec,
            clause_id=owners[number % len(owners)],
            visibility=Visibility.PUBLIC,
            kind=ThreadKind.QUESTION,
            created_at=now,
            created_by=by,
        )
        for number in range(COMMENTS)
    )
    Comment.objects.bulk_create(
        Comment(thread=thread, author=by, body="Why so?", created_at=now, idempotency_key=f"{thread.pk}")
        for thread in threads
    )


def _get(handler: WSGIHandler, address: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
    """One request as a WSGI server makes it."""
    answered: list[tuple[str, dict[str, str]]] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8000",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        **headers,
    }
    response = handler(environ, lambda status, given, *_: answered.append((status, dict(given))))
    body = b"".join(response)
    response.close()
    return *answered[0], body
