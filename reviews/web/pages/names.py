"""What the stored pages are called."""

from __future__ import annotations

DRAFT = "draft"
COMPARE = "compare"


def name_of_release(label: str) -> str:
    """The reading page of a release."""
    return f"release {label}"


def name_of_comparison(pair: str) -> str:
    """The comparison of two editions, written `old..new` as in its address."""
    return f"{COMPARE} {pair}"


def depends_on_head(name: str) -> bool:
    """Whether a page changes with the draft."""
    kind, _, pair = name.partition(" ")
    return name == DRAFT or (kind == COMPARE and (pair.startswith(f"{DRAFT}..") or pair.endswith(f"..{DRAFT}")))
