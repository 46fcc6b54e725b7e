"""Pages of lists, and what is said when something is refused. Conflicts are in a module of their own."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from reviews.queries.paging import LARGEST_PAGE


class PageIn(serializers.Serializer):
    """Which page of a list."""

    after = serializers.CharField(
        required=False, default="", max_length=64, help_text="From `next` of the page before."
    )
    size = serializers.IntegerField(required=False, default=50, min_value=1, max_value=LARGEST_PAGE)


class RefusalOut(serializers.Serializer):
    """Why something was not done, in a sentence."""

    detail = serializers.CharField()


class InvalidOut(RefusalOut):
    """Why something can't be used, with each field that is wrong and why."""

    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


@cache
def page_of(row: type[serializers.Serializer]) -> Any:
    """The shape of a page of such rows."""
    name = row.__name__.removesuffix("Out") + "Page"
    columns: dict[str, Any] = {
        "rows": row(many=True),
        "next": serializers.CharField(allow_null=True, help_text="Address of the next page, null at the end."),
    }
    return inline_serializer(name, columns)
