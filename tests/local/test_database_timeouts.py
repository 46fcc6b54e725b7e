"""What PostgreSQL ends because it takes too long, answered with 503 and when to come back."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from specapp.middleware import ShortWhenDatabaseIsLost, failed


def too_long_a_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        cursor.execute("SELECT pg_sleep(5)")


def too_long_between_statements() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '50ms'")
        time.sleep(0.3)
        cursor.execute("SELECT 1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("work", [too_long_a_statement, too_long_between_statements])
@pytest.mark.parametrize("path", ["/a-spec/", "/api/v1/specs"])
def test_what_takes_too_long_is_answered_with_503_and_one_line_in_the_log(work: Callable[[], None], path: str) -> None:
    try:
        with transaction.atomic():
            work()
    except Exception:
        answer = failed(RequestFactory().get(path))
        record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Error", (), sys.exc_info())
    connection.close()

    sentence = answer.content.decode() if path == "/a-spec/" else json.loads(answer.content)["detail"]
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    assert "This took too long because much is going on here at the moment." in sentence
    assert ShortWhenDatabaseIsLost().filter(record)
    assert record.getMessage().startswith("the database gave up: ")
    assert record.exc_info is None
