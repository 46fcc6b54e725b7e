"""No byte that an outsider can obtain depends on internal data: every address before and after there is any."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from django.core.cache import cache
from django.test import Client

from reviews.actions import comments as comment_actions
from reviews.actions import consultations, merging, people, proposals, releases, submissions, uploads
from reviews.actions import threads as thread_actions
from reviews.actions.submissions import Letter, NewPassage
from reviews.models import (
    Consultation,
    Event,
    PatchSet,
    Position,
    Proposal,
    Rendering,
    Revision,
    Spec,
    StoredPage,
    User,
)
from reviews.queries import notices
from reviews.rules.kinds import Visibility
from reviews.tasks.releases import write_files
from reviews.web.pages import stored
from tests.factories import (
    NOW,
    clause,
    make_proposal,
    make_spec,
    make_thread,
    make_user,
    take_position,
)
from tests.house.addresses import every_route, written

SECRET = "zyxwv"  # stands in every internal word, name and label
QUERIES = (
    f"?state=all&q={SECRET}",
    "?state=all",
    "?state=all&visibility=internal&clause=stay_calm",
    "?state=all&clause=be_honest",
    "?of=draft&patch=2",
)
CHANGING = re.compile(
    rb'name="(?:csrfmiddlewaretoken|opened)" value="[^"]*"|name="key" value="[0-9a-f]{32}"|"X-CSRFToken": ?"[^"]*"'
)
SHOWN_HEADERS = ("Location", "ETag", "Content-Type", "Cache-Control", "Vary", "Content-Disposition", "Allow")
STRANGERS = ("nobody", "stranger")


@dataclass
class World:
    """A spec with public things in it; the names of its things are those of tests/house/addresses.py."""

    spec: Spec
    people: dict[str, User]
    things: dict[str, str] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        client = Client()
        if who != "nobody":
            client.force_login(self.people[who])
        return client


@pytest.fixture
def world(db: None) -> World:
    roles = {"owner": "owner", "editor": "editor", "approver": "approver", "publisher": "release_manager"}
    roles["member"] = "member"
    found = {name: make_user(name.title()) for name in [*roles, "stranger"]}
    spec = make_spec(slug="aster", members={found[name]: [role] for name, role in roles.items()}, release="1.0")
    made = World(spec, found)
    fill_with_public_things(made)
    return made


def fill_with_public_things(world: World) -> None:
    """A merged, an open and a closed proposal, discussions of all of them, and a release that merged an internal one."""
    spec, people_here = world.spec, world.people
    hidden = internal_proposal(world, ("stay_calm", "calm tone", "calm voice"))
    publish(world, "2.0", hidden)
    edits = {"stay_calm": ("people are rude", "people are very rude")}
    open_one = make_proposal(spec, by=people_here["editor"], title="Say it better")
    merged = make_proposal(spec, by=people_here["editor"], title="Very rude", edits=edits)
    take_position(merged, by=people_here["approver"])
    merging.merge(merged, by=people_here["editor"], now=NOW)
    thread = make_thread(spec, by=people_here["member"], quote="does not lie")
    make_thread(spec, by=people_here["member"], about=open_one)
    answered = make_thread(spec, by=people_here["member"], body="Is this so?")
    thread_actions.move(answered, verb="address", by=people_here["editor"], now=NOW, proposal=hidden)
    change = PatchSet.objects.get(proposal=open_one).changes.get()
    call = consultations.Call(title="What is missing?", question="Tell us.")
    opened = consultations.create(spec, call=call, by=people_here["owner"], now=NOW, is_permanent=True)
    consultations.move(opened, verb="open", by=people_here["owner"], now=NOW)
    world.things |= {
        "slug": spec.slug,
        "proposal": open_one.public_id,
        "change": change.public_id,
        "thread": thread.public_id,
        "comment": thread.comments.earliest("pk").public_id,
        "clause": clause(spec, "be_honest").public_id,
        "consultation": opened.public_id,
        "person": people_here["member"].public_id,
        **dict.fromkeys(("upload", "invitation", "position", "token", "session", "secret"), "nothing"),
        "reset": "MQ/nothing",
        "digest": "00" * 32,
        "pair": "2.0..draft",
        "anchor": "be_honest",
        "clause_of_release": "2.0/stay_calm",
        "file": "2.0/files/aster-2.0.json",
        "release": "2.0",
        "label": "2.0",
        "revision": "1",
        "patch_set": "1",
    }
    spec.refresh_from_db()


def internal_proposal(world: World, *edits: tuple[str, str, str]) -> Proposal:
    """One that only members know of, supported."""
    words = {anchor: (old, new) for anchor, old, new in edits}
    made = make_proposal(
        world.spec,
        by=world.people["editor"],
        title=f"Title {SECRET}",
        edits=words,
        visibility=Visibility.INTERNAL,
        rationale=f"Because of {SECRET}",
    )
    take_position(made, by=world.people["approver"], reason=f"I like {SECRET}")
    return made


def publish(world: World, label: str, hidden: Proposal) -> None:
    manager = world.people["publisher"]
    release = releases.assemble(world.spec, label=label, by=manager, now=NOW)
    releases.edit_notes(release, notes="Calmer.", includes=[hidden], expected_version=1, by=manager, now=NOW)
    write_files(release=releases.publish(release, by=manager, now=NOW).pk)
    world.spec.refresh_from_db()


def add_drafts(world: World) -> dict[str, str]:
    """What only editors may know of: a draft with a discussion, and the next patch set of the open proposal."""
    editor, spec = world.people["editor"], world.spec
    draft = make_proposal(spec, by=editor, title=f"Draft {SECRET}", submit=False, rationale=SECRET)
    thread = make_thread(spec, by=editor, about=draft, body=f"A draft {SECRET}")
    opened = Proposal.objects.get(public_id=world.things["proposal"])
    proposals.revise(opened, by=editor, now=NOW)
    change = opened.patch_sets.get(number=2).changes.get()
    change.source = change.source.replace("never lies", f"never {SECRET}")
    change.save(update_fields=["source"])
    comment_actions.edit(thread.comments.get(), body=f"A better draft {SECRET}", by=editor, now=NOW)
    comment = thread.comments.get().public_id
    return {
        "proposal": draft.public_id,
        "thread": thread.public_id,
        "comment": comment,
        "change": change.public_id,
        "patch_set": "2",
    }


def add_internal_things(world: World) -> dict[str, str]:
    """One of everything that only members may know of; answers their names."""
    spec, editor, member = world.spec, world.people["editor"], world.people["member"]
    hidden = internal_proposal(world, ("be_honest", "does not lie", f"does not {SECRET}"))
    opened = Proposal.objects.get(public_id=world.things["proposal"])
    internal = {"by": member, "visibility": Visibility.INTERNAL, "body": f"Is it {SECRET}?"}
    thread = make_thread(spec, quote="calm", about="stay_calm", **internal)
    make_thread(spec, quote="does not lie", **internal)
    make_thread(spec, about=opened, **internal)
    make_thread(spec, about=hidden, **internal)
    thread_actions.move(thread, verb="address", by=editor, now=NOW, proposal=opened)
    comment_actions.edit(thread.comments.get(), body=f"Is it really {SECRET}?", by=member, now=NOW)
    reply = thread_actions.reply(thread, said=thread_actions.Said(by=member, now=NOW, body=SECRET, key=SECRET))
    comment_actions.withdraw(reply, by=member, now=NOW)
    release = releases.assemble(spec, label=f"3.0{SECRET}", by=world.people["publisher"], now=NOW)
    by_manager = {"by": world.people["publisher"], "now": NOW}
    releases.edit_notes(release, notes=SECRET, includes=[hidden], expected_version=1, **by_manager)
    owner = {"by": world.people["owner"], "now": NOW}
    invitation = people.invite(spec, email=f"{SECRET}@example.org", roles=["editor"], **owner)[0]
    upload = uploads.keep(spec, name=f"{SECRET}.md", content=SECRET.encode(), images={}, **owner)
    make_spec(slug=SECRET, title=SECRET, visibility=Visibility.INTERNAL, members={editor: ["editor"]})
    change = PatchSet.objects.get(proposal=hidden).changes.get()
    return {
        "proposal": hidden.public_id,
        "thread": thread.public_id,
        "comment": thread.comments.earliest("pk").public_id,
        "change": change.public_id,
        "invitation": invitation.public_id,
        "consultation": add_feedback(world).public_id,
        "position": Position.objects.get(patch_set__proposal=hidden).public_id,
        "upload": upload.public_id,
        "slug": SECRET,
        "label": f"3.0{SECRET}",
        "release": f"3.0{SECRET}",
        "pair": f"1.0..3.0{SECRET}",
    }


def add_feedback(world: World) -> Consultation:
    """A consultation that is still prepared, and feedback that is not published."""
    opened = Consultation.objects.get(public_id=world.things["consultation"])
    letter = Letter([NewPassage(f"A letter {SECRET}")], name=SECRET, email=f"{SECRET}@example.org")
    held = submissions.receive(opened, letter=letter, key="x" * 16, now=NOW, is_suspicious=True)
    assert held.submission.state == "held"
    call = consultations.Call(title=f"Draft {SECRET}", question=SECRET)
    return consultations.create(world.spec, call=call, by=world.people["owner"], now=NOW)


def forget_stored_pages() -> None:
    """Pages are made anew: what is compared is what would be made now."""
    StoredPage.objects.all().delete()
    Rendering.objects.all().delete()
    stored.memory.clear()
    cache.clear()


def answer(client: Client, path: str, *, method: str = "get", htmx: bool = False) -> tuple[object, ...]:
    """Everything of an answer that somebody can see, without what is new in each."""
    headers = {"HX-Request": "true"} if htmx else {}
    sent = {"data": {}, "content_type": "application/json"} if method == "post" and path.startswith("/api/") else {}
    response = getattr(client, method)(path, headers=headers, **sent)
    shown = {name: response.headers.get(name) for name in SHOWN_HEADERS}
    body = CHANGING.sub(b"", response.content)
    if body != response.content or b"csrf" in body:
        shown["ETag"] = None
    return response.status_code, shown, body


def everything(world: World, who: str) -> dict[str, tuple[object, ...]]:
    """What somebody gets at every address there is, with every filter."""
    client = world.client(who)
    paths = [written(route, world.things) for route in every_route()]
    told = {path: answer(client, path) for path in paths}
    shown = [path for path, (status, *_) in told.items() if status == 200 and not path.endswith(".json")]
    told |= {path + query: answer(client, path + query) for path in shown for query in QUERIES}
    return told | {f"{path} (part)": answer(client, path, htmx=True) for path in shown}


def differing(before: dict[str, tuple[object, ...]], after: dict[str, tuple[object, ...]]) -> list[str]:
    return [f"{path}: {first_difference(before[path], after[path])}" for path in before if before[path] != after[path]]


def first_difference(one: tuple[object, ...], other: tuple[object, ...]) -> str:
    if one[:2] != other[:2]:
        return f"{one[:2]} became {other[:2]}"
    old, new = bytes(one[2]).splitlines(), bytes(other[2]).splitlines()  # type: ignore[call-overload]
    return next((f"{a!r} became {b!r}" for a, b in zip(old, new, strict=False) if a != b), "more lines")


@pytest.mark.parametrize("who", STRANGERS)
def test_what_outsiders_get_is_the_same_with_and_without_internal_things(world: World, who: str):
    before = everything(world, who)
    hidden = {**add_drafts(world), **add_internal_things(world)}
    assert differing(before, everything(world, who)) == []
    forget_stored_pages()
    after = everything(world, who)
    assert differing(before, after) == []
    words = [SECRET, *(name for key, name in hidden.items() if key != "patch_set")]
    assert [(path, word) for path, told in after.items() for word in words if found_in(told, path, word)] == []


def found_in(told: tuple[object, ...], path: str, word: str) -> bool:
    """Whether a hidden word stands in an answer, but for what was asked for and comes back."""
    body = bytes(told[2]).decode(errors="replace")  # type: ignore[call-overload]
    return word in body and word not in path


def test_addresses_answer_with_something_to_compare(world: World):
    told = everything(world, "nobody")
    found = {path for path, (status, *_) in told.items() if status == 200}
    routes = every_route()
    assert len(found) > 100
    assert len(routes) > 80
    for path in ("/aster/threads/", "/api/v1/specs/aster/threads", "/aster/2.0/files/aster-2.0.json", "/aster/2.0/"):
        assert path in found, (path, told[path][:2])


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_hidden_answers_like_what_is_not_there(world: World, who: str, method: str):
    hidden = {"draft": add_drafts(world), "internal": add_internal_things(world)}
    client = world.client(who)
    wrong = []
    for things in hidden.values():
        for name in set(things) - {"patch_set"}:
            for route in routes_with(name):
                there = answer_for(client, route, {**world.things, **things}, method)
                nothing = {**world.things, **things, name: re.sub(r"[0-9a-z]", "q", things[name])}
                if name in ("pair", "label", "release"):
                    nothing[name] = things[name].replace(SECRET, "qqqqq")
                if there != answer_for(client, route, nothing, method):
                    wrong.append(f"{method} {route} ({name}): {there[:2]}")
    assert wrong == []


def routes_with(name: str) -> list[str]:
    """The routes that have such a parameter."""
    marked = {other: "\x01" if other == name else "x" for other in ALL_NAMES}
    return [route for route in every_route() if "\x01" in written(route, marked)]


ALL_NAMES = [
    *(
        "proposal",
        "change",
        "thread",
        "comment",
        "clause",
        "person",
        "upload",
        "invitation",
        "token",
        "session",
        "secret",
        "reset",
    ),
    "position",
    "consultation",
    *("digest", "pair", "anchor", "clause_of_release", "file", "release", "label", "revision", "patch_set", "slug"),
]


def answer_for(client: Client, route: str, things: dict[str, str], method: str) -> tuple[object, ...]:
    """The answer with the names that were asked for taken out."""
    path = written(route, things)
    status, shown, body = answer(client, path, method=method)
    told = repr((status, shown, body))
    for name in sorted(things.values(), key=len, reverse=True):
        told = told.replace(name, "NAME") if len(name) > 4 else told
    return status, shown.get("Location") is None, told  # type: ignore[attr-defined]


def test_members_who_may_not_edit_get_the_same_with_and_without_drafts(world: World):
    before = everything(world, "member")
    hidden = add_drafts(world)
    forget_stored_pages()
    after = everything(world, "member")
    assert differing(before, after) == []
    client = world.client("member")
    for name in ("proposal", "thread"):
        for route in routes_with(name):
            told = answer(client, written(route, {**world.things, name: hidden[name]}))
            assert told[0] in (404, 405), (route, told[:2])


def test_events_of_hidden_things_are_mailed_to_nobody_outside(world: World):
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    add_drafts(world)
    add_internal_things(world)
    fresh = list(Event.objects.filter(spec=world.spec, pk__gt=last))
    assert len(fresh) > 8
    assert [event.kind for event in fresh if notices.may_know(event, world.people["stranger"])] == []


def test_the_document_of_an_internal_spec_is_nowhere(world: World):
    make_spec(
        slug="inside", visibility=Visibility.INTERNAL, members={world.people["editor"]: ["editor"]}, release="1.0"
    )
    things = {**world.things, "slug": "inside", "label": "1.0", "release": "1.0", "clause_of_release": "1.0/aims"}
    outsider, nobody = world.client("stranger"), world.client("nobody")
    for route in (route for route in every_route() if "<slug:slug>" in route):
        for client in (outsider, nobody):
            for method in ("get", "post", "head", "options", "put", "delete"):
                told = answer_for(client, route, things, method)
                unknown = answer_for(client, route, {**things, "slug": "nothere"}, method)
                assert told == unknown, (route, method)


def test_revisions_of_hidden_proposals_tell_only_that_they_came(world: World):
    merged = Revision.objects.get(spec=world.spec, proposal__visibility=Visibility.INTERNAL)
    told = world.client("nobody").get(f"/api/v1/specs/aster/revisions/{merged.number}").json()
    assert (told["proposal"], told["summary"]) == (None, "Merged with a release")
