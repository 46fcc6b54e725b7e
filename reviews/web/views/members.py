"""Members of a spec, their roles, invitations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from reviews.access.specs import Standing
from reviews.actions import people
from reviews.errors import Conflict, Invalid
from reviews.models import Invitation
from reviews.queries import people as rows
from reviews.queries.people import invitation_of, member_of
from reviews.rules.roles import Role, Verb
from reviews.web.confirmation import Question, ask, is_confirmed
from reviews.web.forms import errors
from reviews.web.forms.people import InvitationForm, RolesForm, roles_form
from reviews.web.pages.shell import page
from reviews.web.requests import standing_of
from reviews.web.responses import SeeOther, next_url

WRITINGS_STAY = "What they wrote stays. They can be invited again."


@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works on the spec: for members; owners change it here."""
    standing = standing_of(request, slug)
    standing.check(Verb.SEE_INTERNAL)
    return _index(request, standing)


@never_cache
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """A new invitation; its link is mailed, and shown by the page that answers, only there."""
    standing = managing(request, slug)
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            made, secret = people.invite(standing.spec, **form.cleaned_data, by=standing.person, now=timezone.now())
            shown = {"invitation": made, "link": f"{settings.SITE_URL}/invitations/{secret}/"}
            return page(request, "reviews/members/invited.html", shown, standing=standing, status=201)
        except Invalid as refusal:
            errors.show(form, refusal)
    return _index(request, standing, form=form, status=422)


@require_POST
def revoke_invitation(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Make an invitation's link useless."""
    standing = managing(request, slug)
    found = invitation_of(standing.spec, public_id)
    try:
        people.revoke_invitation(found, by=standing.person, now=timezone.now())
    except Conflict as refusal:
        return _index(request, standing, refusal=refusal.sentence, status=409)
    messages.success(request, f"The invitation of {found.email} is withdrawn.")
    return SeeOther(f"/{slug}/members/")


@require_POST
def change_roles(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Replace a member's roles."""
    standing = managing(request, slug)
    user = member_of(standing.spec, public_id)
    form = RolesForm(request.POST)
    chosen = form.cleaned_data["roles"] if form.is_valid() else []
    try:
        people.change_roles(standing.spec, user=user, roles=chosen, by=standing.person, now=timezone.now())
    except (Invalid, Conflict) as refusal:
        return _index(request, standing, refusal=f"{user.name}: {refusal.sentence}", status=422)
    messages.success(request, f"The roles of {user.name} are saved.")
    return SeeOther(f"/{slug}/members/")


@require_POST
def remove(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """End a membership; what the person wrote stays."""
    standing = managing(request, slug)
    user = member_of(standing.spec, public_id)
    if not is_confirmed(request):
        consequences = ["They lose access at once, and open invitations that they sent are withdrawn.", WRITINGS_STAY]
        question = Question(f"Remove {user.name}?", consequences, "Remove", f"/{slug}/members/")
        return ask(request, standing, question, sent=[])
    try:
        people.remove_member(standing.spec, user=user, by=standing.person, now=timezone.now())
    except Conflict as refusal:
        return _index(request, standing, refusal=f"{user.name}: {refusal.sentence}", status=409)
    messages.success(request, f"{user.name} is not a member any more.")
    return SeeOther("/" if user == standing.person else f"/{slug}/members/")


def managing(request: HttpRequest, slug: str) -> Standing:
    """The standing of somebody who may manage members; NotAllowed otherwise."""
    standing = standing_of(request, slug)
    standing.check(Verb.MANAGE_MEMBERS)
    return standing


def _index(request: HttpRequest, standing: Standing, *, status: int = 200, **shown: Any) -> HttpResponse:
    manages = standing.may(Verb.MANAGE_MEMBERS)
    after = request.GET.get("after", "")
    found = rows.members(standing.spec, after=after)
    shown["members"] = [_row(membership, manages) for membership in found.rows]
    shown.update(next_url=next_url(found.after), first_url="?" if after else "", manages=manages)
    if manages:
        shown["invitations"] = [_invitation(made) for made in rows.open_invitations(standing.spec, now=timezone.now())]
        shown.setdefault("form", InvitationForm())
        shown["invite_url"] = f"/{standing.spec.slug}/members/invitations"
    return page(request, "reviews/members/index.html", shown, standing=standing, status=status)


def _row(membership: Any, manages: bool) -> dict[str, Any]:
    labels = [Role(role).label for role in membership.roles]
    form = roles_form(membership.user, membership.roles) if manages else None
    return {"user": membership.user, "roles": labels, "since": membership.created_at, "form": form}


def _invitation(made: Invitation) -> dict[str, Any]:
    return {"made": made, "roles": [Role(role).label for role in made.roles]}
