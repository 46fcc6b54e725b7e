"""Specs, revisions, clauses and their versions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.actions import merging, releases
from reviews.models import Revision, Spec, User
from tests.api.conftest import Caller
from tests.factories import NOW, SOURCE, clause, import_into, make_proposal, make_spec, take_position, version

pytestmark = pytest.mark.django_db

Call = Callable[[str], Caller]


def queries_of(caller: Caller, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert caller.get(path).status_code == 200
    return len(found)


def paged(caller: Caller, path: str, *, size: int = 1) -> list[dict[str, object]]:
    """All rows of a list, fetched page by page."""
    address, rows = f"{path}?size={size}", []
    while address:
        page = caller.get(address).json()
        assert len(page["rows"]) <= size
        rows += page["rows"]
        address = (page["next"] or "").removeprefix("/api/v1")
    return rows


def test_specs_are_listed_as_far_as_one_may_see(call: Call, spec: Spec) -> None:
    make_spec(slug="closed", visibility="internal", source="")
    make_spec(slug="open", source="", release="")
    slugs = {name: [row["slug"] for row in paged(call(name), "/specs")] for name in ["", "stranger", "owner"]}
    assert slugs == {"": ["aster", "open"], "stranger": ["aster", "open"], "owner": ["aster", "open"]}
    rows = {row["slug"]: row["my_roles"] for row in paged(call("owner"), "/specs")}
    assert rows == {"aster": ["owner"], "open": None}


def test_one_spec(call: Call, spec: Spec) -> None:
    assert call("").get("/specs/aster").json() == {
        "slug": "aster",
        "title": "Aster",
        "description": "",
        "visibility": "public",
        "head": 1,
        "newest_release": None,
        "my_roles": None,
        "archived_at": None,
        "created_at": "2026-11-23T12:00:00Z",
        "default_supports": 1,
        "authority_levels": [
            {"name": "root", "rank": 1, "required_supports": 2},
            {"name": "system", "rank": 2, "required_supports": 1},
            {"name": "developer", "rank": 3, "required_supports": 1},
            {"name": "user", "rank": 4, "required_supports": 1},
            {"name": "guideline", "rank": 5, "required_supports": 1},
        ],
    }


def test_an_internal_spec_answers_like_none(call: Call, spec: Spec) -> None:
    make_spec(slug="closed", visibility="internal")
    for path in ["", "/revisions", "/clauses", "/threads", "/proposals", "/releases", "/assembling", "/revisions/1"]:
        closed, nowhere = [call("stranger").get(f"/specs/{slug}{path}") for slug in ["closed", "nowhere"]]
        assert (closed.status_code, closed.content) == (404, nowhere.content)
    assert call("").get("/nothing/at/all").json() == {"detail": "There is nothing at this address."}


def test_creating_a_spec(call: Call, spec: Spec) -> None:
    answer = call("stranger").post("/specs", {"slug": "mine", "title": "Mine", "visibility": "public"})
    assert (answer.status_code, answer.json()["my_roles"]) == (201, ["owner", "editor", "release_manager"])
    assert call("stranger").post("/specs", {"slug": "mine", "title": "Mine"}).json() == {
        "detail": "The address “mine” is not available.",
        "fields": {"slug": "Choose another one."},
    }


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"slug": "x"}, {"title": "This field is required."}),
        ({"slug": "x", "title": "X", "visibility": "secret"}, {"visibility": '"secret" is not a valid choice.'}),
        ({"slug": "x", "title": "a\x00b"}, {"title": "Null characters are not allowed."}),
        ({"slug": "Not This", "title": "X"}, {"slug": "For example: model-spec"}),
    ],
)
def test_what_cannot_be_used_names_its_fields(
    call: Call, spec: Spec, sent: dict[str, str], fields: dict[str, str]
) -> None:
    answer = call("owner").post("/specs", sent)
    assert (answer.status_code, answer.json()["fields"]) == (422, fields)
    assert Spec.objects.count() == 1


def test_what_is_no_json_is_a_bad_request(call: Call, spec: Spec) -> None:
    answer = call("owner").client.post(
        "/api/v1/specs", "{", content_type="application/json", headers=call("owner").headers
    )
    assert answer.status_code == 400
    assert "JSON parse error" in answer.json()["detail"]


def test_revisions_newest_first(call: Call, spec: Spec, team: dict[str, User]) -> None:
    proposal = make_proposal(spec, by=team["author"], title="Never lie")
    take_position(proposal, by=team["approver"])
    merging.merge(proposal, by=team["editor"], now=NOW)
    rows = paged(call(""), "/specs/aster/revisions")
    assert rows == [
        {
            "number": 2,
            "parent": 1,
            "author": {"id": team["author"].public_id, "name": "Author"},
            "merged_by": {"id": team["editor"].public_id, "name": "Editor"},
            "proposal": proposal.public_id,
            "imported_from": "",
            "summary": "Never lie",
            "created_at": "2026-11-23T12:00:00Z",
        },
        rows[1],
    ]
    assert (rows[1]["number"], rows[1]["parent"], rows[1]["imported_from"]) == (1, None, "test.md")
    assert call("").get("/specs/aster/revisions/2").json() == rows[0]
    assert call("").get("/specs/aster/revisions/3").status_code == 404
    assert call("").get("/specs/aster/revisions/99999999999999999999").status_code == 404


def test_of_an_internal_proposal_outsiders_learn_only_that_it_came_with_a_release(
    call: Call, spec: Spec, team: dict[str, User]
) -> None:
    proposal = make_proposal(spec, by=team["author"], title="Secret name", visibility="internal")
    take_position(proposal, by=team["approver"])
    release = releases.assemble(spec, label="1.0", by=team["release_manager"], now=NOW)
    releases.edit_notes(release, notes="", includes=[proposal], expected_version=1, by=team["release_manager"], now=NOW)
    releases.publish(release, by=team["release_manager"], now=NOW)
    outside, inside = [call(name).get("/specs/aster/revisions/2").json() for name in ["stranger", "member"]]
    assert (outside["proposal"], outside["summary"]) == (None, "Merged with a release")
    assert (inside["proposal"], inside["summary"]) == (proposal.public_id, "Secret name")


def test_the_document_of_a_revision_byte_for_byte(call: Call, spec: Spec) -> None:
    answer = call("").get("/specs/aster/revisions/1/document")
    assert (answer.content.decode(), answer["Content-Type"]) == (SOURCE, "text/markdown; charset=utf-8")


def test_clauses_in_the_order_of_the_document_at_any_revision(call: Call, spec: Spec) -> None:
    import_into(spec, SOURCE + "\n## More {#more}\n\nWords.\n")
    now, before = [
        [row["anchor"] for row in paged(call(""), path, size=2)] for path in ["/specs/aster/clauses"] * 1
    ] + [[row["anchor"] for row in call("").get("/specs/aster/clauses?revision=1").json()["rows"]]]
    assert (now, before) == (["aims", "be_honest", "stay_calm", "more"], ["aims", "be_honest", "stay_calm"])
    assert call("").get("/specs/aster/clauses?revision=9").status_code == 404
    assert call("").get("/specs/aster/clauses?revision=x").status_code == 422


def test_a_clause_with_its_source(call: Call, spec: Spec) -> None:
    found = version(spec, "be_honest")
    expected = {
        "clause": found.clause.public_id,
        "since": 1,
        "until": None,
        "anchor": "be_honest",
        "title": "Be honest",
        "level": 2,
        "authority": "user",
        "tags": [],
        "source_hash": hashlib.sha256(found.source.encode()).hexdigest(),
        "source": found.source,
    }
    assert call("").get(f"/specs/aster/clauses/{found.clause.public_id}").json() == expected
    assert call("").get(f"/specs/aster/clauses/{found.clause.public_id}/versions/1").json() == expected


def test_the_versions_of_a_clause(call: Call, spec: Spec) -> None:
    found = clause(spec, "be_honest")
    for words in ["never lies", "never ever lies", "does not lie at all"]:
        import_into(spec, SOURCE.replace("does not lie", words))
    rows = paged(call(""), f"/specs/aster/clauses/{found.public_id}/versions")
    assert [(row["since"], row["until"]) for row in rows] == [(1, 2), (2, 3), (3, 4), (4, None)]
    second = call("").get(f"/specs/aster/clauses/{found.public_id}/versions/2").json()
    assert "never lies" in second["source"]
    at_three = call("").get(f"/specs/aster/clauses/{found.public_id}?revision=3").json()
    assert "never ever lies" in at_three["source"]
    assert call("").get(f"/specs/aster/clauses/{found.public_id}/versions/9").status_code == 404
    assert call("").get("/specs/aster/clauses/nothing").status_code == 404


def test_a_clause_of_another_spec_is_not_there(call: Call, spec: Spec) -> None:
    other = clause(make_spec(slug="other", visibility="internal"), "be_honest")
    for path in ["", "/versions", "/versions/1"]:
        assert call("").get(f"/specs/aster/clauses/{other.public_id}{path}").status_code == 404


def test_what_has_not_changed_answers_304(call: Call, spec: Spec) -> None:
    make_spec(slug="released", release="1.0")
    found = clause(spec, "be_honest")
    paths = [
        "/specs/aster/revisions/1",
        "/specs/aster/revisions/1/document",
        f"/specs/aster/clauses/{found.public_id}/versions/1",
        "/specs/released/releases/1.0",
    ]
    for path in paths:
        first = call("").get(path)
        again = call("").get(path, **{"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert again["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/specs", "/specs/grown/revisions", "/specs/grown/clauses", "/specs/grown/versions"])
def test_lists_need_as_many_queries_for_three_rows_as_for_one(call: Call, team: dict[str, User], path: str) -> None:
    spec = make_spec(slug="grown", source="# One {#one authority=root}\n\nWords.\n")
    path = path.replace("/versions", f"/clauses/{clause(spec, 'one').public_id}/versions")
    one = queries_of(call(""), path)
    for number in [2, 3]:
        make_spec(slug=f"grown{number}", release="1")
        import_into(spec, "\n".join(f"# {n} {{#c{n}}}\n\n{number}\n" for n in range(number)) + "\n# One {#one}\n\nX\n")
    assert Revision.objects.filter(spec=spec).count() == 3
    assert queries_of(call(""), path) == one


@pytest.mark.parametrize("query", ["after=nothing", "size=0", "size=101", "size=x", "after=%00"])
def test_a_page_that_is_none_is_refused(call: Call, spec: Spec, query: str) -> None:
    assert call("").get(f"/specs?{query}").status_code == 422
    assert call("").get(f"/specs/aster/revisions?{query}").status_code == 422
