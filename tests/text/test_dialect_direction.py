"""The direction of each block of a text with scripts that are written from right to left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from reviews.text.dialect import Resolver
from tests.text import laws

SOURCE = """# RFC بالعربية

هذا نص.

This is English.

- [x] واحد

- اثنان
  - three

1. one
2. اثنان

> اقتباس

> said

|عمود|column|
|-|-|
|واحد|two|

!!! note "Title"
    نص

<p>فقرة</p>
"""

LOOK = """
() => [...document.querySelectorAll('h1, p, ul, ol, li, blockquote, td, aside, .table-scroll')].map(element => [
  element.localName,
  element.textContent.trim().split(/\\s+/).slice(0, 2).join(' '),
  getComputedStyle(element).direction,
])
"""


def html(source: str) -> str:
    return laws.check_rendering(source, Resolver()).html


def test_each_block_goes_by_its_own_first_letter(page: Page):
    page.set_content(f"<body>{html(SOURCE)}</body>")
    found = page.evaluate(LOOK)
    assert found == [
        ["h1", "RFC بالعربية", "ltr"],
        ["p", "هذا نص.", "rtl"],
        ["p", "This is", "ltr"],
        ["ul", "☑ واحد", "rtl"],
        ["li", "☑ واحد", "rtl"],
        ["p", "☑ واحد", "rtl"],
        ["li", "اثنان three", "rtl"],
        ["p", "اثنان", "rtl"],
        ["ul", "three", "ltr"],
        ["li", "three", "ltr"],
        ["ol", "one اثنان", "ltr"],
        ["li", "one", "ltr"],
        ["li", "اثنان", "rtl"],
        ["blockquote", "اقتباس", "rtl"],
        ["p", "اقتباس", "rtl"],
        ["blockquote", "said", "ltr"],
        ["p", "said", "ltr"],
        ["div", "عمود column", "rtl"],
        ["td", "واحد", "rtl"],
        ["td", "two", "ltr"],
        ["aside", "Title نص", "rtl"],
        ["p", "Title", "ltr"],
        ["p", "نص", "rtl"],
        ["p", "فقرة", "rtl"],
    ]


def test_a_text_of_one_direction_says_nothing_of_it():
    assert "dir=" not in html("# A\n\nb “c” 日本\n\n- d\n")


@pytest.mark.parametrize("direction", ["ltr", "rtl", "auto"])
def test_a_direction_that_is_written_in_html_is_kept(direction: str):
    assert f'<p dir="{direction}">a</p>' in html(f'<p dir="{direction.upper()}" style="x">a</p>\n')


def test_no_other_direction_is_kept():
    assert re.sub(r' data-block="\w+"', "", html('<p dir="x">a</p>\n')) == "<div><p>a</p>\n</div>\n"
