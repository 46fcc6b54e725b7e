"""From bytes to texts, and the laws that each part of the engine is held to: for the fuzzer, and in short for the suite."""

from __future__ import annotations

from collections.abc import Callable

from tests.text import change_laws, laws

PIECES = [
    *("# t {#a authority=root}\n", "## t\n", "---\n", "===\n", "~~~\n", "~~~xml\n", "```\n", "> ", "- ", "1. "),
    *("    ", "\t", "\n\n", "\r\n", "\r", '!!! meta "T"\n', "**Example**: x\n\n", "<user>\n", "</user>\n"),
    *("<comparison>\n", "</comparison>\n", "<assistant> <!-- BAD[#a]: b -->\n", "</assistant>\n", "[?](#a)"),
    *("[x](#b)", "[x][ref]", "[^ab]", "[^1]: n\n", "[r]: http://x\n", "![a](local.png)", "<b>", "</b>"),
    *("<a name=p>", "<a href=#a>", "</a>", "<div>\n", "</div>\n", "<table><tr><td>", "<li>", "<pre>", "<!--", "-->"),
    *("<script>", "<br>", "*", "**", "`", "``", "\\", "&amp;", "&#x202e;", "\u200b", "\u202e", "\ufeff", "\ufffc"),
    *("\0", "\xa0", "é", "👨\u200d🍳", "---\na: b\n---\n", "> [!NOTE]\n", "- [x] ", "|a|b|\n|-|-|\n", "|", "| x |\n"),
    *(
        "## B {#b authority=user}\n",
        "The assistant must not lie to the user. ",
        "It should ask first.\n",
        "must ",
        "not ",
    ),
    *("| name | string | The name of it. |\n", "the user ", "Two 2 words, one sentence. ", "e\u0301", "字", " ", "\n"),
]
SEPARATOR = b"\xff"


def text(data: bytes) -> str:
    """Bytes below the number of pieces are pieces of the dialect, the others stand for themselves."""
    return "".join(PIECES[byte] if byte < len(PIECES) else chr(byte) for byte in data)


def versions(data: bytes, count: int) -> list[str]:
    """Texts with a common beginning and a common end: what stands between separators is the beginning, own parts, the end."""
    beginning, *own = data.split(SEPARATOR, count + 1)
    own += [b""] * (count + 1 - len(own))
    return [text(beginning + part + own[-1].replace(SEPARATOR, b"")) for part in own[:count]]


def reading(data: bytes) -> None:
    """Outline and rendering of a text: built from pieces when the first byte is odd, else as UTF-8."""
    source = text(data[1:]) if data[:1] and data[0] % 2 else data[1:].decode("utf-8", "surrogateescape")
    laws.check_outline(source)
    laws.check_rendering(source)


def comparing(data: bytes) -> None:
    """Words and documents of two texts."""
    change_laws.check_words(*versions(data, 2))
    change_laws.check_documents(*versions(data, 2))


def merging(data: bytes) -> None:
    """A base and two sides."""
    change_laws.check_merge(*versions(data, 3))


def placing(data: bytes) -> None:
    """Two clauses then and now."""
    one, two, three, four = versions(data, 4)
    change_laws.check_placing({"a": one, "b": two}, {"a": three, "b": four})


def judging(data: bytes) -> None:
    """The class of a change."""
    change_laws.check_class(*versions(data, 2))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reading": reading,
    "comparing": comparing,
    "merging": merging,
    "placing": placing,
    "judging": judging,
}
