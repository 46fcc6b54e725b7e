"""Every part in every state on one page: nothing inaccessible, nothing wider than the screen, no complaint."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import render_to_string

from tests.web.made_site import SHELL, MadeSite, clauses_of

HERE = Path(__file__).parent
COMPONENTS = sorted(path.stem for path in (HERE.parents[1] / "templates" / "components").glob("*.html"))
LONG = "A title of two hundred characters because somebody pasted the first sentence of a clause into its heading " * 2
RTL = "لا تكذب على المستخدم ولا تضلله بما تسكت عنه"
STATES = ["draft", "in_review", "merged", "withdrawn", "approved", "stale", "conflicted", "concern"]
STATES += ["editorial", "substantive", "authority", "internal", "published", "abandoned"]
NOW = datetime.datetime(2026, 11, 20, 10, 30, tzinfo=datetime.UTC)
SOURCE = (
    """# Made {#made authority=user}

See [?](#made), [?](#gone) and a tag[^ab12]. A remote ![picture](https://example.org/x.png).

!!! meta "Commentary"
    Said by the way.

**Example**: a question

~~~xml
<user>
Is it so?
</user>
<comparison>
<assistant> <!-- GOOD: short -->
Yes.
</assistant>
<assistant> <!-- BAD: long -->
Well, it depends on what you mean.
</assistant>
</comparison>
~~~

| a | b |
|---|---|
| a long cell that does not break | """
    + "x" * 300
    + """ |

```
code """
    + "y" * 300
    + """
```
"""
)


class MadeForm(forms.Form):
    title = forms.CharField(help_text="Shown in lists.")
    visibility = forms.ChoiceField(choices=[("public", "Public"), ("internal", "Internal")], widget=forms.RadioSelect)
    base = forms.ChoiceField(choices=[("draft", "Draft")])
    rationale = forms.CharField(widget=forms.Textarea, required=False)
    tell = forms.BooleanField(label="Tell the followers", required=False)
    file = forms.FileField(required=False)


def comments(count: int) -> list[dict[str, object]]:
    told = {"author_name": "Ana Ruiz", "author_role": "approver", "created_at": NOW, "body": "Does it cover summaries?"}
    return [{**told, "public_id": f"k{number}", "edited_at": NOW} for number in range(count)]


def threads() -> list[dict[str, object]]:
    reply = {"reply_url": "/reply/", "placed": "Carried over 2 edits · words unchanged", "url": "#x"}
    hidden = {
        "public_id": "kh",
        "author_name": LONG,
        "created_at": NOW,
        "is_withdrawn": True,
        "body": "Withdrawn by its author.",
    }
    return [
        {"public_id": "t1", "kind": "question", "state": "open", "quote": LONG * 2, "comments": comments(2), **reply},
        {"public_id": "t2", "is_internal": True, "comments": comments(1), "quote": RTL, **reply},
        {"public_id": "t3", "orphan": True, "state": "resolved", "quote": "gone words", "comments": [hidden]},
        {"public_id": "t4", "comments": comments(3), "more_count": 997, "url": "#x", "moves": [{"label": "Resolve"}]},
    ]


def gallery() -> str:
    form = MadeForm({"visibility": "internal"})
    form.add_error(None, "Another proposal changes the same clause.")
    _clause, rendered = clauses_of(SOURCE)[0]
    ops = [
        ("=", "The assistant "),
        ("-", "should"),
        ("+", "must"),
        ("=", " not lie. " * 200),
        ("+", "Ever."),
        ("=", LONG * 4),
    ]
    context = {
        "shell": {**SHELL, "spec_title": LONG, "as_public": True},
        "messages": [Message(constants.SUCCESS, "Submitted."), Message(constants.ERROR, "That link has expired.")],
        "states": STATES,
        "levels": [
            ("root", 1),
            ("system", 2),
            ("developer", 3),
            ("user", 4, "root", 1),
            ("guideline", 5),
            ("other", 9),
        ],
        "tabs": [{"label": "Changes", "url": "#x", "current": True}, {"label": "Discussion", "url": "#y", "count": 12}],
        "kinds": [{"value": "question", "label": "Question"}, {"value": "typo", "label": "Typo"}],
        "errors": ["Say something first."],
        "long_anchor": "an_anchor_" * 20,
        "heading_html": rendered.heading_html,
        "body_html": rendered.body_html,
        "ops": ops,
        "form": form,
        "threads": threads(),
        "long": LONG,
        "rtl": RTL,
        "now": NOW,
    }
    return engines["django"].from_string((HERE / "gallery.html").read_text()).render(context)


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_part_stands_without_parameters(name):
    assert "Traceback" not in render_to_string(f"components/{name}.html", {})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(open_page, scheme, width):
    site = MadeSite(open_page(width=width, color_scheme=scheme), {"/": gallery()})
    found = Axe().run(site.open("/")).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:5]) for one in found] == []
    assert site.complaints == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 2560])
def test_nothing_is_wider_than_the_screen(open_page, width):
    page = MadeSite(open_page(width=width), {"/": gallery()}).open("/")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_gallery_reads_from_right_to_left(open_page):
    turned = gallery().replace('dir="ltr"', 'dir="rtl"')
    page = MadeSite(open_page(width=360), {"/": turned}).open("/")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate("document.querySelector('.top-title').getBoundingClientRect().right > 300")


def test_forms_and_menus_work_without_scripts(open_page):
    site = MadeSite(open_page(java_script_enabled=False), {"/": gallery(), "/threads/": "kept"})
    page = site.open("/")
    page.locator("summary.version-pill").click()
    shown = page.locator(".version .menu-list").is_visible()
    page.locator("#composer-c2 textarea").fill("Said without scripts")
    page.locator("#composer-c2 button[type=submit]").click()
    assert (shown, [path for path, _ in site.posted]) == (True, ["/threads/"])
    assert "body=Said+without+scripts" in site.posted[0][1]
    assert "visibility=public" in site.posted[0][1]
