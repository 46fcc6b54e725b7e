"""Offsets in the browser and offsets in Python are the same, on a whole real document."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.corpora import CORPORA
from tests.web.made_site import MadeSite, clauses_of, in_base, section

STABLE_TEXTS = """async () => {
  const { stableText } = await import("/static/js/offsets.js");
  return [...document.querySelectorAll("[data-text]")].map(stableText);
}"""
ROUND_TRIPS = """async (seed) => {
  const { stableText, toOffsets, toRange } = await import("/static/js/offsets.js");
  let state = seed;
  const random = (limit) => (state = (state * 48271) % 2147483647) % limit;
  const wrong = [];
  for (const root of document.querySelectorAll("[data-text]")) {
    const points = [...stableText(root)];
    for (let round = 0; round < 25; round += 1) {
      const start = random(points.length);
      const end = Math.min(points.length, start + 1 + random(80));
      const words = points.slice(start, end).join("").trim();
      const found = toOffsets(root, toRange(root, start, end));
      const again = found ? points.slice(found.start, found.end).join("") : "";
      if ((found?.text ?? "") !== words || again !== words) wrong.push([start, end, words]);
    }
  }
  return wrong;
}"""
ODD = """# Odd — 🦊 title {#odd}

A 🦊 fox, and a second 👩‍🚀 one; see [?](#other) and [?](#missing).

```
code

with lines
```

| a | b |
|---|---|
| 1 | [?](#other) |

## Other 𝄞 {#other}

Text.
"""


def document_page(source: str) -> tuple[list[str], str]:
    clauses = clauses_of(source)
    texts = [rendered.stable_text for _, rendered in clauses]
    return texts, in_base("".join(section(number, *one) for number, one in enumerate(clauses)))


def test_the_browser_reads_the_same_stable_text(page: Page):
    texts, html = document_page((CORPORA / "model_spec" / "2025-12-18.md").read_text())
    shown = MadeSite(page, {"/": html}).open("/")
    assert shown.evaluate(STABLE_TEXTS) == texts


def test_ranges_and_offsets_are_inverse(page: Page):
    _, html = document_page((CORPORA / "model_spec" / "2025-12-18.md").read_text())
    shown = MadeSite(page, {"/": html}).open("/")
    assert shown.evaluate(ROUND_TRIPS, 20251218) == []


def test_astral_letters_titles_and_code_count_alike(page: Page):
    texts, html = document_page(ODD)
    shown = MadeSite(page, {"/": html}).open("/")
    assert shown.evaluate(STABLE_TEXTS) == texts
    assert shown.evaluate(ROUND_TRIPS, 7) == []
