"""Paging by key: a page begins behind a row that the reader has seen, named by an identifier that tells nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from reviews.errors import Invalid

LARGEST_PAGE = 100


@dataclass(frozen=True)
class Slice:
    """The rows of one page in order, and where the next one begins: None at the end."""

    rows: list[Any]
    after: str | None


@dataclass(frozen=True)
class Order:
    """How a list runs: `column` is unique in it (“-” for descending), `cursor` names a row to the reader."""

    column: str
    cursor: str

    @property
    def name(self) -> str:
        return self.column.removeprefix("-")

    @property
    def beyond(self) -> str:
        return f"{self.name}__lt" if self.column.startswith("-") else f"{self.name}__gt"


NEWEST_FIRST = Order("-pk", "public_id")
OLDEST_FIRST = Order("pk", "public_id")


def page_of(
    rows: QuerySet[Any], *, order: Order, after: str = "", size: int = LARGEST_PAGE, among: QuerySet[Any] | None = None
) -> Slice:
    """The page of these rows that begins behind the row called `after`.

    That row is looked up among what its sender may see (`among`, where the rows are filtered further), so that a cursor
    tells nothing. Raises Invalid when it is not there.
    """
    if after:
        rows = rows.filter(**{order.beyond: _place(rows if among is None else among, order, after)})
    found = list(rows.order_by(order.column)[: size + 1])
    shown = found[:size]
    return Slice(shown, str(_value(shown[-1], order.cursor)) if len(found) > size else None)


def _place(rows: QuerySet[Any], order: Order, after: str) -> Any:
    try:
        place = rows.filter(**{order.cursor: after.replace("\x00", "")}).values_list(order.name, flat=True).first()
    except (ValueError, ValidationError):
        place = None
    if place is None:
        raise Invalid("This page begins nowhere any more: go back to the first one.", fields={"after": "Unknown."})
    return place


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row
