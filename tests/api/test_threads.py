"""Threads and comments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.models import Comment, Membership, Spec, Thread, User
from tests.api.conftest import Caller
from tests.factories import clause, import_into, make_proposal, make_spec, make_thread

pytestmark = pytest.mark.django_db

Call = Callable[[str], Caller]


def opening(spec: Spec, **changed: Any) -> dict[str, Any]:
    return {"clause": clause(spec, "be_honest").public_id, "visibility": "public", "body": "Why?", **changed}


def test_opening_a_thread_on_words(call: Call, spec: Spec, team: dict[str, User]) -> None:
    text = "Be honest\nThe assistant does not lie."
    sent = opening(
        spec, kind="objection", quote={"since": 1, "start": 0, "end": 0 + len("Be honest"), "exact": "Be honest"}
    )
    answer = call("member").post("/specs/aster/threads", sent, key="k1")
    assert answer.status_code == 201, answer.content
    thread = Thread.objects.get()
    assert text.startswith(thread.quote)
    assert answer.json() == {
        "id": thread.public_id,
        "clause": clause(spec, "be_honest").public_id,
        "proposal": None,
        "quote": {
            "since": 1,
            "start": thread.quote_start,
            "end": thread.quote_end,
            "exact": "Be honest",
            "prefix": thread.quote_prefix,
            "suffix": thread.quote_suffix,
        },
        "visibility": "public",
        "kind": "objection",
        "state": "open",
        "closing_reason": "",
        "addressed_by": None,
        "created_by": {"id": team["member"].public_id, "name": "Member"},
        "created_at": answer.json()["created_at"],
    }


def test_the_same_key_stores_once(call: Call, spec: Spec) -> None:
    first, again = [call("member").post("/specs/aster/threads", opening(spec), key="k1") for _ in range(2)]
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    replies = [call("member").post(f"/specs/aster/threads/{first.json()['id']}/comments", {"body": "So."}, key="k2")]
    replies += [call("member").post(f"/specs/aster/threads/{first.json()['id']}/comments", {"body": "So."}, key="k2")]
    assert replies[0].json() == replies[1].json()
    assert list(Comment.objects.order_by("pk").values_list("body", flat=True)) == ["Why?", "So."]


def test_a_key_that_was_used_for_something_else_is_a_conflict(call: Call, spec: Spec) -> None:
    call("member").post("/specs/aster/threads", opening(spec), key="k1")
    elsewhere = opening(spec, clause=clause(spec, "stay_calm").public_id)
    answer = call("member").post("/specs/aster/threads", elsewhere, key="k1")
    expected = {"detail": "This Idempotency-Key was used for something else.", "fresh": None}
    assert (answer.status_code, answer.json()) == (409, expected)
    other = call("member").post("/specs/aster/threads", elsewhere, key="k2").json()["id"]
    answer = call("member").post(f"/specs/aster/threads/{other}/comments", {"body": "So."}, key="k1")
    assert (answer.status_code, Comment.objects.count()) == (409, 2)


def test_a_used_key_shows_nothing_of_a_spec_that_one_may_not_see_any_more(
    call: Call, spec: Spec, team: dict[str, User]
) -> None:
    closed = make_spec(slug="closed", visibility="internal", members={team["member"]: ["member"]})
    assert call("member").post("/specs/closed/threads", opening(closed), key="k1").status_code == 201
    Membership.objects.filter(spec=closed).delete()
    answer = call("member").post("/specs/aster/threads", opening(spec), key="k1")
    assert (answer.status_code, answer.json()["fresh"]) == (409, None)


@pytest.mark.parametrize("key", ["", " ", "x" * 65])
def test_a_key_is_needed(call: Call, spec: Spec, key: str) -> None:
    answer = call("member").post("/specs/aster/threads", opening(spec), key=key)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["Idempotency-Key"])
    assert Thread.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"clause": ""}, "clause"),
        ({"proposal": "abc"}, "clause"),
        ({"body": " "}, "body"),
        ({"body": "\ud800"}, "body"),
        ({"visibility": "secret"}, "visibility"),
        ({"kind": "rant"}, "kind"),
        ({"quote": {"since": 1, "start": 0, "end": 5, "exact": "other words"}}, "quote"),
        ({"quote": {"since": 7, "start": 0, "end": 5, "exact": "words"}}, "quote.since"),
        ({"quote": {"since": 1, "start": -1, "end": 10**12, "exact": ""}}, "quote.start"),
    ],
)
def test_what_cannot_be_stored_names_its_field(call: Call, spec: Spec, changed: dict[str, Any], field: str) -> None:
    answer = call("member").post("/specs/aster/threads", opening(spec, **changed), key="k1")
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert Thread.objects.count() == 0


def test_who_may_comment(call: Call, spec: Spec) -> None:
    names = ["owner", "editor", "approver", "moderator", "release_manager", "member", "stranger", ""]
    statuses = [call(name).post("/specs/aster/threads", opening(spec), key="k").status_code for name in names]
    assert statuses == [201] * 6 + [403, 401]


def test_internal_threads_are_not_there_for_outsiders(call: Call, spec: Spec, team: dict[str, User]) -> None:
    hidden = make_thread(spec, by=team["member"], visibility="internal")
    shown = make_thread(spec, by=team["member"])
    on_hidden = make_proposal(spec, by=team["author"], visibility="internal")
    make_thread(spec, by=team["member"], about=on_hidden, visibility="internal")
    outside, inside = [
        {row["id"] for row in call(name).get("/specs/aster/threads").json()["rows"]} for name in ["stranger", "member"]
    ]
    assert (outside, len(inside), hidden.public_id in inside) == ({shown.public_id}, 3, True)
    for path in ["", "/comments"]:
        answers = [call("").get(f"/specs/aster/threads/{one}{path}") for one in [hidden.public_id, "nothing"]]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert call("").get(f"/specs/aster/threads?after={hidden.public_id}").status_code == 422
    reply = call("stranger").post(f"/specs/aster/threads/{hidden.public_id}/comments", {"body": "?"}, key="k")
    assert reply.status_code == 404


def test_what_addressed_a_thread_is_told_to_those_who_may_know_it(
    call: Call, spec: Spec, team: dict[str, User]
) -> None:
    thread = make_thread(spec, by=team["member"])
    proposal = make_proposal(spec, by=team["author"], visibility="internal")
    sent = {"move": "address", "proposal": proposal.public_id}
    answer = call("editor").post(f"/specs/aster/threads/{thread.public_id}/moves", sent)
    assert (answer.status_code, answer.json()["state"]) == (200, "addressed")
    told = [
        call(name).get(f"/specs/aster/threads/{thread.public_id}").json()["addressed_by"] for name in ["", "member"]
    ]
    assert told == [None, proposal.public_id]


def test_moves_follow_the_table(call: Call, spec: Spec, team: dict[str, User]) -> None:
    path = f"/specs/aster/threads/{make_thread(spec, by=team['member']).public_id}/moves"
    assert call("moderator").post(path, {"move": "decline"}).json()["fields"] == {
        "reason": "Say why, for the one who asked."
    }
    assert call("moderator").post(path, {"move": "decline", "reason": "Out of scope."}).json()["state"] == "declined"
    refused = call("moderator").post(path, {"move": "resolve"})
    assert (refused.status_code, refused.json()) == (
        409,
        {"detail": "A declined thread can't be resolved.", "fresh": None},
    )
    assert call("approver").post(path, {"move": "reopen"}).status_code == 403
    assert call("member").post(path, {"move": "reopen"}).json()["state"] == "open"
    assert call("member").post(path, {"move": "explode"}).status_code == 422


def test_a_comment_is_edited_and_withdrawn_by_its_author(call: Call, spec: Spec, team: dict[str, User]) -> None:
    comment = make_thread(spec, by=team["member"]).comments.get()
    path = f"/specs/aster/threads/{comment.thread.public_id}/comments/{comment.public_id}"
    first = call("").get(path).json()
    assert (first["body"], first["edited_at"], first["withdrawn_at"], first["earlier_versions"]) == (
        "Why so?",
        None,
        None,
        [],
    )
    edited = call("member").put(path, {"body": "Why not?"})
    assert (edited.status_code, edited.json()["body"]) == (200, "Why not?")
    assert [one["body"] for one in call("").get(path).json()["earlier_versions"]] == ["Why so?"]
    assert [call(who).put(path, {"body": "Mine"}).status_code for who in ("owner", "stranger", "")] == [403, 403, 401]
    assert [call(who).delete(path).status_code for who in ("owner", "stranger", "")] == [403, 403, 401]
    assert call("member").put(path, {"body": " "}).status_code == 422
    gone = call("member").delete(path).json()
    assert (gone["body"], gone["earlier_versions"], gone["withdrawn_at"] is None) == (
        "Withdrawn by its author.",
        [],
        False,
    )
    refused = call("member").put(path, {"body": "Again"})
    assert (refused.status_code, refused.json()["detail"]) == (409, "A withdrawn comment can't be edited.")
    assert "Why" not in call("owner").get(f"/specs/aster/threads/{comment.thread.public_id}/comments").content.decode()


def test_an_internal_comment_is_not_there_for_outsiders(call: Call, spec: Spec, team: dict[str, User]) -> None:
    comment = make_thread(spec, by=team["member"], visibility="internal").comments.get()
    path = f"/specs/aster/threads/{comment.thread.public_id}/comments/"
    for who in ("", "stranger"):
        answers = [call(who).get(path + one) for one in (comment.public_id, "nothing")]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert call("stranger").put(path + comment.public_id, {"body": "x"}).status_code == 404
    assert call("stranger").delete(path + comment.public_id).status_code == 404


def test_filters_and_pages(call: Call, spec: Spec, team: dict[str, User]) -> None:
    on_clause = [make_thread(spec, by=team["member"], body=f"{n}") for n in range(3)]
    proposal = make_proposal(spec, by=team["author"])
    on_proposal = make_thread(spec, by=team["member"], about=proposal)
    newest_first = [on_proposal, *reversed(on_clause)]
    first = call("").get("/specs/aster/threads?size=3").json()
    second = call("").client.get(first["next"]).json()
    shown = [row["id"] for row in [*first["rows"], *second["rows"]]]
    assert (shown, second["next"]) == ([thread.public_id for thread in newest_first], None)
    queries = {
        f"clause={clause(spec, 'be_honest').public_id}": 3,
        f"proposal={proposal.public_id}": 1,
        "state=open": 4,
        "state=resolved": 0,
        f"state=resolved&after={on_clause[1].public_id}": 0,
    }
    found = {query: len(call("").get(f"/specs/aster/threads?{query}").json()["rows"]) for query in queries}
    assert found == queries
    assert call("").get("/specs/aster/threads?state=odd").status_code == 422


def test_lists_need_as_many_queries_for_three_rows_as_for_one(call: Call, spec: Spec, team: dict[str, User]) -> None:
    proposal = make_proposal(spec, by=team["author"])
    counts = []
    thread = make_thread(spec, by=team["member"], quote="does not lie")
    address = {"move": "address", "proposal": proposal.public_id}
    call("editor").post(f"/specs/aster/threads/{thread.public_id}/moves", address)
    for number in range(2):
        for path in ["/specs/aster/threads", f"/specs/aster/threads/{thread.public_id}/comments"]:
            with CaptureQueriesContext(connection) as found:
                assert call("").get(path).status_code == 200
            counts.append(len(found))
        for more in range(2):
            made = make_thread(spec, by=team[["editor", "owner"][more]], quote="does not lie")
            call("editor").post(f"/specs/aster/threads/{made.public_id}/moves", address)
            sent = {"body": "So."}
            call("owner").post(f"/specs/aster/threads/{thread.public_id}/comments", sent, key=f"{number}{more}")
    assert counts[:2] == counts[2:]


def test_a_thread_stays_where_its_clause_goes(call: Call, spec: Spec, team: dict[str, User]) -> None:
    thread = make_thread(spec, by=team["member"])
    import_into(spec, "# Aims {#aims authority=root}\n\nNothing else.\n")
    shown = call("").get(f"/specs/aster/threads/{thread.public_id}").json()
    assert (shown["id"], shown["clause"]) == (thread.public_id, thread.clause.public_id)
