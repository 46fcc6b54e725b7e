"""Putting a refusal into the form that was sent, so that what was typed stays."""

from __future__ import annotations

from django import forms

from reviews.errors import Refusal


def show(form: forms.BaseForm, refusal: Refusal) -> None:
    """Add the sentence to the form, and what is said of a field to that field; the same words are not said twice."""
    form.add_error(None, refusal.sentence)
    for name, why in getattr(refusal, "fields", {}).items():
        if name in form.fields and why != refusal.sentence:
            form.add_error(name, why)
