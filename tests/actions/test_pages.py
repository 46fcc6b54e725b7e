"""Storing pages and compressing them later."""

from __future__ import annotations

from datetime import timedelta

import brotli
import pytest
from django.db import connection, transaction

from reviews.actions import pages
from reviews.jobs import JobName
from reviews.models import Job, Spec, StoredPage
from tests.factories import NOW, make_spec

pytestmark = pytest.mark.django_db
HTML = b"<p>" + b"The assistant does not lie. " * 200


@pytest.fixture
def spec() -> Spec:
    return make_spec(source="")


def stored(spec: Spec) -> StoredPage:
    return StoredPage.objects.get(spec=spec, name="draft")


def test_a_page_is_kept_compressed_in_place_of_the_one_before(spec):
    pages.store(spec, name="draft", stamp="a", html=b"old", now=NOW)
    pages.compress(spec=spec.pk, page="draft")
    pages.store(spec, name="draft", stamp="b", html=HTML, now=NOW)
    row = stored(spec)
    assert (row.stamp, row.strong, brotli.decompress(bytes(row.content))) == ("b", False, HTML)


def test_compressing_is_promised_for_when_it_has_settled(spec):
    pages.store(spec, name="draft", stamp="a", html=HTML, now=NOW)
    job = Job.objects.get(name=JobName.STORE_PAGES)
    assert job.arguments == {"spec": spec.pk, "page": "draft"}
    assert job.due_at == NOW + timedelta(seconds=15)


def test_compressing_keeps_the_page_and_its_etag_and_is_done_once(spec):
    pages.store(spec, name="draft", stamp="a", html=HTML, now=NOW)
    before = stored(spec)
    pages.compress(spec=spec.pk, page="draft")
    after = stored(spec)
    assert (after.stamp, after.etag, after.strong) == (before.stamp, before.etag, True)
    assert len(after.content) < len(before.content)
    assert brotli.decompress(bytes(after.content)) == HTML
    pages.compress(spec=spec.pk, page="draft")
    assert bytes(stored(spec).content) == bytes(after.content)


def test_compressing_what_is_not_there_does_nothing(spec):
    pages.compress(spec=spec.pk, page="absent")
    assert not StoredPage.objects.exists()


def test_a_page_that_cannot_be_written_is_returned_all_the_same(spec):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        page = pages.store(spec, name="draft", stamp="a", html=HTML, now=NOW)
        transaction.set_rollback(True)

    assert (page.stamp, brotli.decompress(bytes(page.content))) == ("a", HTML)
    assert not StoredPage.objects.exists()
