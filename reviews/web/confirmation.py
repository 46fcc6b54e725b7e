"""Asking before something that can't be taken back: a page that says what follows, and the form again with one button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from reviews.access.specs import Standing
from reviews.web.pages.shell import page

CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Question:
    """What is asked: the title of the page, what follows from saying yes, the button's verb, the way back.

    `template` may add more to look at before answering, from `more`.
    """

    title: str
    consequences: Sequence[str]
    action: str
    cancel_url: str
    template: str = "reviews/confirmation.html"
    more: Mapping[str, object] | None = None


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person saw the question: on the page of `ask`, or on the button (static/js/confirm.js)."""
    return request.POST.get(CONFIRMED) == "1"


def ask(
    request: HttpRequest,
    standing: Standing | None,
    question: Question,
    *,
    sent: Sequence[tuple[str, str]] | None = None,
) -> HttpResponse:
    """The page of a question; its form sends again what was sent (or `sent`), and that it is confirmed."""
    again = [(name, value) for name, values in request.POST.lists() for value in values] if sent is None else sent
    kept = [(name, value) for name, value in again if name not in ("csrfmiddlewaretoken", CONFIRMED)]
    shown = {**(question.more or {}), "question": question, "again": kept, "address": request.get_full_path()}
    return page(request, question.template, shown, standing=standing)
