"""What is kept out of the log: the secret parts of addresses that let somebody in."""

from __future__ import annotations

import logging
import re

HIDDEN = "[hidden]"
# Also with its slashes encoded, as in the `next` of a sign-in page. The slug after /members/invitations/ is no secret.
SLASH = r"(?:/|%2F)"
PART = r"(?:(?!%2F)[^/\s?#&\"'<>])+"
SECRETS = re.compile(
    rf"(?P<way>(?<!/members){SLASH}(?:invitations|enter|receipts){SLASH}){PART}"
    rf"|(?P<reset>{SLASH}password{SLASH}){PART}{SLASH}{PART}",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """Return the text with every secret of an invitation, of a sign-in link and of a reset link replaced."""
    return SECRETS.sub(lambda match: f"{match['way'] or match['reset']}{HIDDEN}", text)


class HideSecrets(logging.Filter):
    """Replaces secrets in the message of a record, in its traceback and in its stack."""

    formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_secrets(record.exc_text)
        if record.stack_info:
            record.stack_info = without_secrets(record.stack_info)
        return True
