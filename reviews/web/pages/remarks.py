"""What people wrote, as safe HTML: the Markdown of the dialect, without headings of its own."""

from __future__ import annotations

import re

from django.utils.safestring import SafeString, mark_safe

from reviews.text import dialect

HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>")
TO_ANCHOR = re.compile(r'(<a\b[^>]*\bhref=")#')


def remark(body: str, *, slug: str) -> SafeString:
    """A comment, reason or rationale; its links to anchors lead to the clauses of the draft."""
    done = dialect.render(body, dialect.Resolver())
    html = HEADING.sub(r"<\1p>", done.html)
    return mark_safe(TO_ANCHOR.sub(rf"\1/{slug}/draft/#", html))  # noqa: S308 (the dialect makes only safe HTML)
