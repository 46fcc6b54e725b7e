"""Answers that several views give."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """After a POST: look there, with GET."""

    status_code = 303


def status_for(form: forms.BaseForm) -> int:
    """422 for a form that was sent and refused, else 200."""
    return 422 if form.is_bound and form.errors else 200


def next_url(after: str | None, **filters: str) -> str:
    """The address of the next page of a list, relative to it; empty at the end."""
    given = {name: value for name, value in filters.items() if value}
    return "" if after is None else "?" + urlencode({**given, "after": after})
