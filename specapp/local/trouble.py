"""What keeps the program from starting, as a sentence for a person."""

from __future__ import annotations

import errno


class Trouble(Exception):
    """The message is all that is shown: it says what is wrong and what to do."""


def sentence(error: OSError) -> str:
    """Say what the system refused, where nothing more telling is known."""
    where = error.filename or "The system"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{where}: the disk is full. Make some room and start again."
    return f"{where} cannot be used ({error.strerror or error}): check what it is and whose it is, and start again."
