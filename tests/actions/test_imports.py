"""Importing: one revision that changes only what differs, refusals that store nothing, every document byte for byte."""

from datetime import date

import pytest

from reviews.actions import imports, specs
from reviews.actions.imports import Upload
from reviews.actions.releases import Edition
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from reviews.models import Attachment, AuthorityLevel, ClauseVersion, Event, Lineage, Release, Rendering, Revision
from reviews.queries.attachments import evaluations, image_addresses
from reviews.queries.clauses import document, successors
from reviews.text import outline
from tests.corpora import CORPORA
from tests.factories import NOW, SOURCE, add_member, import_into, make_spec, make_user, version

pytestmark = pytest.mark.django_db
MODEL_SPEC = ("2025-02-12", "2025-04-11", "2025-09-12", "2025-10-27", "2025-12-18", "2025-12-18-rev2")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def corpus(name):
    return [path.read_bytes() for path in sorted((CORPORA / name).glob("[0-9]*.md"))]


def stored():
    kinds = (Revision, ClauseVersion, Attachment, Event, AuthorityLevel, Rendering, Release)
    return {kind.__name__: kind.objects.count() for kind in kinds}


def versions(spec):
    """The version id and order key of each clause at the head, by anchor."""
    rows = ClauseVersion.objects.at(spec, spec.head).order_by("order_key")
    return {row.anchor: (row.pk, row.order_key) for row in rows}


def check_store(spec, raw):
    """The head is the document, and its stored clauses are exactly those that parsing gives."""
    text = document(spec, spec.head)
    rows = ClauseVersion.objects.at(spec, spec.head).order_by("order_key").select_related("authority")
    parsed = outline.parse(text if text.endswith(("\n", "\r")) else text + "\n").clauses

    assert text.encode() == raw
    assert [(row.source, row.anchor or "", row.title, row.level, row.anchor_explicit) for row in rows] == [
        (clause.source, clause.anchor, clause.title, clause.level, clause.explicit) for clause in parsed
    ]
    assert [row.authority.name if row.authority else "" for row in rows] == [clause.authority for clause in parsed]


def test_into_an_empty_spec():
    spec = make_spec(source="")
    done = import_into(spec, SOURCE)

    check_store(spec, SOURCE.encode())
    assert (done.revision.number, done.revision.imported_from, done.revision.summary) == (
        1,
        "test.md",
        "Import of test.md",
    )
    event = Event.objects.get(kind="revision.imported")
    assert event.data == {"file": "test.md", "added": 3, "removed": 0, "edited": 0, "moved": 0}
    assert (event.visibility, event.revision, event.actor) == ("public", done.revision, None)
    assert Rendering.objects.count() == 3


def test_again_with_the_same_file_nothing_changes():
    spec = make_spec()
    before = stored()

    assert import_into(spec, SOURCE).revision is None
    assert stored() == before


def test_only_what_differs_is_written():
    spec = make_spec()
    before = versions(spec)
    import_into(spec, SOURCE.replace("does not lie", "never lies"))
    after = versions(spec)

    assert {anchor for anchor in after if after[anchor] != before[anchor]} == {"be_honest"}
    assert after["be_honest"][1] == before["be_honest"][1]


def test_a_clause_that_moves_alone_gets_a_new_place():
    spec = make_spec(source="".join(f"# {name} {{#{name}}}\n\nText of {name}.\n\n" for name in "abcdef"))
    before = versions(spec)
    import_into(spec, "".join(f"# {name} {{#{name}}}\n\nText of {name}.\n\n" for name in "abecdf"))
    after = versions(spec)

    assert list(after) == list("abecdf")
    assert {anchor for anchor in after if after[anchor] != before[anchor]} == {"e"}


def test_a_last_newline_that_goes_is_a_revision_without_versions():
    spec = make_spec()
    before = versions(spec)
    done = import_into(spec, SOURCE.rstrip("\n"))

    assert (done.revision.number, versions(spec)) == (2, before)
    check_store(spec, SOURCE.rstrip("\n").encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf# A {#a}\r\n\r\ntext\r\n# B\r\nmore",
        b"---\ntitle: x\n---\n# A\n",
        b"no heading at all",
        b"one\rtwo\r# three\rfour",
        "before\n\n# Ünïcode 👩‍👩‍👧 {#a}\n\u2028\u200b\n\n\n".encode(),
        b"# A\n# A\n## A\n# A\n",
        b"Title\n=====\n\nSub\n---\n\n~~~\n# no heading\n",
    ],
)
def test_odd_documents_come_back_byte_for_byte(raw):
    spec = make_spec(source=raw)

    check_store(spec, raw)
    assert import_into(spec, raw).revision is None


