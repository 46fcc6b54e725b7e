"""Images that come with a document which becomes a proposal: kept with it, merged with it, and never without approval."""

import pytest

from reviews.actions import changes, import_changes, merging, proposals
from reviews.actions.changes import Saver
from reviews.actions.imports import Upload
from reviews.errors import Conflict, Invalid
from reviews.models import Attachment, ProposalImage, Rendering, User
from reviews.queries.approval import changes_of, open_patch_set
from reviews.queries.attachments import image_addresses
from tests.factories import NOW, import_into, make_spec, make_user, take_position

pytestmark = pytest.mark.django_db
PNG, OTHER, THIRD = (b"\x89PNG\r\n\x1a\n" + letter * 20 for letter in (b"a", b"b", b"c"))
TEXT = "# A {#a authority=root}\n\n![x](img/x.png)\n\n# B {#b}\n\nText.\n"
NEW = TEXT.replace("Text.", "![y](y.png)")


@pytest.fixture
def ana(db):
    return make_user("Ana")


@pytest.fixture
def ben(db):
    return make_user("Ben")


@pytest.fixture
def spec(ana, ben):
    people = {ana: ["editor"], ben: ["approver"], make_user("Cy"): ["approver"]}
    found = make_spec(source="", members=people)
    import_into(found, TEXT, label="1", images={"x.png": PNG})
    return found


def propose(spec, text, *, by, **images):
    files = {f"{name}.png": content for name, content in images.items()}
    return import_changes.propose_document(spec, Upload(text, images=files), title="An import", by=by, now=NOW)


def submitted(proposal, *, by, approver):
    proposals.submit(proposal, by=by, now=NOW)
    take_position(proposal, by=approver)
    return proposal


def opened(proposal):
    return [change.base_version.anchor for change in changes_of(open_patch_set(proposal))]


def images_at(spec):
    spec.refresh_from_db()
    return {row.name: bytes(row.content) for row in Attachment.objects.at(spec, spec.head).filter(kind="image")}


def test_they_are_merged_in_the_revision_of_the_text(spec, ana, ben):
    proposal = propose(spec, NEW, by=ana, x=PNG, y=OTHER, unused=THIRD)
    assert (opened(proposal), [row.name for row in ProposalImage.objects.all()]) == (["b"], ["y.png"])
    assert images_at(spec) == {"img/x.png": PNG}

    revision = merging.merge(submitted(proposal, by=ana, approver=ben), by=ana, now=NOW)

    assert images_at(spec) == {"img/x.png": PNG, "y.png": OTHER}
    assert Attachment.objects.get(name="y.png").valid.lower == revision.number
    address = image_addresses(spec, spec.head)["y.png"]
    assert Rendering.objects.filter(body_html__contains=f'<img src="{address}"').count() == 1


def test_a_replaced_image_opens_the_clauses_that_show_it_also_where_no_word_changes(spec, ana, ben):
    proposal = propose(spec, TEXT, by=ana, x=OTHER)
    assert opened(proposal) == ["a"]

    submitted(proposal, by=ana, approver=ben)
    with pytest.raises(Conflict, match="1 more support"):  # the clause is of the highest authority
        merging.merge(proposal, by=ana, now=NOW)
    take_position(proposal, by=User.objects.get(name="Cy"))
    merging.merge(proposal, by=ana, now=NOW)

    assert images_at(spec) == {"img/x.png": OTHER}
    assert Attachment.objects.filter(name="img/x.png").count() == 2


def test_the_same_images_are_nothing_to_propose(spec, ana):
    with pytest.raises(Invalid, match="there is nothing to propose"):
        propose(spec, TEXT, by=ana, x=PNG)


def test_a_clause_that_shows_it_cannot_be_left_out(spec, ana):
    proposal = propose(spec, NEW, by=ana, x=OTHER, y=OTHER)
    left_out = next(change for change in changes_of(open_patch_set(proposal)) if change.base_version.anchor == "a")
    changes.drop(left_out, saver=Saver(ana, NOW))

    with pytest.raises(Conflict, match="“img/x.png” is shown in “A” too: take that clause into the proposal"):
        proposals.submit(proposal, by=ana, now=NOW)


def test_an_image_that_the_text_no_longer_names_stays_behind(spec, ana, ben):
    proposal = propose(spec, NEW, by=ana, y=OTHER)
    change = changes_of(open_patch_set(proposal))[0]
    source = change.source.replace("![y](y.png)", "No picture.")
    changes.save(change, source=source, expected_version=1, saver=Saver(ana, NOW))
    merging.merge(submitted(proposal, by=ana, approver=ben), by=ana, now=NOW)

    assert images_at(spec) == {"img/x.png": PNG}


def test_another_image_in_the_draft_by_now_is_not_overwritten(spec, ana, ben):
    proposal = submitted(propose(spec, TEXT, by=ana, x=OTHER), by=ana, approver=ben)
    take_position(proposal, by=User.objects.get(name="Cy"))
    import_into(spec, TEXT, images={"x.png": THIRD})

    with pytest.raises(Conflict, match="is another one in the draft by now"):
        merging.merge(proposal, by=ana, now=NOW)
    proposal.refresh_from_db()
    assert (images_at(spec), proposal.state) == ({"img/x.png": THIRD}, "in_review")


def test_a_clause_that_shows_it_only_since_is_not_changed_unseen(spec, ana, ben):
    proposal = submitted(propose(spec, NEW, by=ana, y=OTHER), by=ana, approver=ben)
    import_into(spec, TEXT + "\n# C {#c}\n\n![y](y.png)\n")

    with pytest.raises(Conflict):
        merging.merge(proposal, by=ana, now=NOW)
    assert images_at(spec) == {"img/x.png": PNG}


def test_those_of_a_withdrawn_proposal_never_get_into_the_draft(spec, ana):
    proposal = propose(spec, NEW, by=ana, y=OTHER)
    proposals.withdraw(proposal, reason="No.", by=ana, now=NOW)

    assert images_at(spec) == {"img/x.png": PNG}
    assert [row.name for row in proposal.images.all()] == ["y.png"]


@pytest.mark.parametrize("reference", ["![y][far]\n\n[far]: y.png", "See <img src='y.png' alt='y'>"])
def test_however_the_text_names_it(spec, ana, ben, reference):
    proposal = propose(spec, TEXT.replace("Text.", reference), by=ana, y=OTHER)
    merging.merge(submitted(proposal, by=ana, approver=ben), by=ana, now=NOW)

    assert images_at(spec) == {"img/x.png": PNG, "y.png": OTHER}
