"""People as others see them, and as they see themselves."""

from __future__ import annotations

from rest_framework import serializers


class PersonOut(serializers.Serializer):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField()


class MeOut(PersonOut):
    email = serializers.EmailField()
