"""Storing the files that a release became."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from reviews.models import Release, ReleaseFile


@dataclass(frozen=True)
class File:
    """One file to be downloaded."""

    name: str
    media_type: str
    content: bytes


def store(release: Release, files: Sequence[File]) -> None:
    """Keep the files of a release; those that are kept already stay as they are."""
    rows = [
        ReleaseFile(
            release=release,
            name=file.name,
            media_type=file.media_type,
            content=file.content,
            content_hash=hashlib.sha256(file.content).digest(),
        )
        for file in files
    ]
    ReleaseFile.objects.bulk_create(rows, ignore_conflicts=True)
