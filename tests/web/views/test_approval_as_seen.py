"""What people read of an approval: outsiders nothing that only members may know, owners which version they decide on."""

from reviews.actions import proposals
from tests.factories import NOW
from tests.factories.conduct import edit, make_proposal, support
from tests.web.views.conftest import words


def shown_to(client, world, proposal):
    root, api = f"/{world.spec.slug}/proposals/", f"/api/v1/specs/{world.spec.slug}/proposals/"
    pages = [client.get(path).content.decode() for path in (root, f"{root}{proposal.public_id}/")]
    return [*pages, client.get(f"{api}{proposal.public_id}").json()["approval"]["sentence"]]


def test_outsiders_do_not_learn_how_many_approvers_there_are(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)
    support(proposal, world.approver)
    before = shown_to(browser_of("nobody"), world, proposal)

    world.spec.memberships.filter(user=world.other).delete()

    assert shown_to(browser_of("nobody"), world, proposal) == before
    assert before[-1] == "Still needs: 1 more support from an approver."
    for told in shown_to(browser_of("member"), world, proposal):
        assert "this spec has only 1 approver" in told


def test_an_override_is_about_the_version_that_its_form_shows(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)
    support(proposal, world.member, kind="concern")
    owner, url = browser_of("owner"), f"/{world.spec.slug}/proposals/{proposal.public_id}/"
    override = f"{url}positions/{proposal.patch_sets.get().positions.get().public_id}/override"
    assert owner.post(override, {"reason": "Decided.", "patch_set": "1"}).status_code == 303
    assert "Override this concern" not in words(owner.get(url))

    proposals.revise(proposal, by=world.editor, now=NOW)
    edit(proposal, "honesty", "never", "hardly ever", by=world.editor)
    proposals.submit(proposal, by=world.editor, now=NOW)

    assert "Override this concern" in words(owner.get(url))
    assert "concern by Member open" in words(owner.get(url))
    assert "Overridden by Owner" in words(owner.get(f"{url}?patch=1"))
    answer = owner.post(override, {"reason": "As before.", "patch_set": "1"})
    assert (answer.status_code, "There is a newer version of this proposal" in words(answer)) == (409, True)
    assert owner.post(override, {"reason": "Again.", "patch_set": "2"}).status_code == 303
    assert "Overridden by Owner" in words(owner.get(url))
