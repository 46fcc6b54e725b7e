"""The list of specs, new ones, their settings."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.models import Event, Membership, Spec, User
from tests.factories import add_member, import_into, make_spec, make_thread, make_user

pytestmark = pytest.mark.django_db

LEVELS = ["root", "system", "developer", "user", "guideline"]


@pytest.fixture
def owner() -> User:
    return make_user("Olga", email="olga@example.org")


@pytest.fixture
def spec(owner: User) -> Spec:
    return make_spec(slug="aster", title="Aster", members={owner: ["owner"]})


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def settings_of(spec: Spec, **changed: Any) -> dict[str, Any]:
    return {
        "title": spec.title,
        "description": "",
        "visibility": "public",
        "default_supports": "1",
        **changed,
    }


def table(rows: list[tuple[str, str, str] | tuple[str, str, str, str]]) -> dict[str, str]:
    """What the browser sends for rows of (rank, name, supports, remove)."""
    sent = {"levels-TOTAL_FORMS": str(len(rows)), "levels-INITIAL_FORMS": "5"}
    for number, row in enumerate(rows):
        names = ["order", "name", "supports", "remove"][: len(row)]
        sent.update({f"levels-{number}-{name}": value for name, value in zip(names, row, strict=True)})
    return sent


def usual(spec: Spec) -> list[tuple[str, str, str]]:
    return [(str(level.rank), level.name, str(level.required_supports)) for level in spec.authority_levels.all()]


def test_the_list_shows_outsiders_public_specs_only(client: Client, owner: User) -> None:
    make_spec(slug="open", title="Open Spec")
    make_spec(slug="closed", title="Closed Spec", visibility="internal", members={owner: ["owner", "editor"]})
    page = client.get("/").content.decode()
    assert ("Open Spec" in page, "Closed Spec" in page, "New spec" in page) == (True, False, False)
    page = signed_in(owner).get("/").content.decode()
    assert ("Open Spec" in page, "Closed Spec" in page, "New spec" in page) == (True, True, True)
    assert "You are owner, editor" in page


def test_the_list_says_what_a_spec_has(client: Client) -> None:
    make_spec(title="With a release", release="2026-01-01")
    make_spec(title="With a draft")
    make_spec(title="With nothing", source="")
    page = client.get("/").content.decode()
    assert ("2026-01-01" in page, "nothing released yet" in page, "No text yet" in page) == (True, True, True)


def test_an_empty_list_says_what_to_do(client: Client, owner: User) -> None:
    assert "Nothing is public here yet" in client.get("/").content.decode()
    assert "Create the first one" in signed_in(owner).get("/").content.decode()


def test_the_list_needs_as_many_queries_for_three_specs_as_for_one(owner: User) -> None:
    client = signed_in(owner)
    make_spec(members={owner: ["owner"]}, release="1")
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    for _ in range(2):
        make_spec(members={owner: ["owner"]}, release="1")
    with CaptureQueriesContext(connection) as three:
        client.get("/")
    assert len(three) == len(one)


def test_the_list_goes_on_behind_its_last_row(client: Client) -> None:
    for number in range(51):
        make_spec(slug=f"spec-n{number:02}", title=f"Spec number {number:02}", source="")
    first = client.get("/").content.decode()
    assert ("Spec number 49" in first, "Spec number 50" in first) == (True, False)
    assert 'href="?after=spec-n49"' in first
    second = client.get("/?after=spec-n49").content.decode()
    assert ("Spec number 49" in second, "Spec number 50" in second) == (False, True)
    assert client.get("/?after=nowhere").status_code == 422


def test_creating_a_spec_makes_its_creator_owner(owner: User) -> None:
    sent = {"title": "New One", "slug": "new-one", "description": "", "visibility": "internal"}
    answer = signed_in(owner).post("/new/", sent)
    assert (answer.status_code, answer["Location"]) == (303, "/new-one/")
    spec = Spec.objects.get(slug="new-one")
    assert (spec.title, spec.visibility) == ("New One", "internal")
    assert Membership.objects.get(spec=spec).roles == ["owner", "editor", "release_manager"]


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [("Not this", "lower-case letters"), ("api", "“api” is not available"), ("aster", "“aster” is not available")],
)
def test_a_refused_address_keeps_what_was_typed(owner: User, spec: Spec, slug: str, sentence: str) -> None:
    sent = {"title": "Typed title", "slug": slug, "description": "Typed words", "visibility": "public"}
    answer = signed_in(owner).post("/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (sentence in page, "Typed title" in page, "Typed words" in page) == (True, True, True)
    assert Spec.objects.count() == 1


def test_only_somebody_signed_in_creates(client: Client) -> None:
    answer = client.get("/new/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/new/")
    assert client.post("/new/", {"title": "No", "slug": "no", "visibility": "public"}).status_code == 403
    assert Spec.objects.count() == 0


def test_an_owner_changes_the_settings(owner: User, spec: Spec) -> None:
    sent = settings_of(spec, title="Aster Two", visibility="internal", default_supports="3")
    answer = signed_in(owner).post("/aster/settings/", sent)
    assert (answer.status_code, answer["Location"]) == (303, "/aster/settings/")
    spec.refresh_from_db()
    assert (spec.title, spec.visibility, spec.default_supports) == ("Aster Two", "internal", 3)


def test_making_a_spec_public_asks_first_and_says_what_becomes_visible(owner: User) -> None:
    closed = make_spec(slug="closed", visibility="internal", members={owner: ["owner", "editor"]}, release="1.0")
    make_thread(closed, by=owner, quote="does not lie")
    make_thread(closed, by=owner, quote="does not lie", visibility="internal")
    sent = settings_of(closed, visibility="public")

    asked = signed_in(owner).post("/closed/settings/", sent)

    closed.refresh_from_db()
    assert (asked.status_code, closed.visibility) == (200, "internal")
    text = re.sub(r"\s+", " ", asked.content.decode())
    assert "3 clauses of the draft with their whole history, and 1 release." in text
    assert "0 public proposals and 1 public thread with the names of 1 person who wrote in them." in text
    done = signed_in(owner).post("/closed/settings/", {**sent, "confirmed": "1"})
    closed.refresh_from_db()
    assert (done.status_code, closed.visibility) == (303, "public")


def test_refused_settings_are_shown_again(owner: User, spec: Spec) -> None:
    answer = signed_in(owner).post("/aster/settings/", settings_of(spec, title=" ", default_supports="0"))
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()
    spec.refresh_from_db()
    assert spec.title == "Aster"


@pytest.mark.parametrize("role", ["editor", "approver", "moderator", "release_manager", "member"])
def test_nobody_but_an_owner_sees_the_settings(spec: Spec, role: str) -> None:
    add_member(spec, user := make_user("Ana"), role)
    client = signed_in(user)
    verbs = ["settings/levels", "archive", "restoration"]
    assert client.get("/aster/settings/").status_code == 403
    assert [client.post(f"/aster/{verb}").status_code for verb in verbs] == [403, 403, 403]


def test_an_internal_spec_is_not_there_for_outsiders(client: Client) -> None:
    make_spec(slug="closed", visibility="internal")
    stranger = signed_in(make_user("Stranger"))
    for path in ["/closed/settings/", "/closed/members/", "/nowhere/settings/", "/nowhere/members/"]:
        assert [client.get(path).status_code, stranger.get(path).status_code] == [404, 404]


def test_levels_are_ordered_added_and_removed_in_one_table(owner: User, spec: Spec) -> None:
    rows = [("1", "root", "3"), ("3", "system", "1", "on"), ("4", "developer", "1"), ("5", "user", "1")]
    answer = signed_in(owner).post(
        "/aster/settings/levels", table([*rows, ("9", "guideline", "1"), ("2", "platform", "2"), ("", "", "")])
    )
    assert (answer.status_code, answer["Location"]) == (303, "/aster/settings/#levels")
    assert usual(spec) == [
        ("1", "root", "3"),
        ("2", "platform", "2"),
        ("3", "developer", "1"),
        ("4", "user", "1"),
        ("5", "guideline", "1"),
    ]


@pytest.mark.parametrize(
    ("name", "sentence"), [("Two words", "one lower-case word"), ("root", "Each level can stand only once")]
)
def test_refused_levels_are_shown_as_they_were_written(owner: User, spec: Spec, name: str, sentence: str) -> None:
    answer = signed_in(owner).post("/aster/settings/levels", table([*usual(spec), ("7", name, "4")]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (sentence in page, f'value="{name}"' in page) == (True, True)
    assert [level.name for level in spec.authority_levels.all()] == LEVELS


def test_a_level_that_clauses_carry_stays(owner: User, spec: Spec) -> None:
    rows = [row for row in usual(spec) if row[1] != "guideline"]
    answer = signed_in(owner).post("/aster/settings/levels", table(rows))
    assert answer.status_code == 422
    assert "Clauses carry guideline" in answer.content.decode()
    assert [level.name for level in spec.authority_levels.all()] == LEVELS


def test_a_broken_table_is_refused(owner: User, spec: Spec) -> None:
    client = signed_in(owner)
    assert client.post("/aster/settings/levels", {}).status_code == 422
    assert client.post("/aster/settings/levels", table([("1", "root", "0")])).status_code == 422
    assert [level.name for level in spec.authority_levels.all()] == LEVELS


def test_archiving_and_restoring(owner: User, spec: Spec) -> None:
    client = signed_in(owner)
    assert client.post("/aster/archive").status_code == 303
    assert "Restore" in client.get("/aster/settings/").content.decode()
    assert client.post("/aster/archive").status_code == 409
    assert client.post("/aster/restoration").status_code == 303
    assert list(Event.objects.filter(spec=spec).order_by("-pk").values_list("kind", flat=True)[:2]) == [
        "spec.restored",
        "spec.archived",
    ]


def test_the_pages_are_marked_noindex_and_titled(owner: User, spec: Spec) -> None:
    import_into(spec, "# Other {#other}\n\nWords.\n")
    client = signed_in(owner)
    for path, title in [
        ("/new/", "New spec"),
        ("/aster/settings/", "Settings · Aster"),
        ("/aster/members/", "Members"),
    ]:
        page = client.get(path).content.decode()
        assert 'content="noindex"' in page
        assert f"<title>{title}" in page
        assert page.count("<h1") == 1


def test_a_spec_without_enough_approvers_says_so_where_changes_are_made(owner: User) -> None:
    spec = make_spec(slug="alone", members={owner: ["owner", "editor"]})
    client = signed_in(owner)

    for path in ("/alone/settings/", "/alone/proposals/"):
        page = client.get(path).content.decode()
        assert "This spec has no approver, so no change can be merged." in page
        assert 'href="/alone/members/#invite"' in page
    for name in ("Ana", "Ben"):
        add_member(spec, make_user(name), "approver")
    assert "no approver" not in client.get("/alone/settings/").content.decode()


def test_a_new_spec_says_what_to_do_next(owner: User) -> None:
    client = signed_in(owner)
    client.post("/new/", {"title": "New One", "slug": "new-one", "description": "", "visibility": "internal"})

    assert "invite an approver" in client.get("/new-one/settings/").content.decode()


@pytest.mark.parametrize(
    ("changed", "field"), [({"title": ""}, "title"), ({"default_supports": "0"}, "default_supports")]
)
def test_the_page_opens_at_the_first_field_that_is_wrong(
    owner: User, spec: Spec, changed: dict[str, str], field: str
) -> None:
    page = signed_in(owner).post("/aster/settings/", settings_of(spec, **changed)).content.decode()

    assert re.search(rf'<(?:input|textarea)[^>]*name="{field}"[^>]*autofocus', page)
    assert page.count("autofocus") == 1
