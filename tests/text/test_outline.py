"""Finding the clauses of a document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.text import outline
from reviews.text.dialect import Resolver
from reviews.text.outline import Clause, Problem
from tests.corpora import CORPORA
from tests.text import laws

DOCUMENTS = sorted(path for path in CORPORA.glob("*/*.md") if "CHANGELOG" not in path.name)
NEWEST = CORPORA / "model_spec" / "2025-12-18-rev2.md"


def read(path: Path) -> str:
    return path.read_bytes().decode()


def shapes(source: str) -> list[tuple[str, str, int]]:
    return [(clause.title, clause.anchor, clause.level) for clause in outline.parse(source).clauses]


def codes(source: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in outline.parse(source).problems]


def test_the_newest_model_spec_has_its_clauses_and_authorities():
    parsed = outline.parse(read(NEWEST))
    assert len(parsed.clauses) == 80
    assert sum(bool(clause.authority) for clause in parsed.clauses) == 59
    assert all(clause.explicit for clause in parsed.clauses)
    assert parsed.problems == ()
    last = parsed.clauses[-1]
    assert (last.title, last.anchor, last.authority, last.tags, last.level) == (
        "Prioritize safety for teens",
        "prioritize_teen_safety",
        "root",
        ("under_18",),
        2,
    )
    assert parsed.clauses[last.parent].anchor == "chatgpt_u18"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_real_document_keeps_the_laws(path: Path):
    laws.check_outline(read(path))


def test_the_constitution_has_its_headings_and_its_table_of_contents_leads_somewhere():
    source = read(CORPORA / "claude_constitution" / "2026-01-20.md")
    parsed = outline.parse(source)
    anchors = {clause.anchor for clause in parsed.clauses}
    linked = set(re.findall(r"^\[[^\]\n]+\]\(#([^)\s]+)\)", source, re.MULTILINE))
    assert len(parsed.clauses) == 42
    assert len(linked) > 30
    assert {reference for reference in linked if outline.slug(reference) not in anchors} == set()


def test_underlined_headings_are_clauses():
    newest = sorted((CORPORA / "semver").glob("*.md"))[-1]
    found = shapes(read(newest))
    assert found[:3] == [
        ("Semantic Versioning 2.0.0", "semantic-versioning-200", 1),
        ("Summary", "summary", 2),
        ("Introduction", "introduction", 2),
    ]


def test_a_clause_says_everything_about_itself():
    source = (
        'Before.\n\n# One {#one}\n\nText.\n\n## *Two* `x` [^abcd] {#two .draft authority="User" tags=a,b since=3}\nMore'
    )
    assert outline.parse(source).clauses == (
        Clause(source="Before.\n\n"),
        Clause(source="# One {#one}\n\nText.\n\n", title="One", anchor="one", explicit=True, level=1, line=3),
        Clause(
            source='## *Two* `x` [^abcd] {#two .draft authority="User" tags=a,b since=3}\nMore',
            title="Two x",
            anchor="two",
            explicit=True,
            level=2,
            authority="user",
            tags=("draft", "a", "b", "since=3"),
            parent=1,
            line=7,
        ),
    )


@pytest.mark.parametrize(
    "source",
    [
        "~~~\n# no\n```\n~~~\n",
        "```\n# no\n~~~\n```\n",
        "~~~~\n~~~\n# no\n~~~~\n",
        "   ~~~xml\n# no\n   ~~~\n",
        "~~~\n# no\n~~~~~\n",
        "```\n# no\n   ```   \n",
        "<!--\n# no\n-->\n",
        "<pre>\n\n# no\n\n</pre>\n",
        "    # no\n",
        "> # no\n",
        "- # no\n\n  # no\n",
        "---\ntitle: x\n# no: heading\n---\n",
        "+++\ntitle = 1\n# no\n+++\n",
        "---\n# a comment\ntitle: x\ntags:\n- a\n- b\n\nlong: >\n  words and\n\n  # no\n...\n",
        "---\n'a key': [\n  1,\n]\nother.key: https://example.org\n---\n",
        "+++\ntitle = 1\n\n[part]\ntitle = 2\n+++\n",
        "[^a]: note\n\n    # no\n",
        "#no\n",
        "####### no\n",
        "\\# no\n",
    ],
)
def test_what_only_looks_like_a_heading_is_none(source: str):
    assert shapes(source) == [("", "", 0)]


@pytest.mark.parametrize(
    ("source", "titles"),
    [
        ("~~~\na\n~~~\n# yes\n", ["", "yes"]),
        ("   # yes\n", ["yes"]),
        ("# yes #\n", ["yes"]),
        ("# yes", ["yes"]),
        ("#\n", [""]),
        ("yes\n===\n", ["yes"]),
        ("yes\nyes\n---\n", ["yes yes"]),
        ("# a\r\n\r\n# b\r\n", ["a", "b"]),
        ("# a\r\r# b\r", ["a", "b"]),
        ("\ufeff# yes\n", ["yes"]),
        ("---\ntitle: x\n---\n# yes\n", ["", "yes"]),
        ("---\n\nno front matter\n\n---\n# yes\n", ["", "yes"]),
        ("---\nScope: every team.\n\n# yes\n\nPlain words.\n\n---\n# too\n", ["", "yes", "too"]),
        ("---\nScope: every team.\n\n# yes\n\nNote: a part.\n\n---\n", ["", "yes"]),
        ("---\n# yes\n\nwords\n\n---\n", ["", "yes"]),
        ("---\ntitle: x\n# yes\n", ["", "yes"]),
        ("---\nNote: a.\n\nNote: b.\n# yes\n---\n", ["", "yes"]),
        ("---\nhttps://example.org\n# yes\n---\n", ["", "yes"]),
        ("+++\nwords\n# yes\n+++\n", ["", "yes"]),
        ("- a\n# yes\n", ["", "yes"]),
        ("<div>\n\n# yes\n\n</div>\n", ["", "yes"]),
        ("# See [the list][l] and [1.0]\n\n[l]: /x\n[1.0]: /y\n", ["See the list and [1.0]"]),
        ("# Use {braces}\n", ["Use {braces}"]),
        ("# a &amp; b \\* <i>c</i>\n", ["a & b * c"]),
        ("# Don’t\n", ["Don’t"]),
    ],
)
def test_titles(source: str, titles: list[str]):
    assert [clause.title for clause in outline.parse(source).clauses] == titles


@pytest.mark.parametrize(
    ("source", "anchors"),
    [
        ("# A b\n", ["a-b"]),
        ("# A & b (c)\n", ["a--b-c"]),
        ("# ...\n", ["untitled"]),
        ("# Ärger über 日本\n", ["ärger-über-日本"]),
        ("# का\n# की\n", ["का", "की"]),
        ("# กำ ก่ำ\n# กา\n", ["กำ-ก่ำ", "กา"]),
        ("# שָׁלוֹם\n# مُحَمَّد\n", ["שָׁלוֹם", "مُحَمَّد"]),
        ("# Cafe\u0301 a‿b\n", ["cafe\u0301-a‿b"]),
        ("# 1\ufe0f\u20e3 One\n", ["1\ufe0f\u20e3-one"]),
        ("# A\n## X\n# B\n## X\n", ["a", "x", "b", "b--x"]),
        ("# X\n# Y {#x}\n", ["x--2d7116", "x"]),
    ],
)
def test_anchors_made_from_titles(source: str, anchors: list[str]):
    assert [clause.anchor for clause in outline.parse(source).clauses] == anchors


def test_a_very_long_title_gets_a_short_anchor_of_its_own():
    words = "word " * 200
    first, second, third = outline.parse(f"{words}a\n---\n\n{words}b\n---\n\n{words}a\n---\n").clauses
    anchors = [first.anchor, second.anchor, third.anchor]
    assert len(set(anchors)) == 3
    assert max(map(len, anchors)) < 200
    assert Resolver.of(outline.parse(f"# {words}\n")).find((words.strip()).replace(" ", "-")).startswith("word-word")
    assert outline.parse(f"# {'a' * 500}\n").clauses[0].anchor == "a" * 500


def test_equal_titles_below_one_heading_get_anchors_without_counting():
    found = [clause.anchor for clause in outline.parse("# A\n## X\n## X\n## X\n## X\n").clauses]
    assert found[:3] == ["a", "x", "a--x"]
    assert all(re.fullmatch(r"x--[0-9a-f]{6}", anchor) for anchor in found[3:])
    assert len(set(found)) == 5


def test_deleting_the_first_of_equal_titles_below_one_heading_renames_the_others():
    """Their anchors tell them apart by what stands before them, so only an explicit anchor survives this; lineage carries
    comments and old addresses over."""
    before = [clause.anchor for clause in outline.parse("# A\n## X\nOne.\n## X\nTwo.\n## X\nThree.\n").clauses]
    after = [clause.anchor for clause in outline.parse("# A\n## X\nTwo.\n## X\nThree.\n").clauses]
    assert after == before[:3]


def test_a_heading_put_in_elsewhere_changes_no_anchor():
    before = [clause.anchor for clause in outline.parse("# A\n## X\n# B\n## X\n").clauses]
    after = [clause.anchor for clause in outline.parse("# A\n## X\n## New\n# C\n# B\n## X\n").clauses]
    assert [anchor for anchor in after if anchor in before] == before


def test_equal_explicit_anchors_are_told_and_told_apart():
    parsed = outline.parse("# A {#same}\n\n# B {#b}\n\n## C {#same}\n")
    assert [clause.anchor for clause in parsed.clauses] == ["same", "b", "b--same"]
    assert parsed.problems == (Problem(5, "duplicate-anchor", "The anchor “same” is already used on line 1."),)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("# a\n\n~~~\nx\n", [(3, "open-fence")]),
        ("```\n~~~\n", [(1, "open-fence")]),
        ("````\n```\n", [(1, "open-fence")]),
        ("~~~", [(1, "open-fence")]),
        ("~~~\n~~~", []),
        ("~~~\r\nx\r\n~~~\r\n\r\n", []),
        ("- ~~~\n  x\n", []),
        ("x\n\n<!-- a\n# b\n", [(3, "open-html")]),
        ("<pre>\n# b\n", [(1, "open-html")]),
        ("<pre>\n</pre>\n", []),
        ("x\n\n\ufeffa\n---\n", [(3, "stray-mark")]),
    ],
)
def test_problems(source: str, found: list[tuple[int, str]]):
    assert codes(source) == found


def test_definitions_and_named_places_of_the_whole_document():
    parsed = outline.parse(
        '# a\n\n[One  two]: /1\n\n# b\n\n[one TWO]: /2\n[three]: <#b>\n\n<a name="p"></a>x\n\n[^n]: note\n'
    )
    assert parsed.definitions == {"one two": "/1", "three": "#b", "^n": ""}
    assert parsed.names == {"p"}


def test_an_empty_document_is_one_empty_clause():
    assert outline.parse("").clauses == (Clause(source=""),)


LINES = [
    *(
        "# a",
        "## a {#a}",
        "a",
        "---",
        "===",
        "~~~",
        "```",
        "> # q",
        "- a",
        "    # c",
        "",
        "<!--",
        "-->",
        "[r]: /x",
        "[r][r]",
    ),
    *("!!! note", "---\na: b\n---", "\ufeff# b", "<pre>", "</pre>", "[^a]: b", "|a|\n|-|", "# [r]", "# {x}", "\u2028"),
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(["\n", "\r\n", "\r", "\n\n", ""])), max_size=14))
def test_laws_of_structure(parts: list[tuple[str, str]]):
    laws.check_outline("".join(line + end for line, end in parts))


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_laws_of_any_text(source: str):
    laws.check_outline(source)
