"""The log file of everything stays small."""

from __future__ import annotations

from pathlib import Path

import pytest

from specapp.local import children


def test_a_log_that_grows_is_rotated_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "KEPT_BYTES", 1000)
    log = children.Log(tmp_path / "log" / "specapp.log")
    for number in range(200):
        log.say(f"line {number}")
    kept = {path.name: path.read_text() for path in (tmp_path / "log").iterdir()}
    assert sorted(kept) == ["specapp.log", "specapp.old.log"]
    assert max(len(text) for text in kept.values()) < 1100
    assert "line 199\n" in kept["specapp.old.log"] + kept["specapp.log"]
