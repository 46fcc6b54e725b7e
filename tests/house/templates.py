"""Every template compiles, and none carries what the Content-Security-Policy forbids."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError, engines

from specapp.env import ROOT

FOLDER = ROOT / "templates"
STANDS_ALONE = {"editions", "mail"}  # files that people take away and messages: no page of ours
TEMPLATE_WORDS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", re.I),
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "something from another host": re.compile(r"\b(?:src|srcset)\s*=\s*[\"'](?:https?:)?//", re.I),
}


def every() -> list[Path]:
    """All templates, in a fixed order."""
    return sorted(path for path in FOLDER.rglob("*") if path.is_file())


def forbidden(source: str, name: str) -> list[str]:
    plain = TEMPLATE_WORDS.sub("", source)
    return [f"{name}: {what}" for what, pattern in FORBIDDEN.items() if pattern.search(plain)]


def problems(path: Path) -> list[str]:
    """What is wrong with one template, as sentences."""
    source = path.read_text(encoding="utf-8")
    found = [] if STANDS_ALONE.intersection(path.parts) else forbidden(source, path.name)
    try:
        engines["django"].from_string(source)
    except TemplateSyntaxError as error:
        found.append(f"{path.name}: {error}")
    return found


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "specapp.settings")
    django.setup()
    found = [problem for path in every() for problem in problems(path)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
