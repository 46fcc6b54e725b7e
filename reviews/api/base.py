"""What all views of the API share: who stands before which spec, pages, what may be kept by whom."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.openapi import AutoSchema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from reviews.access import specs as access
from reviews.access.specs import Standing
from reviews.api.auth import person_of
from reviews.api.scopes import check_scope
from reviews.api.serializers.conflicts import ConflictOut
from reviews.api.serializers.pages import InvalidOut, PageIn, RefusalOut
from reviews.errors import Invalid
from reviews.queries.paging import Order, Slice, page_of

REFUSALS = {401: RefusalOut, 403: RefusalOut, 404: RefusalOut, 409: ConflictOut, 422: InvalidOut}
SEEING = {404: RefusalOut}
LISTING = {404: RefusalOut, 422: InvalidOut}


class Described(AutoSchema):
    """Operations are called by their method and view: getThreads, postThreads, getThread."""

    def get_operation_id(self) -> str:
        return f"{self.method.lower()}{type(self.view).__name__.removeprefix('One')}"


@method_decorator(conditional_page, name="dispatch")
class View(APIView):
    """Answers carry an ETag of their bytes, and are asked for again each time, since what one may see can change."""

    schema = Described()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_scope(request, self)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return response

    def sent(self, shape: type[Serializer]) -> dict[str, Any]:
        """What was sent, in this shape. Raises DRF's ValidationError, which is answered with 422."""
        try:
            return _valid(shape(data=self.request.data))
        except RecursionError:
            raise Invalid("This JSON is nested too deeply.") from None

    def asked(self, shape: type[Serializer]) -> dict[str, Any]:
        """Return the parameters of the address in this shape. Raises DRF's ValidationError, which is answered with 422."""
        return _valid(shape(data=self.request.query_params.dict()))

    def slice_of(self, rows: QuerySet[Any], order: Order, *, among: QuerySet[Any] | None = None) -> Slice:
        """The page that was asked for."""
        page = self.asked(PageIn)
        return page_of(rows, order=order, after=page["after"], size=page["size"], among=among)

    def listed(self, found: Slice, shape: type[Serializer], **context: Any) -> Response:
        """A page of rows, and where the next one is."""
        rows = shape(found.rows, many=True, context=context).data
        return Response({"rows": rows, "next": self._next(found.after)})

    def _next(self, after: str | None) -> str | None:
        if after is None:
            return None
        return f"{self.request.path}?{urlencode({**self.request.query_params.dict(), 'after': after})}"


class SpecView(View):
    """A view below the address of a spec; whoever must not know of it gets 404."""

    standing: Standing

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.standing = access.standing(person_of(request), kwargs["slug"])


def _valid(shape: Serializer) -> dict[str, Any]:
    shape.is_valid(raise_exception=True)
    return dict(shape.validated_data)
