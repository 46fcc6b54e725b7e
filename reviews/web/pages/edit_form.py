"""The form in which a proposal is written: saving all that it brought, and what comes back when some of it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.http.request import QueryDict

from reviews.access.specs import Standing
from reviews.actions import changes as actions
from reviews.actions import proposals
from reviews.actions.changes import Saver
from reviews.errors import Conflict, IllegalMove, Invalid, NotFound
from reviews.models import Change, Clause, ClauseVersion, Proposal
from reviews.queries import proposals as queries
from reviews.queries.approval import changes_of, open_patch_set
from reviews.web.forms.errors import sentences
from reviews.web.requests import whole_number

BEGINNING = "^"
EXPECTED = (Invalid, Conflict, IllegalMove, NotFound)
# A button that ends a clause's part in the proposal makes its other fields pointless.
ENDING_VERBS = frozenset({"drop", "delete", "redelete", "restore"})


@dataclass(frozen=True)
class Trouble:
    """What could not be saved of one clause: the text that was sent, why, and the change as somebody else stored it."""

    sent: str
    sentences: Sequence[str] = ()
    fresh: Change | None = None


@dataclass(frozen=True)
class Tools:
    """The authority and the place that were chosen for one clause and could not be applied, and why."""

    authority: str | None = None
    after: str = ""
    errors: Sequence[str] = ()


NO_TOOLS = Tools()


@dataclass
class Sent:
    """What the form brought and was not saved, so that nothing typed is lost; and which changes it made."""

    troubles: dict[str, Trouble] = field(default_factory=dict)
    tools: dict[str, Tools] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    details: dict[str, str] | None = None
    new: dict[str, str] = field(default_factory=dict)
    new_errors: list[str] = field(default_factory=list)
    open_errors: list[str] = field(default_factory=list)
    added: str = ""
    opened: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether everything that was sent is saved."""
        refused = self.troubles or self.details or self.new_errors or self.open_errors
        return not refused and not any(one.errors for one in self.tools.values())

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else was first to change one of the texts."""
        return self.details is not None or any(one.fresh for one in self.troubles.values())


def keep_form(standing: Standing, proposal: Proposal, given: QueryDict, saver: Saver) -> Sent:
    """Save every field of the form that was touched, whichever button sent it; return what could not be saved, and why."""
    sent = Sent()
    patch_set = open_patch_set(proposal)
    changes = changes_of(patch_set) if patch_set else []
    current = queries.current_versions(changes)
    verb, _, name = given.get("do", "save").partition(":")
    _keep_details(proposal, given, saver, sent)
    for change in changes:
        _keep_text(change, current, given, saver, sent)
        if not (verb in ENDING_VERBS and name == change.public_id):
            _keep_tools(standing, proposal, change, given, saver, sent)
    _keep_new_clause(standing, proposal, given, saver, sent)
    _keep_opened(standing, proposal, given, saver, sent)
    return sent


def fingerprint(text: str) -> str:
    """Return a short name for a text, by which a field that nobody touched is known."""
    plain = text.replace("\r\n", "\n").rstrip("\n")
    return sha256(plain.encode(errors="replace")).hexdigest()[:20]


def is_stale(change: Change, current: Mapping[int, ClauseVersion]) -> bool:
    """Whether the clause has another version now, or none, than the one that the change was written against."""
    if change.base_version_id is None or change.clause_id is None:
        return False
    found = current.get(change.clause_id)
    return found is None or found.pk != change.base_version_id


def _keep_details(proposal: Proposal, given: QueryDict, saver: Saver, sent: Sent) -> None:
    title, rationale = given.get("title", proposal.title), given.get("rationale", proposal.rationale)
    rationale = rationale.replace("\r\n", "\n")
    if (title, rationale) == (proposal.title, proposal.rationale.replace("\r\n", "\n")):
        return
    version = whole_number(given.get("details_version"))
    try:
        proposals.describe(
            proposal, title=title, rationale=rationale, expected_version=version, by=saver.by, now=saver.now
        )
    except EXPECTED as refusal:
        sent.details = {"title": title, "rationale": rationale}
        sent.errors += sentences(refusal)


def _keep_text(
    change: Change, current: Mapping[int, ClauseVersion], given: QueryDict, saver: Saver, sent: Sent
) -> None:
    text = given.get(f"source-{change.public_id}")
    if text is None:
        return
    untouched = fingerprint(text) == given.get(f"was-{change.public_id}")
    if untouched and given.get("do") != f"keep:{change.public_id}":
        return
    found = current.get(change.clause_id or 0)
    onto = found if is_stale(change, current) and given.get(f"onto-{change.public_id}") else None
    if onto is not None and onto.since != whole_number(given.get(f"onto-{change.public_id}")):
        sent.troubles[change.public_id] = Trouble(text, ["The draft changed again. Look at the newest text."])
        return
    try:
        version = whole_number(given.get(f"version-{change.public_id}"))
        actions.save(change, source=text, expected_version=version, saver=saver, onto=onto)
    except EXPECTED as refusal:
        fresh = refusal.fresh if isinstance(refusal, Conflict) else None
        sent.troubles[change.public_id] = Trouble(text, sentences(refusal), fresh)


def _keep_tools(
    standing: Standing, proposal: Proposal, change: Change, given: QueryDict, saver: Saver, sent: Sent
) -> None:
    """Apply the authority and the place that were chosen, also when another button than their own was pressed."""
    own = change.public_id
    authority, after = given.get(f"authority-{own}"), given.get(f"after-{own}", "").strip()
    pressed = given.get("do", "")
    was_chosen = authority != given.get(f"authority-was-{own}", authority) or pressed == f"authority:{own}"
    chosen = authority if was_chosen else None
    moves = bool(after) or pressed == f"place:{own}"
    if change.clause is None or (chosen is None and not moves):
        return
    if change.public_id in sent.troubles:  # its text comes back: the choice waits beside it
        sent.tools[change.public_id] = Tools(chosen, after)
        return
    try:
        if chosen is not None:
            actions.set_authority(proposal, change.clause, authority=chosen, saver=saver)
            chosen = None
        if moves:
            actions.move_clause(proposal, change.clause, after=_place(standing, after), saver=saver)
    except EXPECTED as refusal:
        sent.tools[change.public_id] = Tools(chosen, after, sentences(refusal))


def _keep_new_clause(standing: Standing, proposal: Proposal, given: QueryDict, saver: Saver, sent: Sent) -> None:
    source, after = given.get("new_source", ""), given.get("new_after", "").strip()
    if not source.strip() and not after and given.get("do") != "add":
        return
    try:
        if not source.strip():
            raise Invalid("Write the text of the new clause, or empty the field “After”.")
        place = _place(standing, after)
        sent.added = actions.add_clause(proposal, source=source, after=place, saver=saver).public_id
    except EXPECTED as refusal:
        sent.new |= {"new_source": source, "new_after": after}
        sent.new_errors += sentences(refusal)


def _keep_opened(standing: Standing, proposal: Proposal, given: QueryDict, saver: Saver, sent: Sent) -> None:
    name = given.get("open_clause", "").strip()
    if not name and given.get("do") != "open":
        return
    try:
        sent.opened = actions.open_clause(proposal, _named(standing, name), saver=saver).public_id
    except EXPECTED as refusal:
        sent.new["open_clause"] = name
        sent.open_errors += sentences(refusal)


def _named(standing: Standing, name: str) -> Clause:
    if not name:
        raise Invalid("Name the clause: begin to type its title or anchor and choose it from the list.")
    return queries.clause_named(standing.spec, name)


def _place(standing: Standing, name: str) -> Clause | None:
    if not name:
        raise Invalid(f"Name the clause that it comes after; {BEGINNING} stands for the beginning.")
    return None if name == BEGINNING else _named(standing, name)
