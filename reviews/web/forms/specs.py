"""Forms of specs: what they are called, who may read them, their authority levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from reviews.actions.specs import MOST_SUPPORTS, Level
from reviews.models import AuthorityLevel, Spec
from reviews.rules.kinds import Visibility

WHO = [
    (Visibility.PUBLIC, "Public: everybody can read the draft, its releases and what is said in public"),
    (Visibility.INTERNAL, "Internal: only members know that it exists"),
]
EMPTY_ROWS = 3


class SpecForm(forms.Form):
    """A new spec."""

    title = forms.CharField(max_length=200, help_text="As it stands on the title page.")
    slug = forms.CharField(
        label="Address", max_length=60, help_text="Lower-case words joined by hyphens, for example model-spec."
    )
    description = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    visibility = forms.ChoiceField(
        label="Who may read it", choices=WHO, widget=forms.RadioSelect, initial=Visibility.INTERNAL
    )


class SettingsForm(forms.Form):
    """What can be changed of a spec later; its address stays."""

    title = forms.CharField(max_length=200)
    description = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    visibility = forms.ChoiceField(label="Who may read it", choices=WHO, widget=forms.RadioSelect)
    default_supports = forms.IntegerField(
        label="Supports for a clause without authority level",
        min_value=1,
        max_value=MOST_SUPPORTS,
        help_text="How many approvers must support a change before it may be merged.",
    )


class LevelForm(forms.Form):
    """One row of the table of authority levels; empty rows are left out."""

    order = forms.IntegerField(required=False, min_value=1, max_value=999)
    name = forms.CharField(required=False, max_length=40)
    supports = forms.IntegerField(required=False, min_value=1, max_value=MOST_SUPPORTS)
    remove = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field, words in [("order", "Rank"), ("name", "Name"), ("supports", "Supports"), ("remove", "Remove")]:
            self.fields[field].widget.attrs["aria-label"] = f"{words}, row {self._row}"

    @property
    def _row(self) -> int:
        return int((self.prefix or "0").rsplit("-", 1)[-1]) + 1


LevelForms = forms.formset_factory(LevelForm, extra=EMPTY_ROWS, max_num=60, validate_max=True)


def settings_form(spec: Spec) -> SettingsForm:
    """The settings as they are."""
    names = ["title", "description", "visibility", "default_supports"]
    return SettingsForm(initial={name: getattr(spec, name) for name in names})


def level_forms(levels: Sequence[AuthorityLevel]) -> forms.BaseFormSet[LevelForm]:
    """The table of levels as it is, with empty rows below."""
    rows = [
        {"order": order, "name": level.name, "supports": level.required_supports}
        for order, level in enumerate(levels, start=1)
    ]
    return LevelForms(initial=rows, prefix="levels")


def written_levels(table: forms.BaseFormSet[LevelForm]) -> list[Level]:
    """The levels of a valid table in the order that its numbers say; rows without a number come last."""
    rows = [row.cleaned_data for row in table if row.cleaned_data.get("name") and not row.cleaned_data.get("remove")]
    rows.sort(key=lambda row: row.get("order") or 1000)
    return [Level(row["name"].strip(), row.get("supports") or 1) for row in rows]
