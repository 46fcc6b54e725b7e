"""The colours of static/css/tokens.css: enough contrast in both schemes, computed by the formula of WCAG 2.2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
GROUNDS = ("paper", "raised", "sunk", "here")
RANKS = [f"rank-{rank}" for rank in range(1, 7)]
TEXT, CONTROL = 4.5, 3.0

# (foreground, background, required): every pair of colours that the stylesheets put on one another.
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "soft", "accent") for ground in GROUNDS],
    *[(tone, ground, TEXT) for tone in ("good", "bad", "ok", "internal") for ground in GROUNDS],
    *[(tone, f"{tone}-bg", TEXT) for tone in ("good", "bad", "ok", "internal", "accent")],
    *[(ink, f"{tone}-bg", TEXT) for ink in ("ink", "soft") for tone in ("good", "bad", "ok", "internal", "accent")],
    *[(rank, ground, TEXT) for rank in RANKS for ground in GROUNDS],
    *[("ink", ground, TEXT) for ground in ("mark", "mark-here")],
    *[("accent", ground, TEXT) for ground in ("mark", "internal-bg", "good-bg", "bad-bg", "ok-bg")],
    ("accent-ink", "accent", TEXT),
    ("danger-ink", "danger", TEXT),
    ("paper", "ink", TEXT),
    ("paper", "internal", TEXT),
    *[(line, ground, CONTROL) for line in ("edge", "focus") for ground in ("paper", "raised", "sunk", "internal-bg")],
    *[("mark-line", ground, CONTROL) for ground in ("paper", "raised")],
]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(over: str, under: str, share: float) -> str:
    """`share` of one colour over another, as color-mix(in srgb) with transparent looks on that ground."""
    parts = [(int(over[at : at + 2], 16), int(under[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def schemes() -> dict[str, dict[str, str]]:
    """Colours by scheme and name."""
    found = PAIR.findall((CSS / "tokens.css").read_text())
    return {"light": {name: light for name, light, _ in found}, "dark": {name: dark for name, _, dark in found}}


def test_contrast_formula_at_its_ends():
    assert (contrast("#000000", "#ffffff"), contrast("#777777", "#777777")) == (21.0, 1.0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_has_enough_contrast(scheme):
    colours = schemes()[scheme]
    ratios = [(one, other, contrast(colours[one], colours[other]), needed) for one, other, needed in PAIRS]
    assert [(one, other, round(ratio, 2)) for one, other, ratio, needed in ratios if ratio < needed] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_on_their_own_tint_have_enough_contrast(scheme):
    colours = schemes()[scheme]
    shares = {"badge": (0.05, RANKS), "state": (0.11, ["soft", "accent", "good", "ok", "bad", "internal"])}
    weak = [
        (part, tone, ground)
        for part, (share, tones) in shares.items()
        for tone in tones
        for ground in ("paper", "raised", "internal-bg")
        if contrast(colours[tone], mixed(colours[tone], colours[ground], share)) < TEXT
    ]
    assert weak == []


def test_colours_are_named_only_in_the_tokens():
    literals = {
        path.name: re.findall(
            r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?!\w)", path.read_text().partition("@layer print {")[0]
        )
        for path in sorted(CSS.glob("*.css"))
        if path.name != "tokens.css"
    }
    assert {name: found for name, found in literals.items() if found} == {}


def test_every_custom_property_used_is_defined():
    sources = "\n".join(path.read_text() for path in CSS.glob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)", sources))
    assert used - set(re.findall(r"--([\w-]+):", sources)) == set()
