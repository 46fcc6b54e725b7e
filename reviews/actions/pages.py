"""Storing pages as compressed bytes: quickly when they are first read, as small as can be when a worker has time."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

import brotli
from django.db import InternalError, OperationalError, transaction
from psycopg.errors import DiskFull, ReadOnlySqlTransaction

from reviews.jobs import JobName, enqueue
from reviews.models import Spec, StoredPage

log = logging.getLogger(__name__)
QUICK, STRONG = 0, 11
SETTLED_AFTER = timedelta(seconds=15)


def store(spec: Spec, *, name: str, stamp: str, html: bytes, now: datetime) -> StoredPage:
    """Keep the bytes of a page in place of those before, and promise to compress them better once they have settled.

    Where nothing can be written, on a full disk, the page is returned all the same: reading needs no room.
    """
    content = brotli.compress(html, mode=brotli.MODE_TEXT, quality=QUICK)
    page = StoredPage(
        spec=spec,
        name=name,
        stamp=stamp,
        etag=hashlib.sha256(content).hexdigest()[:32],
        content=content,
        created_at=now,
    )
    try:
        _write(page, now=now)
    except (OperationalError, InternalError) as problem:
        if not isinstance(problem.__cause__, DiskFull | ReadOnlySqlTransaction):
            raise
        log.warning("A page can't be stored: %s", problem)
    return page


@transaction.atomic
def _write(page: StoredPage, *, now: datetime) -> None:
    StoredPage.objects.bulk_create(
        [page],
        update_conflicts=True,
        unique_fields=["spec", "name"],
        update_fields=["stamp", "etag", "strong", "content", "created_at"],
    )
    key = f"{page.stamp} {now:%Y%m%d%H%M}"
    enqueue(JobName.STORE_PAGES, key=key, now=now, later=SETTLED_AFTER, spec=page.spec_id, page=page.name)


def compress(*, spec: int, page: str) -> None:
    """Compress a stored page as well as can be; one that is replaced meanwhile is left for its own job."""
    row = StoredPage.objects.filter(spec=spec, name=page, strong=False).first()
    if row is None:
        return
    content = brotli.compress(brotli.decompress(bytes(row.content)), mode=brotli.MODE_TEXT, quality=STRONG)
    StoredPage.objects.filter(pk=row.pk, etag=row.etag).update(content=content, strong=True)
