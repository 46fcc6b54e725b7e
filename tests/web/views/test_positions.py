"""Reviews on the page of a proposal: what carried over, lapsed, was withdrawn or overridden, and who can still approve."""

from reviews.actions import proposals
from tests.factories import NOW
from tests.factories.conduct import edit, make_proposal, support
from tests.web.views.conftest import words


def address(world, proposal):
    return f"/{world.spec.slug}/proposals/{proposal.public_id}/"


def test_reviews_that_carried_over_lapsed_or_were_overridden_say_so(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)
    support(proposal, world.approver)
    support(proposal, world.member, kind="concern")
    proposals.revise(proposal, by=world.editor, now=NOW)
    edit(proposal, "honesty", "never", "hardly ever", by=world.editor)
    proposals.submit(proposal, by=world.editor, now=NOW)
    owner, url = browser_of("owner"), address(world, proposal)

    page = words(owner.get(url))
    assert "it no longer counts, because the text changed" in page
    assert "Carried over from version 1." in page
    assert "Override this concern" not in words(browser_of("editor").get(url))

    concern = proposal.patch_sets.get(number=1).positions.get(kind="concern")
    answer = owner.post(f"{url}positions/{concern.public_id}/override", {"reason": "We decided otherwise."})
    assert answer.status_code == 303
    page = words(browser_of("nobody").get(url))
    assert "Overridden by Owner" in page
    assert "We decided otherwise." in page


def test_a_review_is_withdrawn(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)
    support(proposal, world.member, kind="concern")
    member, url = browser_of("member"), address(world, proposal)
    assert "Withdraw my review" in words(member.get(url))

    assert member.post(f"{url}positions", {"patch_set": "1", "withdraw": "1"}).status_code == 303

    assert "Review withdrawn" in words(member.get(url))
    assert "Withdraw my review" not in words(member.get(url))


def test_a_policy_that_nobody_can_satisfy_says_so_on_the_proposal(world, browser_of):
    world.spec.memberships.filter(user=world.other).delete()
    proposal = make_proposal(world.spec, by=world.editor)

    page = words(browser_of("editor").get(address(world, proposal)))

    assert "2 supports from approvers (this spec has only 1 approver who didn’t write in it" in page


def test_a_refused_reason_comes_back_in_its_own_form_only(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)
    url = address(world, proposal)
    outdated = {"patch_set": "7", "kind": "concern", "reason": "Too strict"}

    reviewed = browser_of("approver").post(f"{url}positions", outdated)
    rejected = browser_of("approver").post(f"{url}reject", {"reason": "\u200b"})

    assert (reviewed.status_code, reviewed.content.decode().count("Too strict")) == (409, 1)
    assert "What you wrote" not in words(reviewed)
    assert rejected.status_code == 422
    assert '<details class="fold" open><summary>Reject' in rejected.content.decode()


def test_a_reason_whose_form_is_gone_is_given_back_above(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)
    proposals.reject(proposal, reason="Not now", by=world.approver, now=NOW)

    answer = browser_of("approver").post(
        f"{address(world, proposal)}positions", {"patch_set": "1", "kind": "support", "reason": "Well said"}
    )

    assert (answer.status_code, answer.content.decode().count("Well said")) == (409, 1)
    assert "What you wrote" in words(answer)
