"""Every template compiles and obeys the Content-Security-Policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from specapp.env import ROOT
from tests.house import templates


@pytest.mark.parametrize("path", templates.every(), ids=lambda path: str(path.relative_to(templates.FOLDER)))
def test_template_compiles_and_carries_nothing_inline(path: Path) -> None:
    assert templates.problems(path) == []


def test_an_offending_template_is_found(tmp_path: Path) -> None:
    wrong = ROOT / "templates" / "wrong.html"
    bad = tmp_path / wrong.name
    bad.write_text('<p style="color: red" onclick="x()">{% load nothing %}<script>1</script>')

    found = templates.problems(bad)

    assert [problem.split(": ")[1] for problem in found][:3] == [
        "an inline script",
        "an inline style",
        "an inline handler",
    ]
    assert "nothing" in found[3]
