"""Formulas, bare addresses and links to repeated headings."""

from __future__ import annotations

import re

import pytest

from reviews.text import outline
from reviews.text.dialect import Resolver, cache_key
from tests.text import laws


def html(source: str) -> str:
    return re.sub(r' data-block="[^"]*"', "", laws.check_rendering(source, Resolver()).html).strip("\n")


@pytest.mark.parametrize(
    "source",
    [
        "$a_{i} + b_{j}$ and $u*v*w$",
        r"so \(a_{1} * b_{2} * c\) holds",
        r"so \(\alpha\) and \(x^2\) hold",
        r"\[ \sum_{i} a_{i} = b_{i} \]",
        "$$ a_{i} \\\\ b_{i} $$",
        "$$\na_{1}\n+ b_{2}\n- c\n=\n# d\n$$",
        "\\[\na\n= b_{1} * c_{2} * d\n\\]",
        "Größe $ä_{1} * ö_{2} * ü$ und \\(ä_1 = ö_1 * 2 * x\\).",
        "$f(<b>x</b>)$",
        "$[a](b)$",
    ],
)
def test_a_formula_keeps_every_character(source: str):
    assert laws.check_rendering(source).text.strip("\n") == source


def test_a_formula_stands_in_any_block():
    source = "- \\(a_1 = b_1 * c * d\\)\n\n> $x_1*y*z$\n\n|a|\n|-|\n|$p_1*q*r$|\n"
    text = laws.check_rendering(source).text
    assert "\\(a_1 = b_1 * c * d\\)" in text
    assert "$x_1*y*z$" in text
    assert "$p_1*q*r$" in text


def test_a_title_keeps_its_formula():
    (clause,) = outline.parse("# Of $a*b*c$\n").clauses
    assert (clause.title, clause.anchor) == ("Of $a*b*c$", "of-abc")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("It costs $5 or *about* $10.", "<p>It costs $5 or <em>about</em> $10.</p>"),
        ("Pay US$5 (*net*) or US$6.", "<p>Pay US$5 (<em>net</em>) or US$6.</p>"),
        ("From $5 for the *small* one to 10$ a day", "<p>From $5 for the <em>small</em> one to 10$ a day</p>"),
        (r"\(see *there*\)", "<p>(see <em>there</em>)</p>"),
        (r"\[1\] and \(a\)", "<p>[1] and (a)</p>"),
        (r"`\(a_1 = b\)` and `$x$`", r"<p><code>\(a_1 = b\)</code> and <code>$x$</code></p>"),
        ("    \\(a_1 = b\\)\n", "<pre><code>\\(a_1 = b\\)\n</code></pre>"),
        ("~~~\n$$\na_1\n$$\n~~~", "<pre><code>$$\na_1\n$$\n</code></pre>"),
        (
            "`\\(a_1 = b\\)` but \\(a*b*c = d\\)",
            '<p><code>\\(a_1 = b\\)</code> but <span class="formula">\\(a*b*c = d\\)</span></p>',
        ),
    ],
)
def test_what_is_no_formula_is_markdown(source: str, shown: str):
    assert html(source) == shown


def test_lines_of_a_formula_make_no_clause():
    assert [clause.title for clause in outline.parse("# A\n\n$$\na\n=\nb\n$$\n\n# B\n").clauses] == ["A", "B"]


@pytest.mark.parametrize(
    ("source", "links"),
    [
        (
            "See https://example.org/a?b=1&c, and more.",
            [("https://example.org/a?b=1&amp;c", "https://example.org/a?b=1&amp;c")],
        ),
        ("(https://example.org/a_(b))", [("https://example.org/a_(b)", "https://example.org/a_(b)")]),
        ("www.example.org!", [("http://www.example.org", "www.example.org")]),
        (
            "Write to first.last+x@mail.example.org.",
            [("mailto:first.last+x@mail.example.org", "first.last+x@mail.example.org")],
        ),
        ("**https://example.org/**", [("https://example.org/", "https://example.org/")]),
        ("- HTTPS://example.org/x;", [("HTTPS://example.org/x", "HTTPS://example.org/x")]),
        ("参照https://example.org/日本。次", [("https://example.org/日本", "https://example.org/日本")]),
        ("[https://example.org](https://example.com)", [("https://example.com", "https://example.org")]),
        ("<https://example.org>", [("https://example.org", "https://example.org")]),
    ],
)
def test_a_bare_address_is_a_link_without_the_punctuation_after_it(source: str, links: list[tuple[str, str]]):
    assert re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', html(source)) == links


@pytest.mark.parametrize(
    "source",
    [
        "`https://example.org`",
        "    https://example.org\n",
        "javascript://example.org and ftp://example.org",
        "https:// and https://nothing and www.",
        "a@b and @name and x@-",
        "[https://example.org](other.md)",
        "![https://example.org](https://example.org/x.png)",
    ],
)
def test_what_is_no_address_is_no_link(source: str):
    assert "<a " not in html(source)


REPEATED = "# Guide\n\n[a](#parts) [b](#parts-1) [c](#parts-2) [d](#parts-3)\n\n" + "".join(
    f"## {name}\n\n### Parts\n\n" for name in ("One", "Two", "Three")
)


def test_a_link_to_a_repeated_heading_leads_to_the_one_that_is_meant():
    parsed = outline.parse(REPEATED)
    found = laws.check_rendering(parsed.clauses[0].source, Resolver.of(parsed))
    assert re.findall('href="#([^"]*)"', found.html) == ["parts", "two--parts", "three--parts", "parts-3"]
    assert found.references == ("parts", "two--parts", "three--parts", "parts-3")


def test_a_heading_that_is_called_so_comes_first():
    resolve = Resolver.of(outline.parse("# A\n## Parts\n# B\n## Parts\n# Parts 1\n"))
    assert resolve.find("parts-1") == "parts-1"


def test_a_rendering_is_made_anew_when_a_numbered_link_means_another_heading():
    source = "[b](#parts-1)"
    keys = {
        cache_key(source, Resolver(titles=titles))
        for titles in (
            {"parts": "Parts", "two--parts": "Parts"},
            {"parts": "Parts", "new--parts": "Parts", "two--parts": "Parts"},
            {"parts": "Parts"},
        )
    }
    assert len(keys) == 3
