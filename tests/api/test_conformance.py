"""Made-up requests to every operation of the API: none is answered with an error of the server, or with what the schema
doesn't describe."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from reviews.actions import people
from tests.factories import make_proposal, make_thread

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


EXAMPLES = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def connection_stays(db):
    """The test's transaction goes on between requests, as Django's own test client sees to."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def described_api(db):
    """The schema as it is served, and the application behind it."""
    return schemathesis.openapi.from_wsgi("/api/v1/schema", WSGIHandler())


@pytest.fixture
def token(team):
    """The owner's, who may do most."""
    return people.create_token(team["owner"], name="test", now=timezone.now())[1]


@pytest.fixture
def known(spec, team):
    """The parameters of addresses that lead somewhere."""
    proposal = make_proposal(spec, by=team["author"])
    thread = make_thread(spec, by=team["member"], quote="does not lie")
    clause = thread.clause.public_id
    return {
        "slug": spec.slug,
        "proposal": proposal.public_id,
        "thread": thread.public_id,
        "clause": clause,
        "number": 1,
        "since": 1,
        "change": proposal.patch_sets.get().changes.get().public_id,
    }


def test_answers_are_as_the_schema_says(described_api, token, known):
    failed = []
    for found in described_api.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(EXAMPLES)
        def one_operation(case):
            parameters = case.path_parameters or {}
            parameters.update({name: known[name] for name in parameters.keys() & known.keys()})
            for headers in ({"Authorization": f"Bearer {token}"}, {}):
                case.call_and_validate(headers=headers, checks=CHECKS)

        try:
            one_operation()
        except* Exception as problems:
            failed.append(f"{operation.label}: {problems.exceptions[0]}"[:400])
    assert failed == []


def test_what_comes_before_a_view_is_described_for_each_operation(described_api):
    operations = [found.ok().definition.raw for found in described_api.get_all_operations()]

    assert len(operations) > 40
    for operation in operations:
        assert {"401", "403", "429"} <= operation["responses"].keys()
        assert ({"400", "413", "415"} <= operation["responses"].keys()) is ("requestBody" in operation)
