"""Columns that several models share."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Q

from reviews.models.ids import LENGTH, new_public_id


def choices(kinds: type[StrEnum]) -> list[tuple[str, str]]:
    """An enum as Django's choices."""
    return [(kind.value, getattr(kind, "label", kind.value.replace("_", " "))) for kind in kinds]


def kind_field(kinds: type[StrEnum], **options: Any) -> Any:
    """A column that holds one of an enum's words; the table's constraint is `kind_check`."""
    return models.CharField(max_length=20, choices=choices(kinds), **options)


def kind_check(column: str, kinds: type[StrEnum], *, table: str) -> models.CheckConstraint:
    """The database's own knowledge of the enum."""
    values = [kind.value for kind in kinds]
    return models.CheckConstraint(condition=Q(**{f"{column}__in": values}), name=f"{table}_{column}_known")


def public_id_field() -> Any:
    """A random identifier for addresses."""
    return models.CharField(max_length=LENGTH, unique=True, default=new_public_id, editable=False)
