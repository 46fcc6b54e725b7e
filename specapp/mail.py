"""Mail in development: written to the console and to a file under var/mail."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Self

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend


class ConsoleAndFileBackend(EmailBackend):
    """Keeps each message as a file and shows it in the log, sends nothing."""

    def __enter__(self) -> Self:
        return self  # each message opens a file of its own

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
