"""Threads and comments."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reviews.actions.threads import LONGEST_COMMENT
from reviews.api.serializers.choices import THREAD_KINDS, THREAD_MOVES, THREAD_STATES, VISIBILITIES
from reviews.api.serializers.people import PersonOut
from reviews.models import Thread


class QuoteIn(serializers.Serializer):
    """Words in one clause version: offsets count code points of its rendered text, each resolved title being one U+FFFC."""

    since = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The revision from which on that version is valid."
    )
    start = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    end = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    exact = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=20_000)


class ThreadIn(serializers.Serializer):
    """On a clause, on words in it, or on a proposal."""

    clause = serializers.CharField(required=False, default="", allow_blank=True, max_length=20)
    proposal = serializers.CharField(required=False, default="", allow_blank=True, max_length=20)
    quote = QuoteIn(required=False, default=None, allow_null=True)
    visibility = serializers.ChoiceField(choices=VISIBILITIES, help_text="Fixed from the beginning.")
    kind = serializers.ChoiceField(choices=THREAD_KINDS, required=False, default="question")
    body = serializers.CharField(max_length=LONGEST_COMMENT)

    def validate(self, given: dict[str, object]) -> dict[str, object]:
        if bool(given["clause"]) == bool(given["proposal"]):
            raise serializers.ValidationError({"clause": "Name either a clause or a proposal."})
        if given["quote"] and not given["clause"]:
            raise serializers.ValidationError({"quote": "Words are quoted from a clause: name it."})
        return given


class CommentIn(serializers.Serializer):
    body = serializers.CharField(max_length=LONGEST_COMMENT)


class MoveIn(serializers.Serializer):
    move = serializers.ChoiceField(choices=THREAD_MOVES)
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_COMMENT)
    proposal = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=20, help_text="What addressed it."
    )


class QuoteOut(serializers.Serializer):
    """The words as first written, with what stood around them."""

    since = serializers.IntegerField(source="quoted_version.since")
    start = serializers.IntegerField(source="quote_start")
    end = serializers.IntegerField(source="quote_end")
    exact = serializers.CharField(source="quote")
    prefix = serializers.CharField(source="quote_prefix")
    suffix = serializers.CharField(source="quote_suffix")


class ThreadOut(serializers.Serializer):
    id = serializers.CharField(source="public_id")
    clause = serializers.CharField(source="clause.public_id", default=None, allow_null=True)
    proposal = serializers.CharField(source="proposal.public_id", default=None, allow_null=True)
    quote = serializers.SerializerMethodField(allow_null=True)
    visibility = serializers.ChoiceField(choices=VISIBILITIES)
    kind = serializers.ChoiceField(choices=THREAD_KINDS)
    state = serializers.ChoiceField(choices=THREAD_STATES)
    closing_reason = serializers.CharField()
    addressed_by = serializers.SerializerMethodField(allow_null=True)
    created_by = PersonOut()
    created_at = serializers.DateTimeField()

    @extend_schema_field(QuoteOut(allow_null=True))
    def get_quote(self, thread: Thread) -> dict[str, object] | None:
        return dict(QuoteOut(thread).data) if thread.quote else None

    def get_addressed_by(self, thread: Thread) -> str | None:
        """Only where the reader may know of that proposal."""
        proposal = thread.addressed_by
        known = proposal is not None and proposal.pk in self.context["visible_proposals"]
        return proposal.public_id if proposal is not None and known else None


class CommentOut(serializers.Serializer):
    id = serializers.CharField(source="public_id")
    author = PersonOut()
    body = serializers.CharField(help_text="Of a withdrawn comment a sentence that says so.")
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class CommentVersionOut(serializers.Serializer):
    """A text that a comment had before."""

    body = serializers.CharField()
    written_at = serializers.DateTimeField()


class CommentVersionsOut(CommentOut):
    """A comment with its earlier texts, newest first; a withdrawn comment has none."""

    earlier_versions = CommentVersionOut(many=True, source="shown_versions")


class ThreadFilters(serializers.Serializer):
    state = serializers.ChoiceField(choices=THREAD_STATES, required=False)
    clause = serializers.CharField(required=False, max_length=20)
    proposal = serializers.CharField(required=False, max_length=20)
