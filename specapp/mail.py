"""Mail in development: written to the console and to a file under var/mail."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Self

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend


class ConsoleAndFileBackend(EmailBackend):
    """Keeps each message as a file and shows it in the log, sends nothing."""

    def __enter__(self) -> Self:
        return self  # each message opens a file of its own

    def open(self) -> bool:
        """Open the file of a message for its owner only: it may hold a link that lets somebody in."""
        if self.stream is not None:
            return False
        os.chmod(self.file_path, 0o700)
        self.stream = os.fdopen(os.open(self._get_filename(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        count = 0
        for message in email_messages:
            sys.stdout.write(shown(message))
            self._fname = None
            count += super().send_messages([message]) or 0
        sys.stdout.flush()
        return count


def shown(message: EmailMessage) -> str:
    """The message as a reader of the log wants it: to whom, about what, and its words."""
    body = "\n".join(f"    {line}" for line in str(message.body).splitlines())
    return f"mail to {', '.join(message.to)}: {message.subject}\n{body}\n"
