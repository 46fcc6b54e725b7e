"""What outsiders read of an approval depends on nothing that only members may know."""

from tests.factories.conduct import make_proposal, support


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
