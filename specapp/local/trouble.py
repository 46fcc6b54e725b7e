"""What keeps the program from starting, as a sentence for a person."""

from __future__ import annotations


class Trouble(Exception):
    """The message is all that is shown: it says what is wrong and what to do."""
