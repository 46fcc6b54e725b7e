"""The reading pages in a real browser: the real document and every page around it, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from reviews.models import Spec, User
from reviews.web.pages import stored
from tests.corpora import CORPORA
from tests.factories import SOURCE, import_into, make_spec, make_thread, make_user

pytestmark = pytest.mark.django_db(transaction=True)
RELEASES = ["2025-04-11", "2025-09-12"]
PAGES = [
    "/model-spec/2025-09-12/",
    "/model-spec/draft/do_not_lie/",
    "/model-spec/draft/be_kind/",
    "/model-spec/compare/2025-04-11..2025-09-12/",
    "/model-spec/releases/",
    "/model-spec/releases/2025-09-12/",
    "/model-spec/activity/",
]


@pytest.fixture
def ana() -> User:
    return make_user("Ana Ruiz")


@pytest.fixture
def model_spec(ana: User) -> Spec:
    stored.memory.clear()
    spec = make_spec(slug="model-spec", title="Model Spec", source="", members={ana: ["editor"]})
    for label in RELEASES:
        import_into(spec, (CORPORA / "model_spec" / f"{label}.md").read_bytes(), label=label)
    make_thread(spec, by=ana, about="do_not_lie", body="Does this cover summaries?")
    return spec


def watched(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.mark.slow
def test_axe_finds_nothing(model_spec: Spec, live_site: str, open_page: Callable[..., Page]) -> None:
    found = {}
    for address in PAGES:
        page = open_page(color_scheme="dark" if "releases" in address else "light")
        complaints = watched(page)
        page.goto(live_site + address, wait_until="networkidle")
        violations = Axe().run(page).response["violations"]
        found[address] = [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in violations] + complaints
        page.close()
    assert found == {address: [] for address in PAGES}


def test_nothing_is_wider_than_a_phone(model_spec: Spec, live_site: str, open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    widths = {}
    for address in PAGES:
        page.goto(live_site + address)
        widths[address] = page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(PAGES, 360)


def test_counts_and_discussions_come_by_separate_requests(model_spec: Spec, live_site: str, page: Page) -> None:
    complaints = watched(page)
    page.goto(f"{live_site}/model-spec/draft/#do_not_lie", wait_until="networkidle")
    clause = page.locator("#do_not_lie")
    clause.get_by_text("Does this cover summaries?").wait_for()
    assert clause.locator(".clause-margin-open").inner_text().split() == ["1", "comment"]
    assert page.locator('[data-toc-anchor="do_not_lie"] .count').inner_text().startswith("1")
    assert complaints == []


def test_an_old_anchor_scrolls_to_where_its_clause_went(live_site: str, page: Page) -> None:
    stored.memory.clear()
    spec = make_spec(slug="conduct", source=SOURCE + "\nA line.\n" * 200, release="1.0")
    import_into(
        spec, (SOURCE + "\nA line.\n" * 200).replace("{#stay_calm", "{#calm").replace("](#stay", "](#"), label="2.0"
    )
    page.goto(f"{live_site}/conduct/current/#stay_calm", wait_until="networkidle")
    assert page.url == f"{live_site}/conduct/2.0/#stay_calm"
    assert 0 <= page.locator("#calm").bounding_box()["y"] < 200


def test_without_scripts_the_text_reads_and_comments_are_a_link_away(
    model_spec: Spec, live_site: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{live_site}/model-spec/draft/")
    page.locator("#do_not_lie .clause-margin-open").click()
    assert page.url.endswith("/model-spec/draft/do_not_lie/#~threads")
    assert page.get_by_text("Does this cover summaries?").is_visible()


NAMED_LIKE_THE_PAGE = ("main", "messages", "history", "threads", "proposals", "net-notice", "theme-switch", "keys-help")


def test_clauses_that_are_named_like_parts_of_the_page_are_found(live_site: str, page: Page) -> None:
    source = "".join(f"# {name.title()} {{#{name}}}\n\n{'Filler. ' * 400}\n\n" for name in NAMED_LIKE_THE_PAGE)
    make_spec(slug="named", source=source)

    for name in NAMED_LIKE_THE_PAGE[1:]:
        page.goto(f"{live_site}/named/draft/#{name}")
        top = page.evaluate("document.querySelector(':target').closest('[data-clause]').getBoundingClientRect().top")
        assert -200 < top < 300, name
    for path in ("/named/draft/", "/named/draft/history/"):
        page.goto(live_site + path)
        ids = page.eval_on_selector_all("[id]", "all => all.map((one) => one.id)")
        assert sorted({one for one in ids if ids.count(one) > 1}) == []
