"""Views of one list as links that keep its filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode


def state_tabs(
    labels: Mapping[str, str], counts: Mapping[str, int], *, current: str, narrowed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One tab for each group of states, for components/tabs.html."""
    kept = {name: value for name, value in narrowed.items() if value}
    return [
        {
            "label": label,
            "url": "?" + urlencode({"state": name, **kept}),
            "current": name == current,
            "count": counts.get(name, 0),
        }
        for name, label in labels.items()
    ]
