"""What is sent when a consultation is prepared, when somebody sends feedback, and when it is moderated."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core import signing
from django.http import QueryDict

from reviews.actions.consultations import Call
from reviews.actions.submissions import KEY, LONGEST_PASSAGE, MOST_PASSAGES
from reviews.models import Consultation
from reviews.rules.kinds import Moderation, RestrictionReason

MODERATION = [
    (Moderation.BEFORE, "A moderator reads each submission before it is published"),
    (Moderation.AFTER, "Submissions are published at once and moderated afterwards"),
]
RESTRICTIONS = [
    ("", "Choose one"),
    *((one.value, one.value.replace("_", " ").capitalize()) for one in RestrictionReason),
]
DECISIONS = [("accept", "Publish"), ("hold", "Hold for later"), ("restrict", "Don’t publish")]
# Nobody reads the page and writes a sentence in less; a script that posts at once has to wait as well.
SHORTEST_SECONDS = 4
OPENED = signing.TimestampSigner(salt="reviews.feedback")


class CallForm(forms.Form):
    """A consultation; times are those of its time zone."""

    title = forms.CharField(max_length=200)
    question = forms.CharField(
        label="What you ask, and why", max_length=20_000, widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"})
    )
    next_steps = forms.CharField(
        label="What happens next",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="Who reads the submissions, and when people can expect an answer.",
    )
    moderation = forms.ChoiceField(
        label="Publication", choices=MODERATION, widget=forms.RadioSelect, initial=Moderation.BEFORE
    )
    opens_at = forms.DateTimeField(
        label="Opens",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    closes_at = forms.DateTimeField(
        label="Closes",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    time_zone = forms.CharField(max_length=60, initial="UTC", help_text="For example Europe/Berlin.")
    is_permanent = forms.BooleanField(
        label="Keep it open without an end, for everything that readers want to say", required=False
    )

    def call(self) -> Call:
        """Return what was sent, its times in the time zone that was sent."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "is_permanent"}
        zone = given["time_zone"]
        return Call(**{**given, "opens_at": _in(zone, given["opens_at"]), "closes_at": _in(zone, given["closes_at"])})


def call_form(consultation: Consultation, data: Any = None) -> CallForm:
    """Return the form of a consultation as it is stored, or as it was sent."""
    names = ("title", "question", "next_steps", "moderation", "time_zone")
    initial: dict[str, Any] = {name: getattr(consultation, name) for name in names}
    for name in ("opens_at", "closes_at"):
        moment = getattr(consultation, name)
        initial[name] = moment.astimezone(ZoneInfo(consultation.time_zone)).replace(tzinfo=None) if moment else None
    form = CallForm(data, initial=initial)
    del form.fields["is_permanent"]
    if consultation.is_permanent:
        del form.fields["closes_at"]
    return form


def _in(zone: str, moment: datetime | None) -> datetime | None:
    """The wall clock of a time zone. An unknown zone is refused by the action, with the rest."""
    if moment is None:
        return None
    try:
        return moment.replace(tzinfo=ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        return moment


class PassageForm(forms.Form):
    """One point of a submission; the hidden fields name the clause and the words that it is about."""

    clause = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, strip=False, max_length=20_000, widget=forms.HiddenInput)
    body = forms.CharField(
        label="What do you want to say?",
        required=False,
        strip=False,
        max_length=LONGEST_PASSAGE,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )


PassageForms = forms.formset_factory(PassageForm, extra=0, max_num=MOST_PASSAGES, absolute_max=MOST_PASSAGES)


class LetterForm(forms.Form):
    """Who sends feedback. `website` is seen by nobody: only a program fills it in."""

    name = forms.CharField(label="Your name", required=False, max_length=150, help_text="Published with your feedback.")
    organisation = forms.CharField(required=False, max_length=150, help_text="Published with your feedback.")
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=254,
        help_text="Never published. Your receipt is sent to it, and nothing else.",
    )
    website = forms.CharField(required=False, max_length=1000)
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def was_written_by_hand(self) -> bool:
        """Return whether the form was open for as long as writing takes; a signed moment says when it was opened."""
        try:
            OPENED.unsign(self.cleaned_data["opened"], max_age=SHORTEST_SECONDS)
        except signing.SignatureExpired:
            return True
        except signing.BadSignature:
            return False
        return False


def completed(sent: QueryDict) -> QueryDict:
    """Return what was sent, with a key and a moment of opening where they are missing, so that it can be sent again."""
    data = sent.copy()
    if not KEY.fullmatch(data.get("key", "")):
        data["key"] = uuid4().hex
    try:
        OPENED.unsign(data.get("opened", ""))
    except signing.BadSignature:
        data["opened"] = OPENED.sign("")
    return data


class DecisionForm(forms.Form):
    """What is decided on the submissions that are ticked."""

    ids = forms.MultipleChoiceField(
        required=True, error_messages={"required": "Tick the submissions that you decide on."}
    )
    verb = forms.ChoiceField(label="Decision", choices=DECISIONS)
    restriction = forms.ChoiceField(label="Why not", choices=RESTRICTIONS, required=False)
    reason = forms.CharField(label="Reason, which the sender reads", required=False, max_length=20_000)
