"""The frame around every page: where one is, where one can go, as whom."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reviews.access.specs import Standing
from reviews.queries.reading import editions
from reviews.rules.roles import Verb
from reviews.web.forms.errors import focus_first
from reviews.web.requests import AS_PUBLIC, named_page, person_of

VERSIONS_SHOWN = 50


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, **options: Any) -> HttpResponse:
    """A page in its shell. Options: `standing` (the spec one is in), `here` (the link that is current), `version`
    (what the version pill says), `status`."""
    shell = shell_of(request, options.get("standing"), here=options.get("here", ""), version=options.get("version", ""))
    status = options.get("status", 200)
    shell["is_refusal"] = status >= 400
    if shell["is_refusal"]:
        shell["page_path"] = named_page(request)
        any(focus_first(one) for one in (context or {}).values() if isinstance(one, BaseForm | BaseFormSet))
    shown = {"shell": shell, "standing": options.get("standing"), **(context or {})}
    return render(request, template, shown, status=status)


def shell_of(request: HttpRequest, standing: Standing | None, *, here: str = "", version: str = "") -> dict[str, Any]:
    """What components/header.html shows."""
    person = person_of(request)
    shell = _shell(request.get_full_path(), standing, here=here, version=version)
    if person is not None:
        shell["user_name"], shell["person_id"] = person.name, person.public_id
    if standing is not None:
        shell["people_links"] += _spec_links(standing)
        shell.update(_as_public(request, standing))
    return shell


def public_shell(standing: Standing, *, path: str, here: str = "", version: str = "") -> dict[str, Any]:
    """Return what the header shows to everybody without a session at this path; nothing of the request is in it."""
    return _shell(path, standing.as_public(), here=here, version=version)


def _shell(path: str, standing: Standing | None, *, here: str, version: str) -> dict[str, Any]:
    shell: dict[str, Any] = {"sign_in_url": sign_in_url(path), "sign_out_url": "/sign-out/"}
    shell["people_links"] = [{"label": "Profile", "url": "/me/"}]
    if standing is not None:
        shell.update(_in_spec(standing, here=here, version=version))
    return shell


def sign_in_url(path: str) -> str:
    """Where one signs in and is taken back to this path."""
    return f"/sign-in/?{urlencode({'next': path})}"


def _in_spec(standing: Standing, *, here: str, version: str) -> dict[str, Any]:
    root = f"/{standing.spec.slug}/"
    names = ["releases", "proposals", "threads", "feedback", "activity"]
    shown: dict[str, Any] = {
        "spec_title": standing.spec.title,
        "spec_url": root,
        "links": [{"label": name.title(), "url": f"{root}{name}/", "current": name == here} for name in names],
    }
    if version:
        shown["version_label"] = "Draft" if version == "draft" else version
        shown["versions"] = _versions(standing, version)
    return shown


def _as_public(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    """The way to see what the public sees, and the way back."""
    toggle = f"/{standing.spec.slug}/view-as-public"
    if standing.is_insider:
        return {"as_public_begin_url": toggle} if standing.spec.is_public else {}
    if request.session.get(AS_PUBLIC) == standing.spec.slug:
        return {"as_public": True, "as_public_end_url": toggle}
    return {}


def _versions(standing: Standing, current: str) -> list[dict[str, Any]]:
    root = f"/{standing.spec.slug}/"
    draft = {"label": "Draft", "url": f"{root}draft/", "current": current == "draft", "note": "what is being worked on"}
    rows = [
        {
            "label": one.label,
            "url": f"{root}{one.label}/",
            "current": one.label == current,
            "note": f"{one.day:%-d %b %Y}",
        }
        for one in editions(standing)[:VERSIONS_SHOWN]
    ]
    return [draft, *rows]


def _spec_links(standing: Standing) -> list[dict[str, Any]]:
    root = f"/{standing.spec.slug}/"
    links = [
        (Verb.CONFIGURE, "Settings", "settings/"),
        (Verb.MANAGE_MEMBERS, "Members", "members/"),
        (Verb.IMPORT, "Import", "import/"),
    ]
    return [{"label": label, "url": root + path} for verb, label, path in links if standing.may(verb)]
