"""Putting a refusal into the form that was sent, so that what was typed stays and what is wrong is in view."""

from __future__ import annotations

from django import forms

from reviews.errors import Refusal


def sentences(refusal: Refusal) -> list[str]:
    """Return what a refusal says, with what it says of its fields."""
    return [refusal.sentence, *getattr(refusal, "fields", {}).values()]


def show(form: forms.BaseForm, refusal: Refusal) -> None:
    """Add the sentence to the form, and what is said of a field to that field; the same words are not said twice."""
    form.add_error(None, refusal.sentence)
    for name, why in getattr(refusal, "fields", {}).items():
        if name in form.fields and why != refusal.sentence:
            form.add_error(name, why)


def focus_first(form: forms.BaseForm | forms.BaseFormSet) -> bool:
    """Let the page open at the first field that is wrong; whether there is one. Errors of a whole form are in view anyway."""
    if isinstance(form, forms.BaseFormSet):
        return any(focus_first(row) for row in form.forms)
    if not form.is_bound or form.non_field_errors():
        return False
    name = next((name for name in form.fields if name in form.errors), None)
    if name is not None:
        form.fields[name].widget.attrs["autofocus"] = True
    return name is not None
