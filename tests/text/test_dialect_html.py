"""HTML and nested blocks: words of neighbours stay apart, tags that mean something keep their meaning."""

from __future__ import annotations

import re

import pytest

from reviews.text import dialect, outline
from reviews.text.dialect import Rendered, Resolver
from tests.text import laws

IMAGES = {"plan.png": "/media/plan.png"}


def render(source: str) -> Rendered:
    return laws.check_rendering(source, Resolver(images=IMAGES))


def whole(source: str) -> str:
    """The HTML of a document without the names of its blocks."""
    parsed = outline.parse(source)
    resolve = Resolver.of(parsed, images=IMAGES)
    parts = [laws.check_rendering(clause.source, resolve).html for clause in parsed.clauses]
    return re.sub(r' data-block="[^"]*"', "", "".join(parts))


@pytest.mark.parametrize(
    "source",
    [
        "- alpha\n  - beta\n",
        "1. alpha\n   1. beta\n",
        "- alpha\n  > beta\n",
        "- alpha\n  ~~~\n  beta\n  ~~~\n",
        "- alpha\n  # beta\n",
        "- alpha\n  |beta|\n  |-|\n",
        "- [ ] alpha\n  - beta\n",
        "- alpha\n  <p>beta</p>\n",
        "- " * 45 + "alpha\n" + "  " * 45 + "- beta\n",
        "|alpha|beta|\n|-|-|\n",
        "<table><tr><td>alpha</td><td>beta</td></tr></table>\n",
        "<table><tr><td>alpha<td>beta</table>\n",
        "<table><tr><th>alpha</th></tr><tr><td>beta</td></tr></table>\n",
        "<ul><li>alpha</li><li>beta</li></ul>\n",
        "<ul><li>alpha<ul><li>beta</li></ul></li></ul>\n",
        "<p>alpha</p><p>beta</p>\n",
        "<dl><dt>alpha</dt><dd>beta</dd></dl>\n",
        "<div>alpha<br>beta</div>\n",
        "<details><summary>alpha</summary>beta</details>\n",
        "<details><summary>alpha</summary>\n\nbeta\n\n</details>\n",
        "x <div>alpha</div><div>beta</div>\n",
        "<figure><p>alpha</p><figcaption>beta</figcaption></figure>\n",
    ],
)
def test_words_of_neighbouring_blocks_are_kept_apart(source: str):
    assert re.search(r"alpha\s+beta", render(source).text)


def test_a_nested_item_reads_the_same_whether_its_list_is_tight_or_loose():
    tight, loose = render("- alpha\n  - beta\n").text, render("- alpha\n\n  - beta\n").text
    assert tight.split() == loose.split() == ["alpha", "beta"]


@pytest.mark.parametrize(
    ("tag", "kept"),
    [
        ('<td rowspan="2">', '<td rowspan="2">'),
        ("<th colspan=3>", '<th colspan="3">'),
        ('<td rowspan="100">', '<td rowspan="100">'),
        ('<td rowspan="0">', "<td>"),
        ('<td rowspan="101">', "<td>"),
        ('<td colspan="9999999999">', "<td>"),
        ('<td colspan="2;x">', "<td>"),
        ("<td onclick='x()' colspan='2'>", '<td colspan="2">'),
    ],
)
def test_cells_keep_how_far_they_span(tag: str, kept: str):
    assert kept in whole(f"<table><tr>{tag}a</{tag[1:3]}></tr></table>\n")


@pytest.mark.parametrize(
    "target",
    [
        '<h2 id="setup">Set up</h2>',
        '<div\nid="setup">\n\nSet up\n\n</div>',
        "<table><tr id=setup><td>a</td></tr></table>",
        'Some <span id="setup">words</span>',
        'Some <b id="setup">words</b>',
        'Some <a id="setup"></a>words',
        'Some <widget id="setup"> words',
        '<widget id="setup">\nwords\n</widget>',
        '- item\n\n  <p id="setup">words</p>',
    ],
)
def test_a_link_leads_to_an_id_that_is_written_in_html(target: str):
    html = whole(f"# Top\n\nSee [it](#setup).\n\n{target}\n")
    assert 'href="#in-setup"' in html
    assert html.count('id="in-setup"') == 1


def test_a_link_in_html_leads_to_a_clause_too():
    html = whole(
        '# One\n\n<p>See <a href="#two">it</a></p>\n\n# Two\n\n<p>and <a href="#here">x</a><b id="here"></b></p>\n'
    )
    assert '<a href="#two"' in html
    assert '<a href="#in-here"' in html


def test_an_id_in_code_is_no_place():
    assert outline.parse('`<a id="x">`\n\n~~~\n<p id="y">\n~~~\n\n<p id="z">\n').names == {"z"}


def test_an_id_stands_once_in_a_clause():
    assert whole('<p id="a">x</p>\n\n<p id="a">y</p>\n').count("id=") == 1


