"""The mail that tells whoever operates the site of jobs that were given up."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from reviews.mail.messages import send
from reviews.models import Job

MOST_LISTED = 50


def send_report(jobs: Sequence[int]) -> None:
    """Send the operator one message about failed jobs; those that were retried or cleared meanwhile are left out."""
    rows = Job.objects.filter(pk__in=jobs, failed_at__isnull=False).order_by("pk")
    count = rows.count()
    if not count or not settings.OPERATOR_EMAIL:
        return
    context = {
        "jobs": rows[:MOST_LISTED],
        "count": count,
        "more": max(count - MOST_LISTED, 0),
        "link": f"{settings.SITE_URL}/admin/reviews/job/retry/",
    }
    subject = "A job failed" if count == 1 else f"{count} jobs failed"
    send(
        settings.OPERATOR_EMAIL,
        subject,
        "mail/operator.txt",
        context,
        key=f"operator-{rows[0].reported_at:%Y%m%d%H%M%S}",
    )
