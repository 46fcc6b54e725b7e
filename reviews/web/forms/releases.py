"""Forms of releases: the label to begin with, the notes while it is assembled."""

from __future__ import annotations

from django import forms

from reviews.actions.releases import LONGEST_LABEL

LONGEST_NOTES = 100_000


class LabelForm(forms.Form):
    """A release to be assembled."""

    label = forms.CharField(
        max_length=LONGEST_LABEL,
        help_text="A date or a version, such as 2026-11-23 or 2.1.0. It becomes part of permanent addresses.",
    )


class NotesForm(forms.Form):
    """The notes as they are sent, whole: what was not sent is not there."""

    notes = forms.CharField(
        required=False, strip=False, max_length=LONGEST_NOTES, widget=forms.Textarea(attrs={"rows": 14})
    )
    base = forms.CharField(required=False, strip=False, max_length=LONGEST_NOTES, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    includes = forms.MultipleChoiceField(required=False)

    def clean_notes(self) -> str:
        return str(self.cleaned_data["notes"]).replace("\r\n", "\n")

    def clean_base(self) -> str:
        return str(self.cleaned_data["base"]).replace("\r\n", "\n")
