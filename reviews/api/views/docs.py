"""The schema, and a page that shows it to people: no script, no other host."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reviews.api import base
from reviews.errors import NotFound

TAGS = ("specs", "revisions", "clauses", "threads", "proposals", "changes", "releases", "people")
METHODS = ("get", "post", "put", "delete")


class Schema(base.View):
    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The OpenAPI description of everything here."""
        return Response(schema())


class Nowhere(base.View):
    """All other addresses below /api/."""

    @extend_schema(exclude=True)
    def get(self, request: Request, **kwargs: Any) -> Response:
        raise NotFound()

    post = put = patch = delete = get


def page(request: HttpRequest) -> HttpResponse:
    """The same as a page."""
    return render(request, "api/docs.html", {"groups": groups(), "shapes": shapes()})


@cache
def schema() -> dict[str, Any]:
    """Generated once a process: it is the same for everybody."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))


@cache
def groups() -> list[dict[str, Any]]:
    """The operations by tag."""
    found: dict[str, list[dict[str, Any]]] = {tag: [] for tag in TAGS}
    for path, methods in schema()["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                found[operation["tags"][0]].append(_operation(path, method, operation))
    return [{"name": name, "operations": operations} for name, operations in found.items()]


@cache
def shapes() -> list[dict[str, Any]]:
    """The shapes of what is sent and answered, by name."""
    found = sorted(schema()["components"]["schemas"].items())
    return [
        {"name": name, "text": shape.get("description", ""), "values": shape.get("enum"), "fields": _fields(shape)}
        for name, shape in found
    ]


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    return {
        "path": path,
        "method": method.upper(),
        "id": operation["operationId"],
        "text": operation.get("description", ""),
        "parameters": [_parameter(one) for one in operation.get("parameters", [])],
        "sends": _name(next(iter(content.values()))["schema"]) if content else "",
        "answers": [_answer(code, one) for code, one in operation["responses"].items()],
    }


def _parameter(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": one["name"],
        "where": one["in"],
        "type": _name(one["schema"]),
        "needed": one.get("required", False),
        "text": one.get("description", ""),
    }


def _answer(code: str, answer: dict[str, Any]) -> dict[str, str]:
    content = answer.get("content", {})
    return {"code": code, "shape": _name(next(iter(content.values()))["schema"]) if content else ""}


def _fields(shape: dict[str, Any]) -> list[dict[str, Any]]:
    needed = shape.get("required", [])
    return [
        {"name": name, "type": _name(one), "needed": name in needed, "text": one.get("description", "")}
        for name, one in shape.get("properties", {}).items()
    ]


def _name(schema: dict[str, Any]) -> str:
    """A type in words: the name of a shape, of a list of them, or a plain type."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    for together in ("allOf", "oneOf", "anyOf"):
        if together in schema:
            names = [_name(one) for one in schema[together]]
            return " or ".join(name for name in names if name not in {"NullEnum", "BlankEnum"})
    if schema.get("type") == "array":
        return f"list of {_name(schema['items'])}"
    return str(schema.get("format") or schema.get("type") or "anything")
