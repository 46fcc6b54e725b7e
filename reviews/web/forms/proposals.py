"""What is sent when a proposal begins, is described, judged or closed."""

from __future__ import annotations

from django import forms

from reviews.rules.kinds import Visibility

WHO = [
    (Visibility.PUBLIC, "Public: everybody can follow it from its submission on"),
    (Visibility.INTERNAL, "Internal: only members know of it; it is merged by the release that contains it"),
]
STATE_LABELS = {
    "open": "Open",
    "in_review": "In review",
    "draft": "Drafts",
    "merged": "Merged",
    "closed": "Withdrawn or rejected",
    "all": "All",
}


class NewForm(forms.Form):
    """A new proposal; `clause` is taken into it at once."""

    title = forms.CharField(max_length=200, help_text="What it does, in a few words: it will stand in lists and notes.")
    rationale = forms.CharField(
        label="Why", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"})
    )
    visibility = forms.ChoiceField(
        label="Who may know of it",
        choices=WHO,
        widget=forms.RadioSelect,
        initial=Visibility.PUBLIC,
        help_text="This cannot be changed later.",
    )
    clause = forms.CharField(required=False, widget=forms.HiddenInput)


class FilterForm(forms.Form):
    """What the list is narrowed to."""

    WHO = [("", "Public and internal"), *((one.value, one.value.capitalize()) for one in Visibility)]

    state = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Words in title or reasons", required=False, max_length=200)
    by = forms.ChoiceField(label="Written by", required=False)
    clause = forms.CharField(label="Clause (its anchor)", required=False, max_length=200)
    visibility = forms.ChoiceField(label="Who may know of it", choices=WHO, required=False)


class ReasonForm(forms.Form):
    """Why a proposal is closed, or what is new."""

    reason = forms.CharField(required=False, max_length=20_000)


class PositionForm(forms.Form):
    """What somebody says of a patch set."""

    kind = forms.CharField(required=False)
    reason = forms.CharField(required=False, max_length=20_000)
    patch_set = forms.IntegerField(min_value=1, max_value=30_000)


class OverrideForm(forms.Form):
    """Why a concern is overridden, and which patch set was read."""

    reason = forms.CharField(required=False)
    patch_set = forms.IntegerField(required=False, min_value=1, max_value=30_000)
