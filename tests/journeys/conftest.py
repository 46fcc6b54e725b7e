"""What journeys share: people who sign in by link, an axe that finds nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from reviews.actions.people import make_sign_in_link
from reviews.models import User

expect.set_options(timeout=15_000)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def signed_in(open_page: Callable[..., Page], live_site: str) -> Callable[..., Page]:
    """Opens a page as this person: `signed_in(ana, width=360)`."""

    def enter(user: User, **options: object) -> Page:
        page = open_page(**options)
        secret = make_sign_in_link(user, now=timezone.now(), reusable=True)
        page.goto(f"{live_site}/enter/{secret}/")
        return page

    return enter


def check_accessible(page: Page) -> None:
    """Fail with what axe finds on the page as it is now."""
    expect(page.get_by_role("heading", level=1).first).to_be_attached()
    found = Axe().run(page, options={"runOnly": RULES})
    assert not found.response["violations"], f"{page.url}\n{found.generate_report()}"


def select_words(page: Page, anchor: str, words: str) -> None:
    """Select these words of a clause, as with the mouse, and wait for the button that appears."""
    page.evaluate(
        """([anchor, words]) => {
            const root = document.getElementById(anchor).querySelector("[data-text]");
            const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(walker.currentNode, at);
                range.setEnd(walker.currentNode, at + words.length);
                walker.currentNode.parentElement.scrollIntoView({ block: "center" });
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                return;
            }
            throw new Error("these words are not in the clause");
        }""",
        [anchor, words],
    )
    page.locator(".quote-button").wait_for(state="visible")
