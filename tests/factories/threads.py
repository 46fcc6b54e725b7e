"""Threads and comments for tests."""

from __future__ import annotations

from uuid import uuid4

from reviews.actions import threads
from reviews.actions.threads import About, Said, Words
from reviews.models import Clause, ClauseVersion, Proposal, Spec, Thread, User
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_for
from reviews.queries.renderings import rendered
from reviews.rules.kinds import ThreadKind, Visibility
from tests.factories.people import NOW
from tests.factories.specs import version


def make_thread(
    spec: Spec,
    *,
    by: User,
    about: Clause | Proposal | str = "be_honest",
    quote: str = "",
    body: str = "Why so?",
    visibility: str = Visibility.PUBLIC,
    kind: str = ThreadKind.QUESTION,
) -> Thread:
    """A thread on a proposal, on a clause (or its anchor), or on words in it that stand there once."""
    said = Said(by=by, now=NOW, body=body, key=str(uuid4()))
    return threads.open_thread(spec, about=_about(spec, about, quote), said=said, visibility=visibility, kind=kind)


def _about(spec: Spec, about: Clause | Proposal | str, quote: str) -> About:
    if isinstance(about, Proposal):
        return About(proposal=about)
    current = version(spec, about) if isinstance(about, str) else about.versions.get(valid__upper_inf=True)
    return About(clause=current.clause, words=_words(spec, current, quote) if quote else None)


def _words(spec: Spec, current: ClauseVersion, quote: str) -> Words:
    images = image_addresses(spec, spec.head)
    text = rendered([current], resolver_for(spec, spec.head, [current], images=images))[current.pk].stable_text
    start = text.index(quote)
    return Words(version=current, start=start, end=start + len(quote), exact=quote)
