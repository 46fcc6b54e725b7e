"""The schema and its page."""

from __future__ import annotations

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_generated_without_a_warning() -> None:
    output = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format=openapi-json", stdout=output)
    schema = json.loads(output.getvalue())
    assert Client().get("/api/v1/schema").json() == schema
    tags = {one["tags"][0] for methods in schema["paths"].values() for one in methods.values()}
    assert tags == {"changes", "clauses", "people", "proposals", "releases", "revisions", "specs", "threads"}


def test_no_shape_shows_an_address_a_hash_or_a_row_number_by_accident() -> None:
    shapes = Client().get("/api/v1/schema").json()["components"]["schemas"]
    fields = {name: set(shape.get("properties", {})) for name, shape in shapes.items()}
    assert [name for name, found in fields.items() if found & {"pk", "secret_hash", "password", "is_staff"}] == []
    assert [name for name, found in fields.items() if "email" in found] == ["MeOut"]


def test_the_page_tells_of_every_operation_and_obeys_the_policy() -> None:
    answer = Client().get("/api/v1/docs/")
    page = answer.content.decode()
    schema = Client().get("/api/v1/schema").json()
    operations = [one["operationId"] for methods in schema["paths"].values() for one in methods.values()]
    assert [name for name in operations if f'id="{name}"' not in page] == []
    linked = set(re.findall(r'href="#shape-(\w+)"', page))
    assert [name for name in linked if f'id="shape-{name}"' not in page] == []
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]* src=)|<style| style=| on\w+=", page) == []


@pytest.mark.parametrize("way", ["get", "post", "put", "delete"])
def test_what_is_not_there_answers_in_json(way: str) -> None:
    answer = getattr(Client(), way)("/api/v2/anything")
    assert answer.status_code == (404 if way == "get" else 401)
    assert answer["Content-Type"] == "application/json"
