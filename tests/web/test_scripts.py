"""What the modules of static/js do in a real browser, under the real policy."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page

from tests.web.made_site import MadeSite, clauses_of, in_base, part, section, until

SOURCE = """# Honesty {#honesty}

See [?](#lies) first. The assistant does not mislead.

Another paragraph.

## Lies {#lies}

None.
"""
SELECT = """([from, to]) => {
  const text = document.querySelector("#honesty p[data-block]");
  const words = text.querySelector("a.ref").nextSibling;
  const range = document.createRange();
  range.setStart(from ? words : text, from);
  range.setEnd(words, to);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
FIELDS = """() => {
  const form = document.querySelector("#honesty [data-composer]");
  return ["start", "end", "quote"].map((name) => form.elements[name].value);
}"""
QUOTE = "does not mislead"
STABLE = clauses_of(SOURCE)[0][1].stable_text
THREAD = {
    "public_id": "t1",
    "quote": QUOTE,
    "start": STABLE.index(QUOTE),
    "end": STABLE.index(QUOTE) + len(QUOTE),
    "is_internal": True,
    "comments": [{"public_id": "k1", "author_name": "Ana Ruiz", "body": "Why?"}],
}


def composer(**more: object) -> str:
    return part("composer", id="c0", action="/threads/", version="v1", may_internal=True, **more)


@pytest.fixture
def site(page: Page) -> MadeSite:
    first, second = clauses_of(SOURCE)
    text = section(0, *first, threads_url="/threads-of-c0/") + section(1, *second)
    modules = ("sheet", "quotes", "highlights", "autosave")
    fragment = part("thread", thread=THREAD) + composer()
    return MadeSite(page, {"/": in_base(text, *modules), "/threads-of-c0/": fragment})


def test_selected_words_become_the_quote_of_the_clauses_composer(site: MadeSite):
    page = site.open("/")
    page.evaluate(SELECT, [8, 21])
    page.get_by_role("button", name="Comment", exact=True).click()
    until(page, "document.activeElement.name === 'body'")
    start = STABLE.index("The assistant")
    assert page.evaluate(FIELDS) == [str(start), str(start + 13), "The assistant"]
    assert site.complaints == []


def test_a_title_of_another_clause_is_one_character_of_the_quote(site: MadeSite):
    page = site.open("/")
    page.evaluate(SELECT, [0, 6])
    page.get_by_role("button", name="Comment", exact=True).click()
    until(page, "document.activeElement.name === 'body'")
    assert page.evaluate(FIELDS)[2] == "See \ufffc first"
    assert page.locator("#honesty [data-composer-quote]").inner_text() == "See Lies first"


def test_a_block_is_chosen_and_commented_by_keyboard_alone(site: MadeSite):
    page = site.open("/")
    for key in ("c", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    until(page, "document.activeElement.name === 'body'")
    page.keyboard.type("Said without a mouse")
    assert page.evaluate(FIELDS)[2] == "Another paragraph."
    assert page.locator("#honesty textarea[name=body]").input_value() == "Said without a mouse"


def test_passages_are_painted_and_light_up_with_their_card(site: MadeSite):
    page = site.open("/")
    page.locator("#honesty [data-sheet]").click()
    page.locator("#thread-t1").hover()
    until(page, "CSS.highlights.get('thread-here')?.size === 1")
    assert page.evaluate("[...CSS.highlights.get('thread-here')].map(String)") == [QUOTE]
    assert "here" in (page.locator("#thread-t1").get_attribute("class") or "")


def test_passages_are_marked_where_the_browser_cannot_highlight(site: MadeSite):
    site.page.add_init_script("delete CSS.highlights; delete window.Highlight")
    page = site.open("/")
    page.locator("#honesty [data-sheet]").click()
    page.locator("#honesty mark").first.wait_for()
    assert page.locator("#honesty mark").all_inner_texts() == [QUOTE]


def test_what_was_written_survives_a_reload(site: MadeSite):
    page = site.open("/")
    page.locator("#honesty [data-sheet]").click()
    page.locator("#honesty textarea[name=body]").type("half a thought")
    page.reload(wait_until="networkidle")
    page.locator("#honesty [data-sheet]").click()
    until(page, "document.querySelector('#honesty textarea[name=body]')?.value === 'half a thought'")
    assert "Restored" in page.locator("#honesty [data-autosave-status]").inner_text()


def test_a_draft_made_on_another_text_is_offered_and_not_put_in(page: Page):
    def editor(value: str) -> str:
        return in_base(
            f"<form method='post'>{part('editor', id='x', value=value)}</form>", "autosave", layout="layout-wide"
        )

    site = MadeSite(page, {"/": editor("first")})
    site.open("/").locator("textarea").fill("mine")
    until(page, "localStorage.length === 1")
    site.pages["/"] = editor("second")
    page.reload(wait_until="networkidle")
    before = page.locator("textarea").input_value()
    page.get_by_role("button", name="Put it in").click()
    assert (before, page.locator("textarea").input_value()) == ("second", "mine")


def test_a_dangerous_button_asks_once(page: Page):
    form = '<form method="post" action="/gone/"><button data-confirm="Really delete?">Delete</button></form>'
    site = MadeSite(page, {"/": in_base(form), "/gone/": in_base("Gone.")})
    site.open("/").get_by_role("button", name="Delete").click()
    asked = list(site.posted)
    page.get_by_role("button", name="Really delete?").click()
    page.wait_for_url("**/gone/")
    assert (asked, [path for path, _ in site.posted]) == ([], ["/gone/"])


def test_the_colour_scheme_is_kept(site: MadeSite):
    page = site.open("/")
    page.get_by_role("button", name="Dark").click()
    page.reload(wait_until="networkidle")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"


def test_question_mark_lists_the_shortcuts_and_escape_closes(site: MadeSite):
    page = site.open("/")
    page.keyboard.press("?")
    listed = page.locator("[id='~keys-help'] dt").all_inner_texts()
    page.keyboard.press("Escape")
    assert ([key.strip() for key in listed], page.locator("[id='~keys-help']").count()) == (["?", "Escape", "c"], 0)


def test_lost_connection_is_said_and_taken_back(site: MadeSite):
    page = site.open("/")
    page.context.set_offline(True)
    until(page, "document.getElementById('~net-notice').textContent.startsWith('No connection')")
    page.context.set_offline(False)
    until(page, "document.getElementById('~net-notice').textContent === 'Connected again.'")
    assert site.complaints == []


def test_on_a_phone_comments_open_as_a_sheet_and_give_the_focus_back(site: MadeSite):
    site.page.set_viewport_size({"width": 360, "height": 740})
    page = site.open("/")
    page.locator("#honesty [data-sheet]").click()
    page.locator("#thread-t1").wait_for()
    focused = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    assert (focused, page.locator("#thread-t1").is_visible()) == ("Close", False)
    assert page.evaluate("document.activeElement.dataset.sheet") == "margin-c0"


def test_the_preview_follows_what_is_typed_and_keeps_what_was_folded(page: Page):
    editor = part("editor", id="x", value="old", preview_url="/preview/", preview_html="<p>old</p>")
    site = MadeSite(page, {"/": in_base(f"<form>{editor}</form>", "preview", "autosave", layout="layout-wide")})
    site.pages["/preview/"] = part("preview", html="<p>new words</p>", ops=[("-", "old"), ("+", "new words")])
    site.open("/").locator("#preview-x summary", has_text="Changes").click()
    page.locator("#source-x").fill("old and new")
    page.locator("#preview-x .prose", has_text="new words").wait_for()
    assert page.evaluate("[...document.querySelectorAll('.preview-part')].map((part) => part.open)") == [False, True]
    assert (site.posted[-1][0], parse_qs(site.posted[-1][1])) == ("/preview/", {"source": ["old and new"]})
    assert site.complaints == []


def test_a_comment_sent_by_htmx_joins_the_threads_and_empties_the_form(page: Page):
    form = composer(target="#there", key="k1")
    site = MadeSite(page, {"/": in_base(f'<div id="there"></div>{form}', "autosave")})
    site.pages["/threads/"] = part("thread", thread=THREAD)
    site.open("/").locator("textarea[name=body]").fill("Kept for good")
    page.get_by_role("radio", name="Internal").check()
    page.get_by_role("button", name="Comment").click()
    page.locator("#there #thread-t1").wait_for()
    until(page, "document.querySelector('textarea[name=body]').value === ''")
    sent = parse_qs(site.posted[0][1])
    assert (sent["body"], sent["visibility"], sent["key"]) == (["Kept for good"], ["internal"], ["k1"])
    assert page.evaluate("localStorage.length") == 0
    assert page.locator("input[name=key]").input_value() != "k1"


def test_a_refused_request_is_said_and_loses_nothing(page: Page):
    site = MadeSite(page, {"/": in_base(f'<div id="there"></div>{composer(target="#there")}', "autosave")})
    site.open("/").locator("textarea[name=body]").fill("Still here")
    page.get_by_role("button", name="Comment").click()
    until(page, "document.getElementById('~net-notice').textContent.startsWith('This is no longer there')")
    assert page.locator("textarea[name=body]").input_value() == "Still here"
