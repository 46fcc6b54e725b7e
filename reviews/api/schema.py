"""What every operation of the schema has, whichever view it is of."""

from __future__ import annotations

from typing import Any

SENTENCE = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}}
EVERYWHERE = {
    "401": "The token is unknown, expired or revoked.",
    "403": "Your roles, or the scopes of your token, don't allow this.",
    "429": "Too many requests; `Retry-After` says when to try again.",
}
WITH_A_BODY = {
    "400": "The body is not JSON.",
    "413": "The body is too large.",
    "415": "The body is of another media type than `application/json`.",
}


def add_common_responses(result: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Add the refusals that come before a view is asked, to each operation that doesn't describe its own."""
    for methods in result["paths"].values():
        for operation in methods.values():
            common = {**EVERYWHERE, **(WITH_A_BODY if "requestBody" in operation else {})}
            for status, words in common.items():
                operation["responses"].setdefault(status, {**SENTENCE, "description": words})
    return result