@pytest.mark.parametrize(
    "source", [b"", b"\xff", b"# A {#a}\n# B {#a}\n", b"\0", b"# A {#a authority=two-und-zwanzig!}\n"]
)
def test_a_refused_document_stores_nothing(source):
    spec = make_spec()
    before = stored()

    with pytest.raises(Invalid):
        import_into(spec, source)
    assert stored() == before


def test_unknown_levels_are_added_at_the_lowest_rank():
    spec = make_spec(source="")
    done = import_into(spec, "# A {#a authority=platform}\n\n# B {#b authority=Root}\n\n# C {#c authority=house}\n")

    assert done.report.new_levels == ("platform", "house")
    assert list(spec.authority_levels.values_list("name", flat=True)) == [
        *("root", "system", "developer", "user", "guideline", "platform", "house")
    ]
    assert version(spec, "b").authority.name == "root"


def test_vanished_anchors_wait_for_a_person():
    spec = make_spec()
    before = stored()
    text = SOURCE.replace("{#be_honest ", "{#honesty ")

    with pytest.raises(Conflict) as refused:
        import_into(spec, text, accept=False)
    assert refused.value.sentence == "The anchor “be_honest” vanishes: confirm what became of it."
    assert stored() == before

    told = refused.value.fresh
    clause = version(spec, "be_honest").clause
    import_into(spec, text, accept=False, lineage=told.lineage)
    assert version(spec, "honesty").clause == clause


def test_lineage_leads_old_anchors_to_where_the_text_went():
    spec = make_spec(source=(CORPORA / "model_spec" / "2025-04-11.md").read_bytes())
    import_into(spec, (CORPORA / "model_spec" / "2025-09-12.md").read_bytes())
    onward = {
        anchor: sorted(found.anchor for found in successors(spec, anchor, spec.head))
        for anchor in ("protect_privileged_messages", "be_kind", "be_engaging", "approachable")
    }

    assert onward == {
        "protect_privileged_messages": ["protect_privileged_information"],
        "be_kind": ["love_humanity"],
        "be_engaging": ["have_conversational_sense", "love_humanity"],
        "approachable": ["style"],
    }
    assert sorted(Lineage.objects.filter(source__versions__anchor="be_engaging").values_list("kind", flat=True)) == [
        "split",
        "split",
    ]


def test_the_six_releases_of_the_model_spec():
    spec = make_spec(source="")
    raws = {label: (CORPORA / "model_spec" / f"{label}.md").read_bytes() for label in MODEL_SPEC}
    for label, raw in raws.items():
        import_into(spec, raw, label=label)
        check_store(spec, raw)
    releases = {row.label: row for row in Release.objects.filter(spec=spec).order_by("pk")}

    assert list(releases) == list(MODEL_SPEC)
    assert all(row.imported and row.state == "published" for row in releases.values())
    assert {label: document(spec, row.revision.number).encode() for label, row in releases.items()} == raws
    assert import_into(spec, raws[MODEL_SPEC[-1]], label=MODEL_SPEC[-1]).revision is None
    assert Release.objects.filter(spec=spec).count() == 6


@pytest.mark.parametrize("name", ["cloudevents", "semver", "claude_constitution"])
def test_every_version_of_the_other_corpora(name):
    spec = make_spec(source="")
    raws = corpus(name)
    for raw in raws:
        import_into(spec, raw)
        check_store(spec, raw)

    assert len(raws) in {1, 22, 40}
    assert [document(spec, number).encode() for number in range(1, spec.head + 1)] == unrepeated(raws)


def unrepeated(raws):
    return [raw for n, raw in enumerate(raws) if n == 0 or raw != raws[n - 1]]


