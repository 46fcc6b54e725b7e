"""Parts of addresses: labels of releases, which are none of a spec's own words, and anchors of clauses."""

from __future__ import annotations

from urllib.parse import quote

from reviews.actions.releases import LABEL_IN_ADDRESS, RESERVED


class LabelConverter:
    """The label of a release."""

    regex = rf"(?!(?:{'|'.join(sorted(RESERVED))})(?:/|$)){LABEL_IN_ADDRESS}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class AnchorConverter:
    """The anchor of a clause, whatever its author wrote; nothing that the database could not hold."""

    regex = r"[^\x00]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return quote(value, safe="~")
