"""Playing a story: people, editions, proposals and threads come to be through the same actions as anybody's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from django.db import transaction

from reviews.actions import changes, imports, merging, people, positions, proposals, specs, threads
from reviews.actions.changes import Saver
from reviews.actions.demo_feedback import feedback_steps
from reviews.actions.imports import Upload
from reviews.actions.releases import Edition
from reviews.actions.threads import About, Said, Words
from reviews.jobs import without_mail
from reviews.models import ClauseVersion, Proposal, Spec, Thread, User
from reviews.queries.approval import newest_patch_set
from reviews.queries.incoming import steps_of
from reviews.rules.roles import Role
from reviews.rules.states import ProposalState

MOVES = {"addressed": "address", "resolved": "resolve", "declined": "decline"}
Step = tuple[datetime, Callable[[], object]]


@dataclass
class Cast:
    """What has come to be so far, by the keys of the story."""

    spec: Spec
    people: dict[str, User]
    proposals: dict[str, Proposal] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)

    def version(self, anchor: str) -> ClauseVersion:
        """The clause version at the head that has this anchor."""
        return ClauseVersion.objects.select_related("clause").get(spec=self.spec, anchor=anchor, valid__upper_inf=True)


@transaction.atomic
def play(story: Mapping[str, Any], files: Mapping[str, bytes]) -> Spec:
    """Write down the whole story, moment by moment; `files` has the editions and the evaluation files by their path.

    Nobody is sent mail about it.
    """
    with without_mail():
        cast = _cast(story)
        evaluations = _evaluations(story, files)
        for edition in story["editions"]:
            newest = edition is story["editions"][-1]
            _publish(cast, edition, files[edition["file"]], evaluations if newest else None)
        steps = [*_proposal_steps(cast, story), *_thread_steps(cast, story), *feedback_steps(cast, story)]
        for _, act in sorted(steps, key=lambda step: step[0]):
            act()
    return cast.spec


def _cast(story: Mapping[str, Any]) -> Cast:
    """The people, the spec and its members; the owner invites the others."""
    now = _noon(story["editions"][0]["date"])
    cast = {row["key"]: people.create_person(email=row["email"], name=row["name"]) for row in story["people"]}
    roles = {row["key"]: row["role"].replace(" ", "_") for row in story["people"]}
    owner = cast[next(key for key, role in roles.items() if role == Role.OWNER)]
    told = story["spec"]
    spec = specs.create(
        slug=told["slug"],
        title=told["title"],
        description=told["summary"],
        visibility=told["visibility"],
        by=owner,
        now=now,
    )
    known = {level.name: level.required_supports for level in spec.authority_levels.all()}
    levels = [specs.Level(name, known.get(name, 1)) for name in told["authority_levels"]]
    specs.set_levels(spec, levels=levels, by=owner, now=now)
    for key, person in cast.items():
        if person is not owner:
            _, secret = people.invite(spec, email=person.email, roles=[roles[key]], by=owner, now=now)
            people.accept_invitation(secret, by=person, now=now)
    people.change_roles(spec, user=owner, roles=[Role.OWNER], by=owner, now=now)
    return Cast(spec, cast)


def _evaluations(story: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, bytes]:
    folder = story["evaluations"]["folder"] + "/"
    return {name.removeprefix(folder).removesuffix(".md"): text for name, text in files.items() if folder in name}


def _publish(cast: Cast, told: Mapping[str, Any], text: bytes, evaluations: Mapping[str, bytes] | None) -> None:
    upload = Upload(
        source=text, name=told["file"], evaluations=evaluations, lineage=steps_of(told["lineage"]), accept=True
    )
    edition = Edition(told["label"], date.fromisoformat(told["date"]), notes=told["notes"])
    imports.import_document(cast.spec, upload, by=None, now=_noon(told["date"]), edition=edition)
    cast.spec.refresh_from_db()


def _proposal_steps(cast: Cast, story: Mapping[str, Any]) -> Iterator[Step]:
    for told in story["proposals"]:
        yield _at(told["created_at"]), partial(_begin, cast, told)
        if told["submitted_at"]:
            moment = _at(told["submitted_at"])
            yield moment, partial(_submit, cast, told["key"], cast.people[told["author"]], moment)
        for position in told["positions"]:
            yield _at(position["at"]), partial(_take, cast, told["key"], position)
        if ending := told.get("ending"):
            yield _at(ending["at"]), partial(_close, cast, told["key"], ending)


def _begin(cast: Cast, told: Mapping[str, Any]) -> None:
    by, now = cast.people[told["author"]], _at(told["created_at"])
    rationale = f"{told['summary']}\n\n{told['rationale']}"
    proposal = proposals.create(
        cast.spec, title=told["title"], rationale=rationale, visibility=told["visibility"], by=by, now=now
    )
    for change in told["changes"]:
        CHANGES[change["kind"]](cast, proposal, change, Saver(by, now))
    cast.proposals[told["key"]] = proposal


def _edit(cast: Cast, proposal: Proposal, told: Mapping[str, Any], saver: Saver) -> None:
    change = changes.open_clause(proposal, cast.version(told["clause"]).clause, saver=saver)
    source = change.source.replace(told["old"], told["new"], 1)
    changes.save(change, source=source, expected_version=change.version, saver=saver)


def _add(cast: Cast, proposal: Proposal, told: Mapping[str, Any], saver: Saver) -> None:
    changes.add_clause(proposal, source=told["source"], after=cast.version(told["after"]).clause, saver=saver)


def _move(cast: Cast, proposal: Proposal, told: Mapping[str, Any], saver: Saver) -> None:
    clause, after = cast.version(told["clause"]).clause, cast.version(told["after"]).clause
    changes.move_clause(proposal, clause, after=after, saver=saver)


def _set_authority(cast: Cast, proposal: Proposal, told: Mapping[str, Any], saver: Saver) -> None:
    changes.set_authority(proposal, cast.version(told["clause"]).clause, authority=told["to"], saver=saver)


CHANGES = {"edit": _edit, "add": _add, "move": _move, "change_authority": _set_authority}


def _submit(cast: Cast, key: str, by: User, now: datetime) -> None:
    proposals.submit(cast.proposals[key], by=by, now=now)
    cast.proposals[key].refresh_from_db()


def _take(cast: Cast, key: str, told: Mapping[str, Any]) -> None:
    proposal = cast.proposals[key]
    newest = newest_patch_set(proposal)
    positions.take(
        proposal,
        kind=told["position"].replace(" ", "_"),
        patch_set=newest.number if newest else 0,
        reason=told["reason"],
        by=cast.people[told["person"]],
        now=_at(told["at"]),
    )


def _close(cast: Cast, key: str, told: Mapping[str, Any]) -> None:
    proposal, by, now = cast.proposals[key], cast.people[told["by"]], _at(told["at"])
    if told["state"] == ProposalState.MERGED:
        merging.merge(proposal, by=by, now=now)
    else:
        close = {ProposalState.REJECTED: proposals.reject, ProposalState.WITHDRAWN: proposals.withdraw}[told["state"]]
        close(proposal, reason=told["reason"], by=by, now=now)


def _thread_steps(cast: Cast, story: Mapping[str, Any]) -> Iterator[Step]:
    for told in story["threads"]:
        first, *others = [
            Said(cast.people[row["author"]], _at(row["at"]), row["body"], f"{told['key']}-{n}")
            for n, row in enumerate(told["comments"])
        ]
        yield first.now, partial(_open, cast, told, first)
        for said in others:
            yield said.now, partial(_reply, cast, told["key"], said)
        if told["outcome"]:
            yield _at(told["outcome"]["at"]), partial(_end, cast, told["key"], told["outcome"])


def _open(cast: Cast, told: Mapping[str, Any], said: Said) -> None:
    version = cast.version(told["clause"]) if told["clause"] else None
    about = About(
        clause=version.clause if version else None,
        proposal=cast.proposals[told["proposal"]] if told["proposal"] else None,
        words=Words(version, 0, 0, told["quote"]) if version and told["quote"] else None,
    )
    cast.threads[told["key"]] = threads.open_thread(
        cast.spec, about=about, said=said, visibility=told["visibility"], kind=told["kind"]
    )


def _reply(cast: Cast, key: str, said: Said) -> None:
    threads.reply(cast.threads[key], said=said)


def _end(cast: Cast, key: str, told: Mapping[str, Any]) -> None:
    threads.move(
        cast.threads[key],
        verb=MOVES[told["state"]],
        reason=told["reason"],
        proposal=cast.proposals[told["proposal"]] if told["proposal"] else None,
        by=cast.people[told["by"]],
        now=_at(told["at"]),
    )


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def _noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), tzinfo=UTC)
