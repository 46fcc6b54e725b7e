"""What was rendered once is kept: clauses by what they depend on, whole pages by their address."""

from __future__ import annotations

from django.db import models

from reviews.models.specs import Spec


class Rendering(models.Model):
    """One clause source rendered with given titles by one version of the renderer.

    In `stable_text` each resolved title is one U+FFFC: quotes count in it.
    """

    key = models.BinaryField(max_length=32, primary_key=True)
    heading_html = models.TextField()
    body_html = models.TextField()
    stable_text = models.TextField()

    def __str__(self) -> str:
        return bytes(self.key).hex()[:12]


class StoredPage(models.Model):
    """The bytes that an outsider gets at an address, compressed with brotli.

    `stamp` says what they were made from: while it is the stamp of now they are fresh. `strong` when a worker has
    compressed them as well as can be.
    """

    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="stored_pages")
    name = models.CharField(max_length=150)
    stamp = models.CharField(max_length=64)
    etag = models.CharField(max_length=64)
    strong = models.BooleanField(default=False)
    content = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["spec", "name"], name="stored_page_once")]

    def __str__(self) -> str:
        return self.name
