"""The receipt of public feedback, for a sender who gave an address."""

from __future__ import annotations

from django.conf import settings

from reviews.actions.submissions import secret_of
from reviews.actions.wording import one_line
from reviews.mail.messages import MOST_OF_A_NAME, send
from reviews.models import Submission
from reviews.rules.states import SubmissionState


def send_receipt(submission: int) -> None:
    """Send the number and the link of a receipt; its secret is made again now, so that it waits nowhere."""
    found = Submission.objects.select_related("spec", "contact").get(pk=submission)
    contact = getattr(found, "contact", None)
    if contact is None or found.state == SubmissionState.WITHDRAWN:
        return
    title = one_line(found.spec.title)[:MOST_OF_A_NAME]
    context = {
        "submission": found,
        "title": title,
        "link": f"{settings.SITE_URL}/receipts/{secret_of(found)}/",
    }
    key = f"receipt-{found.public_id}"
    send(contact.email, f"Your feedback on {title}: {found.public_id}", "mail/receipt.txt", context, key=key)
