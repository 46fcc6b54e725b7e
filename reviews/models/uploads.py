"""Files that were sent in for an import and wait for their sender's word."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from reviews.models.fields import public_id_field
from reviews.models.proposals import Proposal
from reviews.models.specs import Spec


class KeptUpload(models.Model):
    """A document between the upload and the decision of who sent it; it goes after two days.

    `used_at` and `proposal` say what was made of it, so that a decision that is sent twice is carried out once.
    """

    public_id = public_id_field()
    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="uploads")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    used_at = models.DateTimeField(null=True)
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class KeptImage(models.Model):
    """An image that came along."""

    upload = models.ForeignKey(KeptUpload, on_delete=models.CASCADE, related_name="images")
    name = models.CharField(max_length=200)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name
