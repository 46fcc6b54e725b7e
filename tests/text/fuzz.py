"""Coverage-guided fuzzing of one part of the text engine: `python -m tests.text.fuzz merging -max_total_time=60`."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["reviews.text"]):
    from tests.text import inputs


def main() -> None:
    """Fuzzes until told to stop; an input that breaks a law is kept by the fuzzer as a file."""
    atheris.Setup([sys.argv[0], *sys.argv[2:]], inputs.TARGETS[sys.argv[1]])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
