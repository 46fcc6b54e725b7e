"""Hostile texts: attempts at scripts, requests and htmx behaviour, written for this product, and where they are put."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent

# What an attack would do when it works: the test watches `window.fired`, dialogs and requests to this host.
FIRE = "window.fired=1"
HOST = "//evil.test/x"

PLACES = {
    "alone": "{}",
    "paragraph": "Some words {} and more words.",
    "title": "# Title {} {{#t authority=root}}\n\nText.",
    "list": "- one {}\n- two",
    "cell": "| a | b |\n|---|---|\n| {} | c |",
    "quote": "> {}",
    "bold": "**a {} b**",
    "link words": "[a {} b](https://example.org)",
    "admonition": '!!! meta "{}"\n    {}\n',
    "example title": "**Example**: {}\n\n~~~xml\n<user>\na\n</user>\n~~~",
    "message": "**Example**: x\n\n~~~xml\n<user>\n{}\n</user>\n~~~",
    "verdict": "**Example**: x\n\n~~~xml\n<comparison>\n<assistant> <!-- BAD: {} -->\na\n</assistant>\n</comparison>\n~~~",
    "attribute": '**Example**: x\n\n~~~xml\n<assistant recipient="{}">\na\n</assistant>\n~~~',
    "block of HTML": "<div>\n{}\n</div>",
}


def payloads() -> list[str]:
    """Each attack once: one a line in the files, `\\n` standing for a line end."""
    lines: list[str] = []
    for path in sorted(_FOLDER.glob("*.txt")):
        lines += [line for line in path.read_text().splitlines() if line and not line.startswith("// ")]
    return [line.replace("\\n", "\n").replace("FIRE", FIRE).replace("HOST", HOST) for line in lines]


def vectors() -> list[str]:
    """Each attack by itself, and in every place where its lines can stand."""
    found = []
    for payload in payloads():
        for place, form in PLACES.items():
            if place == "alone" or "\n" not in payload or place in ("message", "block of HTML"):
                found.append(form.replace("{{", "\1").replace("}}", "\2").replace("{}", payload))
    return [text.replace("\1", "{").replace("\2", "}") for text in found]
