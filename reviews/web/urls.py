"""The addresses of the HTML face, by noun; those of a spec come last, its own words being reserved as release labels."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
