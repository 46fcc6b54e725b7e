"""What is sent when a thread is started, gets a reply, or changes its status."""

from __future__ import annotations

from django import forms

from reviews.rules.kinds import ThreadKind, Visibility


class OpenForm(forms.Form):
    """A comment on a clause, on words in it, or on a proposal; `version` is the revision that the words were read at."""

    body = forms.CharField(strip=False, required=False)
    visibility = forms.CharField(required=False)
    kind = forms.CharField(required=False, empty_value=ThreadKind.QUESTION)
    version = forms.IntegerField(required=False, min_value=1, max_value=2_000_000_000)
    start = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000)
    end = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000)
    quote = forms.CharField(required=False, strip=False)
    key = forms.CharField(required=False, max_length=64)


class ReplyForm(forms.Form):
    """One more comment."""

    body = forms.CharField(strip=False, required=False)
    key = forms.CharField(required=False, max_length=64)


class MoveForm(forms.Form):
    """A change of status."""

    move = forms.ChoiceField(choices=[(verb, verb) for verb in ("address", "resolve", "decline", "reopen")])
    reason = forms.CharField(required=False)
    proposal = forms.CharField(required=False)


class CommentForm(forms.Form):
    """The new text of a comment."""

    body = forms.CharField(strip=False, required=False)


class FilterForm(forms.Form):
    """What the list is narrowed to."""

    KIND = [("", "Any kind"), *((kind.value, kind.value.capitalize()) for kind in ThreadKind)]
    WHO = [("", "Public and internal"), *((one.value, one.value.capitalize()) for one in Visibility)]

    state = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Words", required=False, max_length=200)
    kind = forms.ChoiceField(choices=KIND, required=False)
    visibility = forms.ChoiceField(label="Who sees it", choices=WHO, required=False)
    clause = forms.CharField(label="Clause (its anchor)", required=False, max_length=200)
