"""The demo's files agree with each other: editions, prompt files, and every word that the story quotes or edits."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from reviews.text import outline

DEMO = Path(__file__).resolve().parents[2] / "reviews" / "demo"
STORY = json.loads((DEMO / "story.json").read_text(encoding="utf-8"))
EDITIONS = {edition["label"]: (DEMO / edition["file"]).read_text(encoding="utf-8") for edition in STORY["editions"]}
NEWEST = STORY["editions"][-1]["label"]
TAG = re.compile(r"\[\^(\w{4})\]")
REFERENCE = re.compile(r"\]\(#([\w-]+)\)|BAD\[#([\w-]+)\]")
MARKUP = re.compile(r"[*`\[\]<>|\n~]")
CHANGE_KINDS = {"edit", "add", "move", "change_authority"}
POSITIONS = {"support", "no objection", "concern", "abstain", "recuse"}
ENDINGS = {"merged", "rejected", "withdrawn"}
OUTCOMES = {"addressed", "resolved", "declined"}
ROLES = {"owner", "editor", "approver", "moderator", "release manager", "member"}


def clauses(label=NEWEST):
    """The clauses of one edition by anchor, in order."""
    return {clause.anchor: clause for clause in outline.parse(EDITIONS[label]).clauses}


def references(source):
    """The anchors that a text links to or names in a verdict."""
    return {first or second for first, second in REFERENCE.findall(source)}


def prose(clause):
    """The words of a clause outside its examples."""
    return re.sub(r"~~~.*?~~~", "", clause.source, flags=re.DOTALL).split()


def named(items):
    return [pytest.param(item, id=item["key"]) for item in items]


def edits(proposal):
    return [change for change in proposal["changes"] if change["kind"] == "edit"]


def people():
    return {person["key"]: person for person in STORY["people"]}


@pytest.mark.parametrize("label", EDITIONS)
def test_an_edition_parses_without_problems(label):
    parsed = outline.parse(EDITIONS[label])

    assert parsed.problems == ()
    assert "".join(clause.source for clause in parsed.clauses) == EDITIONS[label]


@pytest.mark.parametrize(("label", "count"), [("2026-03-02", 24), ("2026-06-15", 27), ("2026-10-01", 28)])
def test_an_edition_has_its_clauses_each_with_an_anchor_of_its_own(label, count):
    parsed = outline.parse(EDITIONS[label]).clauses

    assert len({clause.anchor for clause in parsed}) == len(parsed) == count
    assert all(clause.explicit for clause in parsed)


@pytest.mark.parametrize("label", EDITIONS)
def test_clauses_have_a_readable_length_and_a_known_authority(label):
    levels = {"", *STORY["spec"]["authority_levels"]}
    odd = [clause.anchor for clause in clauses(label).values() if not 60 <= len(prose(clause)) <= 250]

    assert odd == []
    assert {clause.authority for clause in clauses(label).values()} <= levels


@pytest.mark.parametrize("label", EDITIONS)
def test_cross_references_lead_to_a_clause(label):
    assert references(EDITIONS[label]) - set(clauses(label)) == set()


def test_every_tag_of_the_newest_edition_has_a_prompt_file_but_the_one_left_out():
    tags = TAG.findall(EDITIONS[NEWEST])
    files = {path.stem for path in (DEMO / "evaluations").glob("*.md")}

    assert len(tags) == len(set(tags))
    assert set(tags) - files == set(STORY["evaluations"]["missing"]) == {"k0gp"}
    assert files - set(tags) == set()


def test_a_prompt_file_names_its_tag_and_its_clause():
    home = {tag: clause.title for clause in clauses().values() for tag in TAG.findall(clause.source)}

    for path in (DEMO / "evaluations").glob("*.md"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == f"Prompts for [^{path.stem}] in {home[path.stem]}:"


def test_the_newest_edition_shows_every_construct():
    source = EDITIONS[NEWEST]

    assert source.count("**Example**: ") == source.count("<comparison>") == source.count("</comparison>") == 15
    assert set(re.findall(r"<!-- (GOOD|BAD|OK)", source)) == {"GOOD", "BAD", "OK"}
    for construct in ('!!! meta "Commentary"', "```python", "|---|", "\n- ", "\n1. ", "BAD[#", "[?](#", "\n### "):
        assert construct in source


@pytest.mark.parametrize(("older", "newer"), list(pairwise(STORY["editions"])))
def test_lineage_explains_every_anchor_that_vanished(older, newer):
    before, after = set(clauses(older["label"])), set(clauses(newer["label"]))

    assert sorted(step["from"] for step in newer["lineage"]) == sorted(before - after)
    assert {anchor for step in newer["lineage"] for anchor in step["to"]} <= after - before


def test_the_third_edition_raises_two_clauses_and_moves_one():
    before, after = clauses("2026-06-15"), clauses("2026-10-01")
    common = [anchor for anchor in before if anchor in after]
    changed = {anchor for anchor in common if before[anchor].authority != after[anchor].authority}
    rest = [anchor for anchor in common if anchor != "confirm_actions"]

    assert changed == {"private_lives", "someone_in_danger"}
    assert rest == [anchor for anchor in after if anchor in rest]
    assert [anchor for anchor in after if anchor in common] != common


def test_people_are_distinct_and_have_every_role():
    assert len({person["email"] for person in STORY["people"]}) == len(people()) == len(STORY["people"])
    assert all(person["email"].endswith("@example.org") for person in STORY["people"])
    assert {person["role"] for person in STORY["people"]} == ROLES


@pytest.mark.parametrize("proposal", named(STORY["proposals"]))
def test_a_proposal_edits_words_that_stand_once_in_their_clause(proposal):
    assert {change["kind"] for change in proposal["changes"]} <= CHANGE_KINDS
    for change in edits(proposal):
        assert clauses()[change["clause"]].source.count(change["old"]) == 1
        assert change["old"] != change["new"]


@pytest.mark.parametrize("proposal", named(STORY["proposals"]))
def test_a_proposal_leaves_a_document_in_order(proposal):
    sources = {anchor: clause.source for anchor, clause in clauses().items()}
    wanted = list(sources)
    for change in proposal["changes"]:
        apply(change, sources=sources, order=wanted)
    parsed = outline.parse("".join(sources[anchor] for anchor in wanted))

    assert parsed.problems == ()
    assert [clause.anchor for clause in parsed.clauses] == wanted
    assert references("".join(sources.values())) <= set(wanted)


def apply(change, *, sources, order):
    """Carries out one change on sources and order as far as text goes."""
    anchor = change.get("clause")
    if change["kind"] == "edit":
        sources[anchor] = sources[anchor].replace(change["old"], change["new"])
    elif change["kind"] == "add":
        [added] = outline.parse(change["source"]).clauses
        sources[added.anchor] = added.source
        order.insert(order.index(change["after"]) + 1, added.anchor)
    elif change["kind"] == "move":
        order.remove(anchor)
        order.insert(order.index(change["after"]) + 1, anchor)
    else:
        old, new = f"authority={change['from']}}}", f"authority={change['to']}}}"
        assert sources[anchor].count(old) == 1
        sources[anchor] = sources[anchor].replace(old, new)


@pytest.mark.parametrize("proposal", named(STORY["proposals"]))
def test_positions_come_from_others_and_concerns_have_reasons(proposal):
    takers = [position["person"] for position in proposal["positions"]]

    assert people()[proposal["author"]]["role"] == "editor"
    assert all(people()[taker]["role"] == "approver" for taker in takers)
    assert len(set(takers)) == len(takers)
    assert {position["position"] for position in proposal["positions"]} <= POSITIONS
    assert all(position["reason"] for position in proposal["positions"] if position["position"] == "concern")
    assert (proposal["state"] == "draft") == (proposal["submitted_at"] is None)
    ending = proposal.get("ending")
    assert (ending["state"] if ending else None) == (proposal["state"] if proposal["state"] in ENDINGS else None)


@pytest.mark.parametrize("thread", named(STORY["threads"]))
def test_a_thread_has_one_place_and_its_quote_stands_there_once(thread):
    keys = {proposal["key"] for proposal in STORY["proposals"]}

    assert (thread["clause"] is None) != (thread["proposal"] is None)
    assert thread["clause"] is None or thread["clause"] in clauses()
    assert thread["proposal"] is None or thread["proposal"] in keys
    if thread["quote"] is not None:
        assert clauses()[thread["clause"]].source.count(thread["quote"]) == 1
        assert not MARKUP.search(thread["quote"])


@pytest.mark.parametrize("thread", named(STORY["threads"]))
def test_a_thread_is_told_in_order_by_known_people(thread):
    outcome = thread["outcome"]
    told = [*thread["comments"], *([outcome] if outcome else [])]
    moments = [step["at"] for step in told]

    assert thread["kind"] in {"question", "objection", "suggestion", "typo"}
    assert thread["visibility"] in {"public", "internal"}
    assert thread["comments"][0]["author"] == thread["author"]
    assert {comment["author"] for comment in thread["comments"]} <= set(people())
    assert moments == sorted(moments)
    assert outcome is None or (outcome["state"] in OUTCOMES and outcome["by"] in people())


def test_nothing_internal_is_discussed_in_public():
    hidden = {proposal["key"] for proposal in STORY["proposals"] if proposal["visibility"] == "internal"}
    public = [thread for thread in STORY["threads"] if thread["visibility"] == "public"]
    words = json.dumps([public, [p for p in STORY["proposals"] if p["key"] not in hidden]])

    assert hidden == {"certainty-user-level"}
    assert not [thread["key"] for thread in public if thread["proposal"] in hidden]
    assert not [key for key in hidden if key in words]
    assert "pharmac" not in words
