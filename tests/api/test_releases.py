"""Releases: published, assembled, given up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.models import Event, Release, ReleaseFile, Spec, User
from tests.api.conftest import Caller
from tests.factories import make_proposal, make_release, take_position, version

pytestmark = pytest.mark.django_db

Call = Callable[[str], Caller]


def test_from_assembling_to_publishing(call: Call, spec: Spec, team: dict[str, User]) -> None:
    manager = call("release_manager")
    internal = make_proposal(spec, by=team["author"], visibility="internal", title="Kept inside")
    begun = manager.post("/specs/aster/releases", {"label": "1.0"})
    assert (begun.status_code, begun.json()["notes_version"], begun.json()["includes"]) == (201, 1, [])
    sent = {"notes": "The first.", "includes": [internal.public_id], "expected_version": 1}
    assert manager.put("/specs/aster/assembling", sent).json()["includes"] == [internal.public_id]
    late = manager.put("/specs/aster/assembling", sent)
    assert (late.status_code, late.json()["fresh"]["notes"]) == (409, "The first.")
    refused = manager.post("/specs/aster/assembling/publish")
    assert (refused.status_code, refused.json()["detail"]) == (409, "Still needs: 1 support from an approver.")
    take_position(internal, by=team["approver"])
    published = manager.post("/specs/aster/assembling/publish").json()
    assert (published["label"], published["revision"], published["notes"]) == ("1.0", 2, "The first.")
    assert "never lies" in version(spec, "be_honest").source
    assert manager.get("/specs/aster/assembling").status_code == 404
    assert Event.objects.filter(kind="release.published").count() == 1


def test_one_release(call: Call, spec: Spec) -> None:
    release = make_release(spec, label="2026-11-01")
    ReleaseFile.objects.create(
        release=release, name="spec.md", media_type="text/markdown", content=b"x", content_hash=b"\x01" * 32
    )
    shown = call("").get("/specs/aster/releases/2026-11-01").json()
    assert shown == {
        "label": "2026-11-01",
        "revision": 1,
        "previous": None,
        "imported": True,
        "release_date": "2026-11-23",
        "published_at": "2026-11-23T12:00:00Z",
        "published_by": None,
        "notes": "",
        "files": [
            {
                "name": "spec.md",
                "media_type": "text/markdown",
                "sha256": "01" * 32,
                "url": "/aster/2026-11-01/files/spec.md",
            }
        ],
    }
    assert call("").get("/specs/aster/releases/2026-12").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("owner", 403),
        ("editor", 403),
        ("approver", 403),
        ("moderator", 403),
        ("release_manager", 201),
        ("member", 403),
        ("stranger", 403),
        ("", 401),
    ],
)
def test_who_publishes(call: Call, spec: Spec, name: str, status: int) -> None:
    assert call(name).post("/specs/aster/releases", {"label": "1.0"}).status_code == status
    assert Release.objects.count() == (status == 201)


def test_what_is_assembled_is_not_there_for_anybody_else(call: Call, spec: Spec) -> None:
    call("release_manager").post("/specs/aster/releases", {"label": "1.0"})
    for name in ["owner", "stranger", ""]:
        assert call(name).get("/specs/aster/assembling").status_code == 404
        assert call(name).get("/specs/aster/releases/1.0").status_code == 404
    assert call("owner").post("/specs/aster/assembling/publish").status_code == 404
    assert call("owner").delete("/specs/aster/assembling").status_code == 404


def test_giving_up(call: Call, spec: Spec) -> None:
    manager = call("release_manager")
    manager.post("/specs/aster/releases", {"label": "1.0"})
    second = manager.post("/specs/aster/releases", {"label": "1.1"})
    assert (second.status_code, second.json()["fresh"]) == (409, None)
    assert manager.delete("/specs/aster/assembling").status_code == 204
    assert manager.post("/specs/aster/releases", {"label": "1.0"}).status_code == 201


@pytest.mark.parametrize("label", ["draft", "a b", "", "../x"])
def test_a_label_that_is_none(call: Call, spec: Spec, label: str) -> None:
    answer = call("release_manager").post("/specs/aster/releases", {"label": label})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["label"])


def test_including_what_is_not_there(call: Call, spec: Spec) -> None:
    manager = call("release_manager")
    manager.post("/specs/aster/releases", {"label": "1.0"})
    answer = manager.put("/specs/aster/assembling", {"notes": "", "includes": ["nothing"], "expected_version": 1})
    assert (answer.status_code, answer.json()["fields"]) == (422, {"includes": "nothing"})


def test_pages_and_queries(call: Call, spec: Spec) -> None:
    make_release(spec, label="1.0")
    counts = []
    for labels in [[], ["1.1", "1.2"]]:
        for label in labels:
            make_release(spec, label=label)
        with CaptureQueriesContext(connection) as found:
            rows = call("").get("/specs/aster/releases").json()["rows"]
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert [(row["label"], row["previous"]) for row in rows] == [("1.2", "1.1"), ("1.1", "1.0"), ("1.0", None)]
    first = call("").get("/specs/aster/releases?size=1").json()
    assert (first["rows"][0]["label"], first["next"]) == ("1.2", "/api/v1/specs/aster/releases?size=1&after=1.2")