def test_evaluation_files_are_versioned_with_the_text():
    spec = make_spec(source="# A {#a}\n\n[^one1] [^two2]\n")
    files = {"one1": b"prompt 1\n", "two2": b"prompt 2\r\n\xff"}
    import_into(spec, "# A {#a}\n\n[^one1] [^two2]\n", evaluations=files)
    import_into(spec, "# A {#a}\n\n[^one1]!\n", evaluations={"one1": b"changed"})
    import_into(spec, "# A {#a}\n\n[^one1]?\n")

    assert [evaluations(spec, number) for number in (1, 2, 3, 4)] == [
        *({}, files, {"one1": b"changed"}, {"one1": b"changed"})
    ]
    assert Attachment.objects.count() == 3


def test_local_images_come_along_when_the_text_names_them():
    spec = make_spec(source="")
    text = "# A {#a}\n\n![x](img/x.png)\n"
    import_into(spec, text, images={"x.png": PNG, "unused.png": PNG})

    assert list(image_addresses(spec, spec.head)) == ["img/x.png"]
    assert import_into(spec, text, images={"x.png": PNG}).revision is None
    assert 'src="/' in Rendering.objects.get().body_html


@pytest.mark.parametrize("content", [b"<svg onload='x'/>", PNG + b"\0" * 5 * 1024 * 1024])
def test_what_is_no_image_is_refused(content):
    spec = make_spec(source="")

    with pytest.raises(Invalid) as refused:
        import_into(spec, "![x](x.png)\n", images={"x.png": content})
    assert list(refused.value.fields) == ["images"]
    assert spec.head == 0


@pytest.mark.parametrize(
    ("roles", "has_text", "reason", "refusal"),
    [
        (["editor"], False, "", None),
        (["owner"], False, "", None),
        (["approver"], False, "", NotAllowed),
        ([], False, "", NotAllowed),
        (["editor"], True, "because", NotAllowed),
        (["owner"], True, " ", Invalid),
        (["owner"], True, "\u200b", Invalid),
        (["owner"], True, "because", None),
    ],
)
def test_who_may_import_directly(roles, has_text, reason, refusal):
    ana = make_user()
    spec = make_spec(source=SOURCE if has_text else "")
    if roles:
        add_member(spec, ana, *roles)
    text = SOURCE.replace("does not lie", "never lies")
    if refusal:
        with pytest.raises(refusal):
            imports.import_document(spec, Upload(text), by=ana, now=NOW, reason=reason)
    else:
        done = imports.import_document(spec, Upload(text), by=ana, now=NOW, reason=reason)
        event = Event.objects.filter(kind="revision.imported").latest("pk")

        assert (done.revision.number, done.revision.author) == (2 if has_text else 1, ana)
        assert event.data.get("override") == ({"reason": "because"} if has_text else None)
        assert ("because" in done.revision.summary) == has_text


def test_an_internal_spec_is_not_there_for_a_stranger():
    spec = make_spec(visibility="internal")

    with pytest.raises(NotFound):
        imports.import_document(spec, Upload(SOURCE), by=make_user(), now=NOW)


def test_an_archived_spec_takes_no_import_from_anybody():
    ana = make_user()
    spec = make_spec(members={ana: ["owner"]})
    specs.archive(spec, by=ana, now=NOW)

    with pytest.raises(NotAllowed):
        imports.import_document(spec, Upload(SOURCE + "more\n"), by=ana, now=NOW)
    with pytest.raises(IllegalMove):
        imports.import_document(spec, Upload(SOURCE + "more\n"), by=None, now=NOW)


def test_a_label_that_is_taken_by_another_text_takes_the_import_back():
    spec = make_spec(release="1.0")
    before = stored()

    with pytest.raises(Invalid, match="There is a release “1.0” already"):
        import_into(spec, SOURCE + "More.\n", label="1.0")
    assert stored() == before


def test_the_head_can_be_published_by_importing_it_again():
    spec = make_spec()
    edition = Edition("1.0", date(2025, 4, 11), notes="First.")
    done = imports.import_document(spec, Upload(SOURCE), by=None, now=NOW, edition=edition)

    assert (done.revision, done.release.revision.number) == (None, 1)
    assert (done.release.release_date, done.release.notes) == (date(2025, 4, 11), "First.")
