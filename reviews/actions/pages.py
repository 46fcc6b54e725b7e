"""Storing pages as compressed bytes: quickly when they are first read, as small as can be when a worker has time."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import brotli
from django.db import transaction

from reviews.jobs import JobName, enqueue
from reviews.models import Spec, StoredPage

QUICK, STRONG = 0, 11
SETTLED_AFTER = timedelta(seconds=15)


@transaction.atomic
def store(spec: Spec, *, name: str, stamp: str, html: bytes, now: datetime) -> StoredPage:
    """Keep the bytes of a page in place of those before, and promise to compress them better once they have settled."""
    content = brotli.compress(html, mode=brotli.MODE_TEXT, quality=QUICK)
    page = StoredPage(
        spec=spec,
        name=name,
        stamp=stamp,
        etag=hashlib.sha256(content).hexdigest()[:32],
        content=content,
        created_at=now,
    )
    StoredPage.objects.bulk_create(
        [page],
        update_conflicts=True,
        unique_fields=["spec", "name"],
        update_fields=["stamp", "etag", "strong", "content", "created_at"],
    )
    enqueue(JobName.STORE_PAGES, key=f"{stamp} {now:%Y%m%d%H%M}", now=now, later=SETTLED_AFTER, spec=spec.pk, page=name)
    return page


def compress(*, spec: int, page: str) -> None:
    """Compress a stored page as well as can be; one that is replaced meanwhile is left for its own job."""
    row = StoredPage.objects.filter(spec=spec, name=page, strong=False).first()
    if row is None:
        return
    content = brotli.compress(brotli.decompress(bytes(row.content)), mode=brotli.MODE_TEXT, quality=STRONG)
    StoredPage.objects.filter(pk=row.pk, etag=row.etag).update(content=content, strong=True)
