"""A site without a server: pages made of the real templates and static files, answered to a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route

from reviews.text import dialect, outline

ORIGIN = "http://made.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)
PAGE = """{% extends "base.html" %}{% load static %}
{% block title %}Made{% endblock %}{% block layout %}{{ layout }}{% endblock %}
{% block scripts %}{% for name in modules %}<script type="module" src="/static/js/{{ name }}.js"></script>
{% endfor %}{% endblock %}
{% block main %}<h1>Made page</h1>{{ main|safe }}{% endblock %}"""
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class MadeSite:
    """Answers addresses of ORIGIN from `pages`, and /static/ from the project; notes every complaint of the browser."""

    def __init__(self, page: Page, pages: dict[str, str]) -> None:
        self.page, self.pages = page, pages
        self.complaints: list[str] = []
        self.posted: list[tuple[str, str]] = []
        page.route(f"{ORIGIN}/**", self._answer)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)

    def open(self, path: str) -> Page:
        """Shows one of the pages, its scripts loaded."""
        self.page.goto(f"{ORIGIN}{path}", wait_until="networkidle")
        return self.page

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0].partition("#")[0]
        if route.request.method == "POST":
            self.posted.append((path, route.request.post_data or ""))
        file = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if file:
            suffix = Path(file).suffix
            return route.fulfill(body=Path(file).read_bytes(), content_type=KINDS[suffix])
        if path not in self.pages:
            return route.fulfill(status=404, body="")
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
        return route.fulfill(body=self.pages[path], headers=headers)


def part(name: str, **context: Any) -> str:
    """One component as HTML."""
    return render_to_string(f"components/{name}.html", context)


def in_base(main: str, *modules: str, layout: str = "layout-read") -> str:
    """A whole page around some HTML, with modules of static/js."""
    context = {"shell": SHELL, "main": main, "modules": modules, "layout": layout}
    return engines["django"].from_string(PAGE).render(context)


def until(page: Page, expression: str, *, seconds: float = 5) -> None:
    """Waits for an expression to become true; Playwright's own waiting needs eval, which the policy forbids."""
    for _ in range(int(seconds * 50)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never true: {expression}")


SHELL = {
    "spec_title": "Made Spec",
    "spec_url": "/",
    "version_label": "draft",
    "versions": [{"label": "draft", "url": "/", "current": True}, {"label": "2025-09-12", "url": "/2025-09-12/"}],
    "links": [{"label": "Releases", "url": "/releases/"}, {"label": "My work", "url": "/threads/", "count": 3}],
    "user_name": "Maya Lindqvist",
    "people_links": [{"label": "Profile", "url": "/me/"}],
    "sign_out_url": "/sign-out/",
}


def clauses_of(source: str) -> list[tuple[outline.Clause, dialect.Rendered]]:
    """The clauses of a document, rendered."""
    document = outline.parse(source)
    resolve = dialect.Resolver.of(document)
    return [(clause, dialect.render(clause.source, resolve)) for clause in document.clauses]


def section(number: int, clause: outline.Clause, rendered: dialect.Rendered, *, threads_url: str = "") -> str:
    """One clause as the reading page has it."""
    text = part(
        "clause_text",
        heading_html=rendered.heading_html,
        body_html=rendered.body_html,
        meta="components/clause_meta.html",
        anchor=clause.anchor,
        level_name=clause.authority,
        rank=1,
    )
    margin = part("clause_margin", id=f"c{number}", url="/clause/", title=clause.title, threads_url=threads_url)
    return f'<section class="clause" id="{clause.anchor}" data-clause="c{number}">{text}{margin}</section>'
