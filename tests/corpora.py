"""Where the real documents are that tests read."""

import os
from pathlib import Path

import pytest

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"

if not CORPORA.is_dir():
    if os.environ.get("CI") == "true":
        pytest.fail(f"the real documents are missing: {CORPORA}", pytrace=False)
    pytest.skip("the real documents are not on this machine", allow_module_level=True)
