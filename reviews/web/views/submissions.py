"""Public feedback: sending it without an account, its receipt, and the moderators' desk."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviews.access.consultations import get_visible
from reviews.access.specs import Standing, check_signed_in
from reviews.actions import rate_limits
from reviews.actions import submissions as actions
from reviews.actions.secrets import hashed
from reviews.actions.submissions import Letter, NewPassage
from reviews.actions.threads import About, Words, quote_columns
from reviews.errors import Conflict, IllegalMove, Invalid, NotFound, Refusal, TooManyRequests
from reviews.models import Consultation, Submission
from reviews.queries import consultations as queries
from reviews.queries.threads import clause_here, version_at
from reviews.rules.rates import RateKind
from reviews.rules.roles import Verb
from reviews.rules.states import SubmissionState
from reviews.web.confirmation import Question, ask, is_confirmed
from reviews.web.forms.errors import sentences
from reviews.web.forms.feedback import OPENED, DecisionForm, LetterForm, PassageForms, completed
from reviews.web.networks import client_network
from reviews.web.pages.feedback import cards, consultation_row, receipt_page
from reviews.web.pages.shell import page
from reviews.web.pages.tabs import state_tabs
from reviews.web.requests import person_of, standing_of, status_of, whole_number
from reviews.web.responses import SeeOther, next_url

TABS = {
    SubmissionState.PENDING: "Waiting",
    SubmissionState.HELD: "Held",
    SubmissionState.ACCEPTED: "Published",
    SubmissionState.RESTRICTED: "Not published",
    SubmissionState.WITHDRAWN: "Withdrawn",
}
TOO_FAST = "This was sent very quickly. Wait a few seconds, then send it again."


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """The form, for anybody; what was sent is answered with its receipt."""
    standing = standing_of(request, slug)
    consultation = get_visible(standing, public_id)
    if request.method == "GET":
        letter = LetterForm(initial={"key": uuid4().hex, "opened": OPENED.sign("")})
        passages = PassageForms(initial=[_selected(request, standing)], prefix="passages")
        return _form(request, standing, consultation, letter, passages)
    letter, passages = LetterForm(completed(request.POST)), PassageForms(request.POST, prefix="passages")
    if not (letter.is_valid() and passages.is_valid()):
        return _form(request, standing, consultation, letter, passages, status=422)
    if "add" in request.POST:
        return _form(request, standing, consultation, letter, _one_more(passages))
    try:
        _check_pace(request, standing, letter)
        sent = Letter(
            passages=[_passage(standing, one.cleaned_data) for one in passages],
            **{name: letter.cleaned_data[name] for name in ("name", "organisation", "email")},
        )
        suspicious = bool(letter.cleaned_data["website"])
        key = letter.cleaned_data["key"]
        receipt = actions.receive(consultation, letter=sent, key=key, now=timezone.now(), is_suspicious=suspicious)
    except (Invalid, IllegalMove, Conflict, NotFound, TooManyRequests) as refusal:
        return _refused(request, standing, consultation, letter, passages, refusal)
    messages.success(request, "Thank you. Your feedback has arrived.")
    return SeeOther(reverse("receipt", args=[receipt.secret]))


@never_cache
@require_GET
def receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """What became of it, for whoever has the link."""
    found, standing = _by_secret(request, secret)
    link = request.build_absolute_uri(reverse("receipt", args=[secret]))
    shown = receipt_page(standing, found, secret=secret, link=link)
    return page(request, "reviews/submissions/receipt.html", shown)


@require_POST
def withdraw(request: HttpRequest, secret: str) -> HttpResponse:
    """Take it back, after asking."""
    found, standing = _by_secret(request, secret)
    back = reverse("receipt", args=[secret])
    if not is_confirmed(request):
        consequences = ["It is no longer published, and your name and address are removed. This can't be undone."]
        return ask(request, standing, Question("Withdraw your feedback?", consequences, "Withdraw", back))
    actions.withdraw(found, now=timezone.now())
    messages.success(request, "Your feedback is withdrawn.")
    return SeeOther(back)


@require_GET
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """The moderators' queue."""
    standing = standing_of(request, slug)
    standing.check(Verb.MODERATE)
    return _desk(request, standing, state=request.GET.get("state", ""))


