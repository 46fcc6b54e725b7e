"""Every address of the site, from the URL tables: what the tests of leaks and of hostile input walk through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.urls import URLPattern, URLResolver

from reviews.api import urls as api
from reviews.web import urls as web

# What stands in the place of a parameter: a name in the `things` of a test. A route that is not here is not known.
PARAMETERS = {
    "proposals/<slug:public_id>": "proposal",
    "threads/<slug:public_id>": "thread",
    "clauses/<slug:public_id>": "clause",
    "import/<slug:public_id>": "upload",
    "members/invitations/<slug:public_id>": "invitation",
    "members/<slug:public_id>": "person",
    "me/tokens/<slug:public_id>": "token",
    "me/sessions/<slug:public_id>": "session",
    "changes/<slug:change>": "change",
    "positions/<slug:position>": "position",
    "proposals/<slug:proposal>": "proposal",
    "threads/<slug:thread>": "thread",
    "comments/<slug:comment>": "comment",
    "clauses/<slug:clause>": "clause",
    "enter/<slug:secret>": "secret",
    "receipts/<slug:secret>": "secret",
    "feedback/<slug:public_id>": "consultation",
    "invitations/<slug:secret>": "secret",
    "password/<uidb64>/<token>": "reset",
    "images/<slug:digest>": "digest",
    "compare/<str:pair>": "pair",
    "draft/<anchor:anchor>": "anchor",
    "<label:label>/<anchor:anchor>": "clause_of_release",
    "<label:label>/files/<anchor:name>": "file",
    "releases/<label:label>": "release",
    "releases/(?P<label>[0-9A-Za-z][0-9A-Za-z._-]{0,59})": "release",
    "<label:label>": "label",
    "revisions/<int:number>": "revision",
    "versions/<int:since>": "revision",
    "patch-sets/<int:number>": "patch_set",
    "<slug:slug>": "slug",
}


def routes(patterns: Iterable[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """The routes of a table as they are written, joined through its includes."""
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def every_route() -> list[str]:
    """The routes of the pages and of the API; the catch-all of the API stands for one unknown address."""
    return [*routes(web.urlpatterns), *(route for route in routes(api.urlpatterns, "/api/") if route != "/api/")]


def written(route: str, things: Mapping[str, str]) -> str:
    """An address of this route. Raises KeyError for a parameter that nobody has told the tests about."""
    for parameter, name in PARAMETERS.items():
        before = parameter.partition("(?P" if "(?P" in parameter else "<")[0]
        route = route.replace(parameter, before + things[name])
    if "<" in route or "(?P" in route:
        raise KeyError(f"tests/house/addresses.py does not know the route {route}")
    return route
