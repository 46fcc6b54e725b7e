"""Proposals, their changes, positions, merging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.actions import merging
from reviews.models import Proposal, Revision, Spec, User
from tests.api.conftest import Caller
from tests.factories import NOW, clause, make_proposal, make_spec, take_position, version

pytestmark = pytest.mark.django_db

Call = Callable[[str], Caller]
NEW_CLAUSE = "## Be brief {#be_brief authority=guideline}\n\nThe assistant is brief.\n"


@pytest.fixture
def draft(call: Call, spec: Spec) -> str:
    """The address of a proposal by author, a draft without changes."""
    made = call("author").post("/specs/aster/proposals", {"title": "Say it better", "rationale": "It is vague."})
    assert made.status_code == 201
    return f"/specs/aster/proposals/{made.json()['id']}"


@pytest.fixture
def submitted(spec: Spec, team: dict[str, User]) -> str:
    return f"/specs/aster/proposals/{make_proposal(spec, by=team['author']).public_id}"


def edit(call: Call, draft: str, spec: Spec, *, by: str = "author", words: str = "never lies") -> dict[str, Any]:
    """Open be_honest in the draft and save these words."""
    sent = {"kind": "edit", "clause": clause(spec, "be_honest").public_id}
    change = call(by).post(f"{draft}/changes", sent).json()
    source = change["source"].replace("does not lie", words)
    sent = {"source": source, "expected_version": change["version"]}
    answer = call(by).put(f"{draft}/changes/{change['id']}", sent)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_the_whole_loop(call: Call, spec: Spec, draft: str) -> None:
    edit(call, draft, spec)
    assert call("author").post(f"{draft}/submit").json()["state"] == "in_review"
    needs = call("").get(draft).json()
    assert needs["approval"]["sentence"] == "Still needs: 1 support from an approver."
    refused = call("editor").post(f"{draft}/merge")
    assert (refused.status_code, refused.json()["fresh"]["supports"]) == (409, 0)
    position = call("approver").post(f"{draft}/positions", {"kind": "support", "patch_set": 1})
    assert (position.status_code, position.json()["patch_set"]) == (201, 1)
    merged = call("editor").post(f"{draft}/merge")
    assert (merged.status_code, merged.json()["number"], merged.json()["summary"]) == (201, 2, "Say it better")
    assert "never lies" in version(spec, "be_honest").source
    again = call("editor").post(f"{draft}/merge")
    assert (again.status_code, Revision.objects.filter(spec=spec).count()) == (409, 2)


def test_one_proposal(call: Call, spec: Spec, submitted: str, team: dict[str, User]) -> None:
    proposal = Proposal.objects.get()
    assert call("").get(submitted).json() == {
        "id": proposal.public_id,
        "title": "Say it better",
        "rationale": "",
        "state": "in_review",
        "visibility": "public",
        "author": {"id": team["author"].public_id, "name": "Author"},
        "closing_reason": "",
        "details_version": 1,
        "created_at": "2026-11-23T12:00:00Z",
        "submitted_at": "2026-11-23T12:00:00Z",
        "closed_at": None,
        "patch_set": 1,
        "approval": {
            "sentence": "Still needs: 1 support from an approver.",
            "needed": 1,
            "supports": 0,
            "concerns": [],
            "stale": [],
            "approved": False,
            "ready": False,
        },
    }


@pytest.mark.parametrize(
    ("name", "drafts", "internal"),
    [("editor", 200, 200), ("owner", 200, 200), ("approver", 404, 200), ("member", 404, 200), ("stranger", 404, 404)],
)
def test_who_sees_what(
    call: Call, spec: Spec, team: dict[str, User], draft: str, name: str, drafts: int, internal: int
) -> None:
    hidden = make_proposal(spec, by=team["author"], visibility="internal")
    path = f"/specs/aster/proposals/{hidden.public_id}"
    tails = ["", "/patch-sets", "/positions"]
    assert {call(name).get(draft + tail).status_code for tail in tails} == {drafts}
    assert {call(name).get(path + tail).status_code for tail in tails} == {internal}
    listed = {row["id"] for row in call(name).get("/specs/aster/proposals").json()["rows"]}
    assert (hidden.public_id in listed, draft.rsplit("/", 1)[-1] in listed) == (internal == 200, drafts == 200)


WRITES = [
    ("", {"title": "X", "rationale": "", "expected_version": 1}),
    ("/changes", {"kind": "add", "source": NEW_CLAUSE}),
    ("/submit", {}),
    ("/patch-sets", {}),
    ("/merge", {}),
    ("/reject", {"reason": "No."}),
    ("/withdraw", {"reason": "No."}),
    ("/positions", {"kind": "support", "patch_set": 1}),
]
EXPECTED = {
    "owner": [409, 409, 409, 201, 409, 200, 403, 201],
    "editor": [409, 409, 409, 201, 409, 200, 403, 201],
    "author": [409, 409, 409, 201, 409, 200, 200, 403],
    "approver": [403, 403, 403, 403, 403, 200, 403, 201],
    "moderator": [403, 403, 403, 403, 403, 403, 403, 201],
    "release_manager": [403, 403, 403, 403, 403, 403, 403, 201],
    "member": [403, 403, 403, 403, 403, 403, 403, 201],
    "stranger": [403] * 8,
    "": [401] * 8,
}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("number", range(len(WRITES)))
def test_who_may_do_what_to_a_submitted_proposal(call: Call, submitted: str, name: str, number: int) -> None:
    tail, sent = WRITES[number]
    way = call(name).post if tail else call(name).put
    assert way(submitted + tail, sent).status_code == EXPECTED[name][number]


def test_changes_of_every_kind(call: Call, spec: Spec, draft: str) -> None:
    ids = {anchor: clause(spec, anchor).public_id for anchor in ["aims", "be_honest", "stay_calm"]}
    author = call("author")
    sent = [
        {"kind": "add", "source": NEW_CLAUSE, "after": ids["aims"]},
        {"kind": "move", "clause": ids["stay_calm"], "after": ids["aims"]},
        {"kind": "authority", "clause": ids["be_honest"], "authority": "root"},
    ]
    made = [author.post(f"{draft}/changes", one) for one in sent]
    assert [answer.status_code for answer in made] == [201, 201, 201]
    rows = [answer.json() for answer in made]
    assert [(row["kind"], row["clause"], row["base"], row["placed"], row["after"]) for row in rows] == [
        ("add", None, None, True, ids["aims"]),
        ("move", ids["stay_calm"], 1, True, ids["aims"]),
        ("edit", ids["be_honest"], 1, False, None),
    ]
    assert "authority=root" in rows[2]["source"]
    deleted = author.post(f"{draft}/changes", {"kind": "delete", "clause": ids["stay_calm"]}).json()
    assert (deleted["id"], deleted["kind"], deleted["source"]) == (rows[1]["id"], "delete", "")
    assert author.get(f"{draft}/changes/{deleted['id']}").json() == deleted
    assert author.delete(f"{draft}/changes/{deleted['id']}").status_code == 204
    assert author.get(f"{draft}/changes/{deleted['id']}").status_code == 404
    listed = author.get(f"{draft}/patch-sets/1").json()["changes"]
    assert [row["id"] for row in listed] == [rows[0]["id"], rows[2]["id"]]


def test_the_second_of_two_who_save_gets_the_first(call: Call, spec: Spec, draft: str) -> None:
    first = edit(call, draft, spec)
    sent = {"source": "## Be honest {#be_honest}\n\nMine.\n", "expected_version": first["version"] - 1}
    answer = call("editor").put(f"{draft}/changes/{first['id']}", sent)
    assert answer.status_code == 409
    assert answer.json() == {"detail": "Somebody else saved this clause meanwhile.", "fresh": first}


def test_a_change_brought_up_to_date(call: Call, spec: Spec, draft: str, team: dict[str, User]) -> None:
    mine = edit(call, draft, spec)
    other = make_proposal(spec, by=team["editor"], edits={"be_honest": ("does not", "must not")})
    take_position(other, by=team["approver"])
    merging.merge(other, by=team["editor"], now=NOW)
    stale = call("author").post(f"{draft}/submit")
    assert (stale.status_code, stale.json()["fresh"][0]["id"]) == (409, mine["id"])
    sent = {"source": mine["source"], "expected_version": mine["version"]}
    path = f"{draft}/changes/{mine['id']}"
    assert call("author").put(path, {**sent, "onto": 1}).status_code == 409
    assert call("author").put(path, {**sent, "onto": 7}).json()["fields"] == {
        "onto": "Take `since` of its newest version."
    }
    assert call("author").put(path, {**sent, "onto": 2}).json()["base"] == 2
    assert call("author").post(f"{draft}/submit").status_code == 200


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "explode"}, "kind"),
        ({"kind": "edit"}, "clause"),
        ({"kind": "add"}, "source"),
        ({"kind": "add", "source": "   "}, "source"),
    ],
)
def test_a_change_that_is_none_names_its_field(call: Call, draft: str, sent: dict[str, str], field: str) -> None:
    answer = call("author").post(f"{draft}/changes", sent)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_a_clause_of_another_spec_is_not_there(call: Call, draft: str) -> None:
    other = clause(make_spec(slug="other", visibility="internal"), "be_honest")
    for sent in [{"kind": "edit", "clause": other.public_id}, {"kind": "edit", "clause": "nothing"}]:
        assert call("author").post(f"{draft}/changes", sent).status_code == 404


def test_an_open_patch_set_is_seen_by_editors_only(call: Call, submitted: str) -> None:
    assert call("editor").post(f"{submitted}/patch-sets").json()["number"] == 2
    numbers = {
        name: [row["number"] for row in call(name).get(f"{submitted}/patch-sets").json()["rows"]]
        for name in ["editor", "approver", ""]
    }
    assert numbers == {"editor": [1, 2], "approver": [1], "": [1]}
    assert [call(name).get(f"{submitted}/patch-sets/2").status_code for name in numbers] == [200, 404, 404]
    change = call("editor").get(f"{submitted}/patch-sets/2").json()["changes"][0]["id"]
    assert [call(name).get(f"{submitted}/changes/{change}").status_code for name in numbers] == [200, 404, 404]


def test_a_position_on_an_older_patch_set_is_a_conflict(call: Call, submitted: str) -> None:
    call("editor").post(f"{submitted}/patch-sets")
    change = call("editor").get(f"{submitted}/patch-sets/2").json()["changes"][0]
    sent = {"source": change["source"] + "\nAlways.\n", "expected_version": change["version"]}
    call("editor").put(f"{submitted}/changes/{change['id']}", sent)
    call("editor").post(f"{submitted}/submit")
    answer = call("approver").post(f"{submitted}/positions", {"kind": "support", "patch_set": 1})
    assert (answer.status_code, answer.json()["fresh"]["number"]) == (409, 2)


def test_a_concern_needs_its_reason(call: Call, submitted: str) -> None:
    answer = call("member").post(f"{submitted}/positions", {"kind": "concern", "patch_set": 1})
    assert answer.json()["fields"] == {"reason": "Say what would have to change."}
    call("member").post(f"{submitted}/positions", {"kind": "concern", "patch_set": 1, "reason": "Too strict."})
    call("member").post(f"{submitted}/positions", {"kind": "no_objection", "patch_set": 1})
    rows = call("").get(f"{submitted}/positions").json()["rows"]
    assert [(row["kind"], row["reason"]) for row in rows] == [("concern", "Too strict."), ("no_objection", "")]


def test_withdrawing_and_reopening(call: Call, submitted: str) -> None:
    answer = call("author").post(f"{submitted}/withdraw", {"reason": " "})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["reason"])
    withdrawn = call("author").post(f"{submitted}/withdraw", {"reason": "Not yet."}).json()
    assert (withdrawn["state"], withdrawn["closing_reason"]) == ("withdrawn", "Not yet.")
    assert call("author").post(f"{submitted}/submit").status_code == 409
    assert call("author").post(f"{submitted}/reopen", {"grounds": "Now."}).json()["state"] == "draft"


def test_other_words_for_a_proposal(call: Call, draft: str) -> None:
    sent = {"title": "Better", "rationale": "Clearer.", "expected_version": 1}
    answer = call("editor").put(draft, sent)
    assert (answer.json()["title"], answer.json()["details_version"]) == ("Better", 2)
    late = call("author").put(draft, {**sent, "title": "Worse"})
    assert (late.status_code, late.json()["fresh"]["title"]) == (409, "Better")


def test_filters_and_pages(call: Call, spec: Spec, team: dict[str, User]) -> None:
    made = [make_proposal(spec, by=team["author"], title=f"P{n}") for n in range(3)]
    first = call("").get("/specs/aster/proposals?size=2&state=in_review").json()
    second = call("").client.get(first["next"]).json()
    assert [row["title"] for row in [*first["rows"], *second["rows"]]] == ["P2", "P1", "P0"]
    assert call("").get(f"/specs/aster/proposals?state=merged&after={made[0].public_id}").json()["rows"] == []
    assert call("").get("/specs/aster/proposals?state=odd").status_code == 422


def test_lists_need_as_many_queries_for_three_rows_as_for_one(call: Call, spec: Spec, team: dict[str, User]) -> None:
    first = make_proposal(spec, by=team["author"])
    root = f"/specs/aster/proposals/{first.public_id}"
    paths = ["/specs/aster/proposals", f"{root}/positions", f"{root}/patch-sets", f"{root}/patch-sets/1"]
    take_position(first, by=team["member"])

    def counted() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as found:
                assert call("").get(path).status_code == 200
            counts.append(len(found))
        return counts

    one = counted()
    for number in [2, 3]:
        edits = {"be_honest": ("lie", f"lie {number}"), "stay_calm": ("calm", f"calm {number}")}
        make_proposal(spec, by=team["editor"], edits=edits)
        take_position(first, by=team["owner"])
        call("editor").post(f"{root}/patch-sets")
        call("editor").post(f"{root}/changes", {"kind": "add", "source": NEW_CLAUSE.replace("brief", f"brief{number}")})
        call("editor").post(f"{root}/submit")
    paths[-1] = f"{root}/patch-sets/3"
    assert counted() == one