@require_POST
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide on the submissions that are ticked; those that somebody else decided on meanwhile are named."""
    standing = standing_of(request, slug)
    standing.check(Verb.MODERATE)
    person, ids = check_signed_in(standing.person), request.POST.getlist("ids")
    form = DecisionForm(request.POST)
    form.fields["ids"].choices = [(one, one) for one in ids]
    state = request.POST.get("state", "")
    if not form.is_valid():
        wrong = [why for reasons in form.errors.values() for why in reasons]
        return _desk(request, standing, state=state, form=form, errors=wrong, status=422)
    given, refused = form.cleaned_data, []
    words = {name: given[name] for name in ("verb", "restriction", "reason")}
    for one in [queries.for_moderator(standing, public_id) for public_id in dict.fromkeys(ids)]:
        try:
            actions.decide(one, by=person, now=timezone.now(), **words)
        except IllegalMove as refusal:
            refused.append(f"{one.public_id}: {refusal.sentence}")
        except Invalid as refusal:
            return _desk(request, standing, state=state, form=form, errors=sentences(refusal), status=422)
    messages.success(request, f"{len(ids) - len(refused)} decided.")
    for sentence in refused:
        messages.warning(request, sentence)
    return SeeOther(f"{reverse('submission_desk', args=[slug])}?state={state if state in TABS else 'pending'}")


def _selected(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    """What the address says that the feedback is about: a clause, and perhaps words in it."""
    name = request.GET.get("clause", "")
    if not name:
        return {}
    clause = clause_here(standing, name)
    given = {number: whole_number(request.GET.get(number)) for number in ("version", "start", "end")}
    found: dict[str, Any] = {"clause": clause.public_id}
    if given["end"] > given["start"]:
        version = version_at(clause, given["version"] or None)
        try:
            words = Words(version, given["start"], given["end"], "")
            quote = quote_columns(standing.spec, About(clause=clause, words=words))["quote"]
        except Invalid:
            return found  # the words are not there: the feedback is about the clause
        found |= {"version": version.since, "start": given["start"], "end": given["end"], "quote": quote}
    return found


def _passage(standing: Standing, given: dict[str, Any]) -> NewPassage:
    if not given["clause"]:
        return NewPassage(given["body"])
    clause = clause_here(standing, given["clause"])
    if not given["quote"]:
        return NewPassage(given["body"], clause)
    version = version_at(clause, given["version"])
    return NewPassage(given["body"], clause, Words(version, given["start"] or 0, given["end"] or 0, given["quote"]))


def _check_pace(request: HttpRequest, standing: Standing, letter: LetterForm) -> None:
    """Raise Invalid for what was sent faster than anybody writes, TooManyRequests beyond the limits of a network or spec."""
    if not letter.was_written_by_hand():
        raise Invalid(TOO_FAST)
    now = timezone.now()
    network = rate_limits.subject_of_network(client_network(request), now=now)
    rate_limits.count(RateKind.SUBMISSION_BY_NETWORK, network, now=now)
    rate_limits.count(RateKind.SUBMISSION_TO_SPEC, str(standing.spec.pk), now=now)


def _one_more(passages: Any) -> Any:
    """Return the points that were sent and an empty one, for browsers without scripts."""
    rows = [one.cleaned_data for one in passages]
    return PassageForms(initial=[*rows, {}], prefix="passages")


def _refused(
    request: HttpRequest, standing: Standing, consultation: Consultation, letter: Any, passages: Any, refusal: Refusal
) -> HttpResponse:
    """The form again with everything that was written, and why it was not taken."""
    status, said = status_of(refusal), sentences(refusal)
    response = _form(request, standing, consultation, letter, passages, errors=said, status=status)
    if isinstance(refusal, TooManyRequests):
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _form(
    request: HttpRequest, standing: Standing, consultation: Consultation, letter: Any, passages: Any, **options: Any
) -> HttpResponse:
    shown = {
        "consultation": consultation_row(standing, consultation, now=timezone.now()),
        "letter": letter,
        "passages": passages,
        "errors": options.get("errors", []),
        "is_moderated": consultation.moderation == "before",
    }
    status, template = options.get("status", 200), "reviews/submissions/new.html"
    return page(request, template, shown, standing=standing, here="feedback", status=status)


def _by_secret(request: HttpRequest, secret: str) -> tuple[Submission, Standing]:
    """The submission of a secret, with what the person may see. Wrong secrets are counted, so that guessing costs."""
    try:
        return queries.by_receipt(hashed(secret), person_of(request))
    except NotFound:
        rate_limits.count(RateKind.RECEIPT_BY_NETWORK, client_network(request), now=timezone.now())
        raise


def _desk(request: HttpRequest, standing: Standing, *, state: str, **options: Any) -> HttpResponse:
    state = state if state in TABS else SubmissionState.PENDING.value
    after = request.GET.get("after", "")
    found = queries.desk(standing, state=state, after=after)
    shown = {
        "rows": cards(standing, found.rows),
        "tabs": state_tabs(TABS, queries.desk_counts(standing), current=state, narrowed={}),
        "state": state,
        "form": options.get("form") or DecisionForm(initial={"verb": "accept"}),
        "errors": options.get("errors", []),
        "decide_url": reverse("submission_decisions", args=[standing.spec.slug]),
        "next_url": next_url(found.after, state=state),
        "first_url": f"?state={state}" if after else "",
    }
    status, template = options.get("status", 200), "reviews/submissions/desk.html"
    return page(request, template, shown, standing=standing, here="feedback", status=status)
