"""`make screenshots`: a picture of every page of the demo, in both schemes and at both widths, under var/screenshots."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from reviews.actions import releases, uploads
from reviews.models import Membership, Proposal, Spec, Thread
from reviews.queries.clauses import document
from reviews.rules.states import ProposalState
from specapp import env

FOLDER = env.VAR / "screenshots"
WIDTHS = {"wide": 1280, "phone": 360}
SLUG = "aster"


@pytest.fixture
def addresses(transactional_db) -> dict[str, str]:
    """Every kind of page that the demo has something to show on, by the name of its picture."""
    call_command("demo")
    spec = Spec.objects.get(slug=SLUG)
    manager = Membership.objects.get(spec=spec, roles__contains=["release_manager"]).user
    owner = Membership.objects.get(spec=spec, roles__contains=["owner"]).user
    for user in (manager, owner):
        Membership.objects.filter(spec=spec, user=user).update(roles=["editor", "owner", "release_manager"])
    releases.assemble(spec, label="2026-12-01", by=manager, now=timezone.now())
    draft = Proposal.objects.filter(spec=spec, state=ProposalState.DRAFT).first()
    review = Proposal.objects.filter(spec=spec, state=ProposalState.IN_REVIEW, visibility="public").first()
    thread = Thread.objects.filter(spec=spec).exclude(quote="").first()
    labels = list(spec.releases.filter(state="published").order_by("published_at").values_list("label", flat=True))
    closed = {
        state: Proposal.objects.filter(spec=spec, state=state).first().public_id
        for state in (ProposalState.MERGED, ProposalState.REJECTED, ProposalState.WITHDRAWN)
    }
    upload = uploads.keep(
        spec,
        name="next.md",
        content=document(spec, spec.head).replace("must", "should").encode(),
        images={},
        by=owner,
        now=timezone.now(),
    )
    pages = {
        "draft": "draft/",
        "clause": f"draft/{thread.clause.versions.get(valid__upper_inf=True).anchor}/",
        "clause-gone": "draft/jokes_in_place/",
        "release-text": f"{labels[-1]}/",
        "release-clause": f"{labels[0]}/order_of_authority/",
        "release": f"releases/{labels[-1]}/",
        "release-new": "releases/new/",
        "releases": "releases/",
        "assembling": "releases/assembling/",
        "comparison": f"compare/{labels[0]}..{labels[-1]}/",
        "proposals": "proposals/",
        "proposals-closed": "proposals/?state=closed",
        "proposal": f"proposals/{review.public_id}/",
        **{f"proposal-{state}": f"proposals/{name}/" for state, name in closed.items()},
        "proposal-writing": f"proposals/{draft.public_id}/edit/",
        "proposal-new": "proposals/new/",
        "threads": "threads/",
        "threads-closed": "threads/?state=resolved",
        "thread": f"threads/{thread.public_id}/",
        "thread-new": f"threads/new/?clause={thread.clause.public_id}",
        "activity": "activity/",
        "settings": "settings/",
        "members": "members/",
        "import": "import/",
        "import-preview": f"import/{upload.public_id}/",
    }
    return SITE | {name: f"{SLUG}/{path}" for name, path in pages.items()}


SITE = {
    "specs": "",
    "spec-new": "new/",
    "profile": "me/",
    "password-change": "password/change/",
    "password-reset": "password/",
    "password-sent": "password/sent/",
    "api": "api/v1/docs/",
    "not-there": "nothing-here/",
}

# Pages whose answer is not 200.
STATUS = {"not-there": 404, "clause-gone": 410}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_has_its_picture(
    addresses, signed_in: Callable[..., Page], open_page, live_site: str, scheme: str, width: str
):
    owner = Membership.objects.filter(spec__slug=SLUG, roles__contains=["owner"]).first()
    page = signed_in(owner.user, width=WIDTHS[width], color_scheme=scheme)
    for name, path in addresses.items():
        answer = page.goto(f"{live_site}/{path}")
        assert answer.status == STATUS.get(name, 200), path
        page.wait_for_load_state("networkidle")
        _keep(page, FOLDER / f"{name}-{width}-{scheme}.png")
    visitor = open_page(width=WIDTHS[width], color_scheme=scheme)
    for name, path in {"sign-in": "sign-in/", "specs-visitor": "", "draft-visitor": f"{SLUG}/draft/"}.items():
        visitor.goto(f"{live_site}/{path}")
        _keep(visitor, FOLDER / f"{name}-{width}-{scheme}.png")


def _keep(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file)
