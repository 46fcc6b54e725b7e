"""The demo is played through the real actions, once, and gives every page something to show."""

import json
from collections import Counter

import pytest
from django.core.management import call_command

from reviews.actions import demo
from reviews.management.commands.demo import FOLDER
from reviews.models import (
    ClauseVersion,
    Consultation,
    Event,
    Job,
    Lineage,
    Membership,
    Position,
    Proposal,
    Release,
    Spec,
    Submission,
    Thread,
    User,
)
from reviews.queries.attachments import evaluations
from reviews.queries.clauses import document
from reviews.queries.placements import places
from reviews.rules.states import ProposalState

pytestmark = pytest.mark.django_db
STORY = json.loads((FOLDER / "story.json").read_text(encoding="utf-8"))


@pytest.fixture
def aster(db):
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*.md")}
    return demo.play(STORY, files)


def test_the_spec_has_three_imported_releases_with_their_days_and_notes(aster):
    rows = Release.objects.filter(spec=aster).order_by("published_at")
    told = [(row.label, str(row.release_date), row.notes, row.imported, row.state) for row in rows]

    assert told == [(e["label"], e["date"], e["notes"], True, "published") for e in STORY["editions"]]
    for row in rows:
        assert document(aster, row.revision.number).encode() == (FOLDER / f"{row.label}.md").read_bytes()


def test_everybody_has_their_role_and_no_password(aster):
    roles = dict(Membership.objects.filter(spec=aster).values_list("user__email", "roles"))
    told = {row["email"]: row["role"].replace(" ", "_") for row in STORY["people"]}

    assert roles == {email: ["owner"] if role == "owner" else sorted({role, "member"}) for email, role in told.items()}
    assert not any(person.has_usable_password() for person in User.objects.all())


def test_proposals_positions_and_threads_are_as_told(aster):
    states = dict(Proposal.objects.filter(spec=aster).values_list("title", "state"))
    threads = Counter(Thread.objects.filter(spec=aster).values_list("state", flat=True))

    assert states == {row["title"]: row["state"].replace(" ", "_") for row in STORY["proposals"]}
    assert Position.objects.count() == sum(len(row["positions"]) for row in STORY["proposals"])
    assert threads == Counter((row["outcome"] or {"state": "open"})["state"] for row in STORY["threads"])
    assert Thread.objects.exclude(quote="").count() == sum(row["quote"] is not None for row in STORY["threads"])


def test_lineage_is_what_the_story_says(aster):
    rows = Lineage.objects.filter(spec=aster)
    steps = [(row.kind, anchor(row.source, aster), anchor(row.target, aster)) for row in rows.order_by("pk")]

    assert steps == [
        ("split", "mistakes_and_doubt", "show_certainty"),
        ("split", "mistakes_and_doubt", "own_mistakes"),
        ("gone", "jokes_in_place", None),
    ]


def anchor(clause, spec):
    return clause and clause.versions.latest("pk").anchor


def test_evaluation_files_come_with_the_newest_edition(aster):
    assert set(evaluations(aster, aster.head)) == {path.stem for path in (FOLDER / "evaluations").glob("*.md")}
    assert evaluations(aster, aster.head - 1) == {}


def test_events_are_in_order_and_nobody_gets_mail(aster):
    moments = list(Event.objects.order_by("pk").values_list("at", flat=True))

    assert moments == sorted(moments)
    assert set(Job.objects.values_list("name", flat=True)) <= {"write_release_files", "store_pages"}


def test_a_second_call_changes_nothing(capsys):
    call_command("demo")
    before = (Spec.objects.count(), User.objects.count(), Event.objects.count())
    call_command("demo")

    assert (Spec.objects.count(), User.objects.count(), Event.objects.count()) == before
    assert "There is something in the database already" in capsys.readouterr().out


def test_comments_are_carried_over_edits_and_one_lost_its_words(aster):
    aster.refresh_from_db()
    threads = Thread.objects.filter(spec=aster).exclude(quote="")
    shown = ClauseVersion.objects.at(aster, aster.head)

    states = Counter(place.state for place in places(aster, threads, shown).values())

    assert states["orphan"] == 1
    assert states["mapped"] + states["moved"] + states["exact"] >= 1
    assert {row.state for row in Proposal.objects.filter(spec=aster)} == set(ProposalState)


def test_the_public_was_asked_twice_and_its_feedback_is_moderated(aster):
    states = {row.title: row.state for row in Consultation.objects.filter(spec=aster)}
    letters = Counter(Submission.objects.filter(spec=aster).values_list("state", flat=True))

    assert sorted(states.values()) == ["answered", "open"]
    assert letters == {"accepted": 4, "restricted": 1, "pending": 1}
    assert Submission.objects.filter(is_late=True).count() == 0
