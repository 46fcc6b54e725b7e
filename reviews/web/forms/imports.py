"""What is sent when a document is uploaded and when its import is decided."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from reviews.queries.incoming import Step
from reviews.rules.kinds import LineageKind, Visibility
from reviews.web.forms.proposals import WHO

KINDS = [
    (LineageKind.RENAMED, "renamed to"),
    (LineageKind.JOINED, "joined into"),
    (LineageKind.SPLIT, "split into"),
    (LineageKind.GONE, "gone"),
]
PROPOSAL, DIRECTLY = "proposal", "directly"
HOW = [
    (PROPOSAL, "As a proposal, to be reviewed and approved like any other"),
    (DIRECTLY, "Directly, without review: an override that is printed with the release"),
]


class SeveralFiles(forms.FileField):
    """Any number of files."""

    class Input(forms.ClearableFileInput):
        allow_multiple_selected = True

    widget = Input

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(SeveralFiles, self).clean(file) for file in data or []]


class UploadForm(forms.Form):
    """A document, and the images that stand in it."""

    file = forms.FileField(
        label="Markdown file",
        allow_empty_file=True,
        help_text="UTF-8, at most 20 MB. Nothing changes yet: the next page shows what it would do.",
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,.txt,text/markdown,text/plain"}),
    )
    images = SeveralFiles(
        required=False,
        help_text="PNG, JPEG, GIF or WebP files that the text names; each is found by its file name.",
        widget=SeveralFiles.Input(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )


class StepForm(forms.Form):
    """What became of one anchor."""

    source = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="What happened to it", choices=KINDS)
    targets = forms.CharField(
        label="Clauses, by their anchors",
        required=False,
        widget=forms.TextInput(attrs={"list": "anchors", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def step(self) -> Step:
        """The step that was sent."""
        data = self.cleaned_data
        kind = LineageKind(data["kind"])
        targets = () if kind == LineageKind.GONE else tuple(re.split(r"[\s,]+", data["targets"].strip()))
        return Step(data["source"], kind, tuple(word for word in targets if word))


MOST_STEPS = 300
StepForms = forms.formset_factory(StepForm, extra=0, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


def step_forms(steps: Iterable[Step]) -> Any:
    """The table of steps as they are known or suggested; beyond MOST_STEPS the suggestions are taken."""
    initial = [{"source": step.source, "kind": step.kind, "targets": " ".join(step.targets)} for step in steps]
    initial = initial[:MOST_STEPS]
    return StepForms(initial=initial, prefix="lineage")


class DecisionForm(forms.Form):
    """What is to be made of the document, where there is a choice."""

    how = forms.ChoiceField(label="How", choices=HOW, initial=PROPOSAL, widget=forms.RadioSelect)
    title = forms.CharField(label="Title of the proposal", required=False, max_length=200)
    visibility = forms.ChoiceField(
        label="Who may know of it", choices=WHO, initial=Visibility.PUBLIC, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Why it is imported directly", required=False, max_length=250, help_text="Printed with the release."
    )

    def __init__(self, *args: Any, has_text: bool, override: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        hidden = [] if has_text else ["how", "title", "visibility"]
        hidden += [] if override else ["how", "reason"]
        for name in set(hidden):
            del self.fields[name]
