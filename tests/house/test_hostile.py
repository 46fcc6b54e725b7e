"""Whatever is sent, to whichever address, by whom who may most: never an error that nobody expected."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.house.addresses import every_route, written
from tests.house.test_outsiders import World, world  # noqa: F401 (the same world)

NUL, LONG = "a\x00b", "9" * 5000
WORDS = (
    NUL,
    LONG,
    "-1",
    "9" * 19,
    "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"),
    "..",
    "%00%ff",
    "1e309",
)
QUERIES = (
    "after",
    "of",
    "clause",
    "proposal",
    "patch",
    "before",
    "from",
    "at",
    "state",
    "kind",
    "q",
    "by",
    "old",
    "new",
)
MORE_QUERIES = ("visibility", "next", "size", "revision", "format", "label")
FIELDS = (
    *("title", "rationale", "visibility", "clause", "body", "kind", "key", "version", "start", "end", "quote", "block"),
    *("move", "reason", "proposal", "patch_set", "do", "details_version", "new_source", "new_after", "open_clause"),
    *(
        "notes",
        "base",
        "includes",
        "label",
        "slug",
        "description",
        "default_supports",
        "email",
        "roles",
        "name",
        "days",
    ),
    *("levels-TOTAL_FORMS", "levels-INITIAL_FORMS", "levels-0-name", "levels-0-required_supports", "levels-0-was"),
    *("lineage-TOTAL_FORMS", "lineage-INITIAL_FORMS", "lineage-0-source", "how", "username", "password", "next"),
    *("old_password", "new_password1", "new_password2", "old", "new", "after", "authority", "source"),
)
VALID = {
    "title": "A title",
    "visibility": "public",
    "kind": "question",
    "body": "Words",
    "key": "k",
    "patch_set": "1",
    "version": "1",
    "start": "0",
    "end": "4",
    "move": "resolve",
    "reason": "For a reason",
    "slug": "fresh",
    "label": "9.9",
    "email": "new@example.org",
    "roles": "editor",
    "name": "A name",
    "days": "10",
}
BODIES = (
    *(b"", b"null", b"[]", b'"x"', b"17", b"{", b"\xff\xfe", b'{"title": "\\ud800"}', b"[" * 100_000, b"9" * 5000),
    *(b'{"size": NaN}', b'{"a": 1e999}'),
)
ODD = (None, True, 1.5, -1, 10**30, [], {}, [[]], "a\x00b", "\ud800", "x" * 3000, [NUL], {"since": NUL})
WORST = (NUL, "\ud800", 10**30)
JSON_FIELDS = (
    *("title", "rationale", "visibility", "clause", "proposal", "quote", "kind", "body", "reason", "grounds", "move"),
    *("expected_version", "source", "after", "authority", "onto", "patch_set", "label", "notes", "includes", "slug"),
    "description",
)
VALID_JSON = {
    **dict.fromkeys(JSON_FIELDS, "x"),
    "visibility": "public",
    "kind": "question",
    "proposal": "",
    "move": "resolve",
    "quote": None,
    "after": None,
    "onto": None,
    "patch_set": 1,
    "expected_version": 1,
    "includes": [],
    "label": "9.9",
}


@pytest.fixture
def client(world: World) -> Client:  # noqa: F811
    """Somebody who may do everything, so that what is sent is looked at; errors are answered, not raised."""
    boss = world.people["owner"]
    roles = ["owner", "editor", "approver", "moderator", "release_manager"]
    world.spec.memberships.filter(user=boss).update(roles=roles)
    client = Client(raise_request_exception=False)
    client.force_login(boss)
    return client


def addresses(world: World) -> Iterator[str]:  # noqa: F811
    for route in every_route():
        if not any(
            word in route for word in ("sign-out", "sessions/end", "removal")
        ):  # they end what the client may do
            yield written(route, world.things)


def broken(client: Client, method: str, path: str, **sent: object) -> list[str]:
    response = getattr(client, method)(path, **sent)
    return [f"{method} {path[:120]!r} {str(sent)[:160]}: {response.status_code}"] if response.status_code >= 500 else []


def test_no_query_breaks_an_address(world: World, client: Client):  # noqa: F811
    wrong: list[str] = []
    for path in addresses(world):
        for word in WORDS:
            wrong += broken(client, "get", path, data=dict.fromkeys((*QUERIES, *MORE_QUERIES), word))
        for name in QUERIES:
            wrong += broken(client, "get", path, data={name: NUL})
    assert wrong == []


def test_no_form_breaks_an_address(world: World, client: Client):  # noqa: F811
    wrong: list[str] = []
    for path in (path for path in addresses(world) if not path.startswith("/api/")):
        for word in WORDS:
            wrong += broken(client, "post", path, data=dict.fromkeys(FIELDS, word))
        for query in ({"clause": NUL}, {"proposal": NUL}):
            wrong += broken(client, "post", path, data={"body": "x"}, query_params=query)
    assert wrong == []


def test_no_single_field_breaks_a_form(world: World, client: Client):  # noqa: F811
    wrong: list[str] = []
    forms = [path for path in addresses(world) if client.post(path, {}).status_code in (200, 201, 303, 409, 422)]
    about = {"clause": world.things["clause"]}
    for path in (path for path in forms if not path.startswith("/api/")):
        for name in VALID:
            for word in (NUL, LONG, "\ud7ff\ufffe"):
                given = {**VALID, name: word}
                wrong += broken(
                    client, "post", path, data=given, query_params=about if path.endswith("threads/") else {}
                )
    assert len(forms) > 20
    assert wrong == []


def test_no_body_breaks_the_api(world: World, client: Client):  # noqa: F811
    wrong: list[str] = []
    for path in (path for path in addresses(world) if path.startswith("/api/")):
        for method in ("post", "put", "delete", "patch"):
            for body in BODIES:
                wrong += broken(client, method, path, data=body, content_type="application/json")
    assert wrong == []


def test_no_value_breaks_the_api(world: World, client: Client):  # noqa: F811
    wrong: list[str] = []
    given = {**VALID_JSON, "clause": world.things["clause"], "source": "# X\n"}
    for path in (path for path in addresses(world) if path.startswith("/api/")):
        for method in ("post", "put"):
            if client.generic(method.upper(), path, "{}", "application/json").status_code == 405:
                continue
            sent = [dict.fromkeys(JSON_FIELDS, odd) for odd in ODD]
            sent += [{**given, name: odd} for name in JSON_FIELDS for odd in WORST]
            for number, body in enumerate(sent):
                headers = {"Idempotency-Key": f"key {number}"}
                wrong += broken(client, method, path, data=body, content_type="application/json", headers=headers)
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        *("/%00/", "/aster/%00/", "/aster/draft/%00/", "/aster/draft/%ff%fe/", "/aster/compare/%00..draft/"),
        *("/aster/threads/%00/", "/aster/images/zz", "/aster/2.0/files/%00", "/api/v1/specs/%00", "/password/%00/x/"),
        *(f"/aster/draft/{'x' * 6000}/", f"/{'x' * 6000}/", "/aster/draft/a%0d%0aSet-Cookie:x/", "//evil.example/"),
        *(f"/api/v1/specs/aster/revisions/{'9' * 30}", f"/api/v1/specs/aster/revisions?after={'9' * 30}"),
        *(
            f"/aster/draft/be_honest/?before={'9' * 9}",
            "/aster/draft/be_honest/?before=²",
            "/aster/compare/2.0..draft/?from=²",
        ),
        *("/aster/threads/?after=²", "/aster/proposals/x/?patch=²", f"/api/v1/specs/aster/proposals?size={'9' * 9000}"),
        *("/aster/clauses/x/threads/?at=²", "/password/OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x-y/", "/password/AA/x-y/"),
    ],
)
def test_no_address_breaks_the_site(world: World, client: Client, path: str):  # noqa: F811
    response = client.get(path)
    assert response.status_code < 500
    assert "Set-Cookie" not in response.headers.get("Location", "").replace("%0D%0ASet-Cookie", "")
    assert not response.headers.get("Location", "").startswith(("//", "http"))


@pytest.mark.parametrize("header", ["Authorization", "If-None-Match", "Accept", "Accept-Encoding", "Idempotency-Key"])
@pytest.mark.parametrize("value", ["Bearer \xff\xfe", "Bearer", "\xff" * 5000, ";q=;q=", "*/*;q=x", 'W/"x', ",,,"])
def test_no_header_breaks_the_site(world: World, client: Client, header: str, value: str):  # noqa: F811
    for path in ("/aster/2.0/", "/aster/threads/", "/api/v1/specs/aster/threads", "/aster/2.0/files/aster-2.0.json"):
        for one in (client, Client(raise_request_exception=False)):
            assert one.get(path, headers={header: value}).status_code < 500
    made = client.post("/api/v1/specs/aster/threads", {"body": "x"}, "application/json", headers={header: value})
    assert made.status_code < 500
