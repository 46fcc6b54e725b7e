"""The frame around every page: where one is, where one can go, as whom."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reviews.access.releases import visible_releases
from reviews.access.specs import Standing
from reviews.rules.roles import Verb
from reviews.web.requests import AS_PUBLIC, person_of


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, **options: Any) -> HttpResponse:
    """A page in its shell. Options: `standing` (the spec one is in), `here` (the link that is current), `version`
    (what the version pill says), `status`."""
    shell = shell_of(request, options.get("standing"), here=options.get("here", ""), version=options.get("version", ""))
    shown = {"shell": shell, "standing": options.get("standing"), **(context or {})}
    return render(request, template, shown, status=options.get("status", 200))


def shell_of(request: HttpRequest, standing: Standing | None, *, here: str = "", version: str = "") -> dict[str, Any]:
    """What components/header.html shows."""
    person = person_of(request)
    shell: dict[str, Any] = {"sign_in_url": f"/sign-in/?next={request.get_full_path()}", "sign_out_url": "/sign-out/"}
    shell["people_links"] = [{"label": "Profile", "url": "/me/"}]
    if person is not None:
        shell["user_name"] = person.name
    if standing is not None:
        shell.update(_in_spec(request, standing, here=here, version=version))
        shell["people_links"] += _spec_links(standing)
    return shell


def _in_spec(request: HttpRequest, standing: Standing, *, here: str, version: str) -> dict[str, Any]:
    root = f"/{standing.spec.slug}/"
    names = ["releases", "proposals", "threads", "activity"]
    shown: dict[str, Any] = {
        "spec_title": standing.spec.title,
        "spec_url": root,
        "links": [{"label": name.title(), "url": f"{root}{name}/", "current": name == here} for name in names],
    }
    if version:
        shown["version_label"] = version
        shown["versions"] = _versions(standing, version)
    if request.session.get(AS_PUBLIC) == standing.spec.slug and not standing.is_insider:
        shown["as_public"], shown["as_public_end_url"] = True, f"{root}view-as-public"
    return shown


def _versions(standing: Standing, current: str) -> list[dict[str, Any]]:
    root = f"/{standing.spec.slug}/"
    rows = visible_releases(standing).order_by("-published_at", "-pk").values_list("label", flat=True)[:50]
    labels = ["draft", *rows]
    return [{"label": label, "url": f"{root}{label}/", "current": label == current} for label in labels]


def _spec_links(standing: Standing) -> list[dict[str, Any]]:
    root = f"/{standing.spec.slug}/"
    links = [
        (Verb.CONFIGURE, "Settings", "settings/"),
        (Verb.MANAGE_MEMBERS, "Members", "members/"),
        (Verb.IMPORT, "Import", "import/"),
    ]
    return [{"label": label, "url": root + path} for verb, label, path in links if standing.may(verb)]