@pytest.mark.parametrize(
    "source",
    [
        '<p align="center">\n  <img src="plan.png" alt="The plan">\n</p>',
        '<img width="200" src="plan.png" alt="The plan"/>',
        'Text <img alt="The plan" src=plan.png> text',
        '<picture><source srcset="dark.png"><img src="plan.png" alt="The plan"></picture>',
        '<figure><img src="plan.png" alt="The plan"><figcaption>Words</figcaption></figure>',
        '<table><tr><td><img src="plan.png" alt="The plan"></td></tr></table>',
    ],
)
def test_an_image_that_is_there_is_shown_however_it_is_written(source: str):
    assert '<img src="/media/plan.png" alt="The plan">' in whole(source)


def test_an_image_elsewhere_is_named_in_a_block_as_in_a_line():
    html = whole('<p><img src="https://example.org/x.png" alt="a > b" onerror="x()"></p>\n')
    assert '<span class="image-remote">Image: a &gt; b (example.org)</span>' in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("source", "inside", "outside"),
    [
        ("<details>\n<summary>Why</summary>\n\nHidden *words*.\n\n</details>\n\nShown.\n", "Hidden", "Shown"),
        ("- Item\n\n  <details>\n\n  Hidden.\n\n  </details>\n\n- Shown\n", "Hidden", "Shown"),
        ("> <details>\n>\n> Hidden.\n>\n> </details>\n\nShown.\n", "Hidden", "Shown"),
        ("<details>\n\n<summary>Why</summary>\n\nHidden.\n\n</details>\nShown.\n\nShown.\n", "Hidden", "Shown.</p>\n"),
        ("<details open>\n\n- Hidden\n- too\n\n</details>\n\nShown.\n", "too", "Shown"),
        ("<details>\n\n~~~\n</details>\nHidden\n~~~\n\n</details>\n\nShown.\n", "Hidden", "Shown"),
        ("<details>\n\n!!! note\n    Hidden.\n\n</details>\n\nShown.\n", "Hidden", "Shown"),
    ],
)
def test_a_disclosure_holds_what_stands_between_its_tags(source: str, inside: str, outside: str):
    html = whole(source)
    assert html.count("<details>") == html.count("</details>") == 1
    assert html.index("<details>") < html.index(inside) < html.index("</details>") < html.index(outside)


def test_disclosures_follow_one_another_and_stand_in_one_another():
    source = "<details>\n\nOne.\n\n</details>\n<details>\n\nTwo.\n\n<details>\n\nThree.\n\n</details>\n\n</details>\n"
    found = re.findall(r"</?details>|\w+\.", whole(source))
    opened, closed = "<details>", "</details>"
    assert found == [opened, "One.", closed, opened, "Two.", opened, "Three.", closed, closed]


@pytest.mark.parametrize(
    "source",
    ["<details>\n\nOne.\n\n# Next\n\nTwo.\n\n</details>\n", "- One\n\n  <details>\n\n  Two.\n\nThree.\n\n</details>\n"],
)
def test_a_disclosure_that_is_not_closed_where_it_was_opened_is_none_and_both_ends_are_marked(source: str):
    html = whole(source)
    assert "<details>" not in html
    assert "&lt;details&gt;" in html
    assert "&lt;/details&gt;" in html


@pytest.mark.parametrize(
    ("source", "title", "anchor"),
    [
        ("# The <portal> element\n", "The <portal> element", "the-element"),
        ("# The <b>bold</b> one\n", "The bold one", "the-bold-one"),
        ("# A </b> b\n", "A </b> b", "a-b"),
        ("# A <!-- c --> b\n", "A b", "a-b"),
        ("# <portal>\n", "<portal>", "portal"),
        ("# `<portal>` tag\n", "<portal> tag", "portal-tag"),
    ],
)
def test_a_title_says_what_its_heading_shows(source: str, title: str, anchor: str):
    (clause,) = outline.parse(source).clauses
    assert (clause.title, clause.anchor) == (title, anchor)
    assert " ".join(render(source).text.split()) == title


def test_a_footnote_and_its_mark_lead_to_one_another_across_clauses():
    html = whole("# One\n\nSo it is.[^n 1] Again.[^n 1]\n\n# Two\n\n[^n 1]: Because.\n")
    assert html.count('href="#in-^n-1"') == 2
    assert html.count('id="in-^n-1"') == 1
    assert html.count('href="#in-^n-1-mark"') == 1
    assert html.count('id="in-^n-1-mark"') == 1


def test_every_remark_has_its_line():
    source = "line <odd>\r\n\n" * 70
    assert dialect.render(source, Resolver()).unknown == tuple(("html", 2 * n + 1) for n in range(70))


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u200c", "\u200d"])
def test_marks_of_writing_are_kept(mark: str):
    assert render(f"نص{mark} (API)\n").text == f"نص{mark} (API)\n"


@pytest.mark.parametrize("control", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])
def test_controls_that_turn_the_order_of_letters_are_shown(control: str):
    assert render(f"نص{control} a\n").text == f"نص[U+{ord(control):04X}] a\n"


def test_a_mark_in_code_is_shown():
    assert render("`a\u200fb`\n\n    c\u200ed\n").text == "a[U+200F]b\nc[U+200E]d\n\n"


def test_a_break_between_words_of_a_script_without_spaces_is_kept():
    assert render("ភាសា\u200bខ្មែរ a\u200bb\n").text == "ភាសា\u200bខ្មែរ a[U+200B]b\n"
