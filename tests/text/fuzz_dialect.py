"""Coverage-guided fuzzing of outline and dialect: `python -m tests.text.fuzz_dialect -max_total_time=60`."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["reviews.text"]):
    from tests.text import laws

PIECES = [
    *(
        "# t {#a authority=root}\n",
        "## t\n",
        "---\n",
        "===\n",
        "~~~\n",
        "~~~xml\n",
        "```\n",
        "> ",
        "- ",
        "1. ",
        "    ",
        "\t",
    ),
    *(
        "\n\n",
        "\r\n",
        "\r",
        '!!! meta "T"\n',
        "**Example**: x\n\n",
        "<user>\n",
        "</user>\n",
        "<comparison>\n",
        "</comparison>\n",
    ),
    *("<assistant> <!-- BAD[#a]: b -->\n", "</assistant>\n", "[?](#a)", "[x](#b)", "[x][ref]", "[^ab]", "[^1]: n\n"),
    *("[r]: http://x\n", "![a](local.png)", "<b>", "</b>", "<a name=p>", "<a href=#a>", "</a>", "<div>\n", "</div>\n"),
    *(
        "<table><tr><td>",
        "<li>",
        "<pre>",
        "<!--",
        "-->",
        "<script>",
        "<br>",
        "*",
        "**",
        "`",
        "``",
        "\\",
        "&amp;",
        "&#x202e;",
    ),
    *(
        "\u200b",
        "\u202e",
        "\ufeff",
        "\ufffc",
        "\0",
        "\xa0",
        "é",
        "👨\u200d🍳",
        "---\na: b\n---\n",
        "> [!NOTE]\n",
        "- [x] ",
    ),
    *("|a|b|\n|-|-|\n", "|", "| x |\n"),
]


def text(data: bytes) -> str:
    """Bytes below the number of pieces are pieces of the dialect, the others stand for themselves."""
    return "".join(PIECES[byte] if byte < len(PIECES) else chr(byte) for byte in data)


def one_input(data: bytes) -> None:
    """Checks all laws on one text: built from pieces when the first byte is odd, else as UTF-8."""
    if not data:
        return
    source = text(data[1:]) if data[0] % 2 else data[1:].decode("utf-8", "surrogateescape")
    laws.check_outline(source)
    laws.check_rendering(source)


def main() -> None:
    """Fuzzes until told to stop; a text that breaks a law is kept by the fuzzer as a file."""
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
