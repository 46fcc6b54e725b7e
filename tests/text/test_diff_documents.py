"""Comparing whole outlines: laws, small made cases, and the real releases against lists written by hand."""

import itertools
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.text import diff, outline
from tests.corpora import CORPORA
from tests.text import change_laws

SECTION = st.tuples(
    st.sampled_from(["#", "##", "###"]),
    st.sampled_from(["One", "Two", "Three {#three}", "Four {#four authority=user}", "Four {#four authority=root}", ""]),
    st.lists(
        st.sampled_from(["The assistant must not lie to the user.", "Short.", "| a | b |", "Another line of words."])
    ),
)
DOCUMENT = st.lists(SECTION, max_size=8).map(
    lambda sections: "".join(f"{marks} {title}\n\n" + "\n\n".join(lines) + "\n\n" for marks, title, lines in sections)
)


@cache
def release(name):
    return outline.parse((CORPORA / "model_spec" / f"{name}.md").read_bytes().decode())


@cache
def great():
    return diff.documents(release("2025-04-11"), release("2025-09-12"))


def old_name(index):
    return release("2025-04-11").clauses[index].anchor


def new_name(index):
    return release("2025-09-12").clauses[index].anchor


def compare(old, new, **more):
    return diff.documents(outline.parse(old), outline.parse(new), **more)


@given(DOCUMENT, DOCUMENT)
@settings(max_examples=150)
def test_every_clause_is_paired_or_gone_or_new(a, b):
    change_laws.check_documents(a, b)


@given(DOCUMENT)
def test_a_document_does_not_differ_from_itself(text):
    found = compare(text, text)
    assert (found.removed, found.added, found.moved_blocks, found.authority_groups) == ((), (), (), {})
    assert not any(pair.changed or pair.renamed for pair in found.pairs)


def test_a_given_pairing_wins_and_none_says_gone():
    found = compare("# A {#a}\n\nx\n\n# B {#b}\n\ny\n", "# A {#a}\n\nx\n\n# B {#b}\n\ny\n", same={"a": "b", 1: None})
    assert [(pair.old, pair.new, pair.by) for pair in found.pairs] == [(0, 1, "given")]
    assert (found.removed, found.added) == ((1,), (0,))


def test_swapped_sections_move_one_of_them():
    found = compare("# A\n\none\n\n# B\n\ntwo\n\n# C\n\nthree\n", "# B\n\ntwo\n\n# A\n\none\n\n# C\n\nthree\n")
    assert [pair.moved for pair in found.pairs].count(True) == 1
    assert not any(pair.diff.changed for pair in found.pairs)


def test_a_split_and_a_join_are_found():
    rule = "The assistant should answer the question that was asked. It should say what it does not know.\n"
    more = "Numbers are given with their units and their sources. Dates are written out in full for the reader.\n"
    whole = f"# A {{#a}}\n\n{rule}\n{more}\n# Z {{#z}}\n\nThe end of the document is here.\n"
    parts = f"# A {{#a}}\n\n{rule}\n# B {{#b}}\n\n{more}\n# Z {{#z}}\n\nThe end of the document is here.\n"
    split, join = compare(whole, parts), compare(parts, whole)
    assert [(flow.old, flow.new) for flow in split.splits] == [(0, 1)]
    assert [(flow.old, flow.new) for flow in join.joins] == [(1, 0)]


def test_the_great_release_has_one_rename():
    assert [(old_name(pair.old), new_name(pair.new)) for pair in great().renames] == [
        ("protect_privileged_messages", "protect_privileged_information")
    ]


def test_the_great_release_dissolves_one_chapter():
    assert [
        (old_name(gone.chapter), [old_name(i) for i in gone.parts], [new_name(j) for j in gone.targets])
        for gone in great().dissolved
    ] == [
        (
            "approachable",
            ["approachable", "be_empathetic", "be_kind", "be_engaging"],
            ["style", "love_humanity", "be_responsible", "have_conversational_sense"],
        )
    ]
    assert {(old_name(flow.old), new_name(flow.new)) for flow in great().flows} == {
        ("approachable", "style"),
        ("be_empathetic", "be_responsible"),
        ("be_kind", "love_humanity"),
        ("be_engaging", "love_humanity"),
        ("be_engaging", "have_conversational_sense"),
    }


def test_the_great_release_moves_four_clauses():
    assert [old_name(pair.old) for pair in great().reparented] == [
        "be_rationally_optimistic",
        "do_not_make_unprompted_personal_comments",
        "avoid_being_condescending",
    ]
    assert [old_name(pair.old) for pair in great().moves] == ["structure"]


def test_the_great_release_changes_authority_in_two_groups():
    groups = {change: [old_name(pair.old) for pair in pairs] for change, pairs in great().authority_groups.items()}
    assert set(groups) == {("platform", "root"), ("platform", "system")}
    assert len(groups["platform", "root"]) == 17
    assert "protect_privileged_messages" in groups["platform", "root"]
    assert groups["platform", "system"] == ["comply_with_laws", "no_erotica_or_gore", "use_preset_voice_in_voice_mode"]


def test_the_great_release_adds_these_clauses():
    assert [new_name(j) for j in great().added] == [
        "red_line_principles",
        "no_other_objectives",
        "scope_of_autonomy",
        "control_side_effects",
        "love_humanity",
        "be_responsible",
        "be_interesting_and_interested",
        "be_curious",
        "have_conversational_sense",
        "be_warm",
    ]
    assert great().complete


def test_a_block_moved_inside_a_clause_is_found():
    old, new = release("2025-02-12"), release("2025-04-11")
    found = diff.documents(old, new)
    texts = [old.clauses[block.old].source[block.old_start : block.old_end] for block in found.moved_blocks]
    assert len(texts) == 1
    assert texts[0].startswith("**Example**: a white lie that's over the line")


def test_headings_without_anchors_are_paired_by_text_and_title():
    names = sorted(path.name for path in (CORPORA / "cloudevents").glob("*.md"))
    for before, after in itertools.pairwise(names):
        old, new = (outline.parse((CORPORA / "cloudevents" / name).read_bytes().decode()) for name in (before, after))
        found = diff.documents(old, new)
        assert found.complete
        wrong = [pair for pair in found.pairs if pair.by == "likeness" and not pair.diff.changed]
        assert wrong == []
        assert len(found.removed) + len(found.added) <= 8, (before, after)


@pytest.mark.parametrize("names", [("2025-04-11", "2025-09-12"), ("2025-10-27", "2025-12-18-rev2")])
def test_ten_copies_find_ten_times_as_much(names):
    one = diff.documents(*(release(name) for name in names))
    sources = ["".join(clause.source for clause in release(name).clauses) + "\n" for name in names]
    ten = compare(sources[0] * 10, sources[1] * 10)
    assert ten.complete
    assert {change: len(pairs) for change, pairs in ten.authority_groups.items()} == {
        change: 10 * len(pairs) for change, pairs in one.authority_groups.items()
    }
