"""What holds of the rendering of any text: laws, on the dialect's pieces in any order and on any characters."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.text.dialect import Resolver, render
from tests.text import laws

PIECES = [
    *(
        "# t\n",
        "\n\n",
        "\n",
        "- ",
        "> ",
        "    ",
        "`",
        "``",
        "*",
        "**",
        "[",
        "](",
        "#a)",
        "[?](#a)",
        "[^ab]",
        "<b>",
        "</b>",
    ),
    *(
        "<a href=#x>",
        "</a>",
        "<td>",
        "<li>",
        "<pre>",
        "<!--",
        "-->",
        "|",
        "|-|\n",
        "~~~\n",
        "~~~xml\n",
        "**Example**: x\n\n",
    ),
    *(
        "<user>\n",
        "</user>\n",
        "<comparison>\n",
        "</comparison>\n",
        "<assistant> <!-- BAD[#a]: b -->\n",
        "</assistant>\n",
    ),
    *('!!! meta "T"\n', "![a](", "x ", "é", "\u202e", "\ufffc", "\0", "\r", "\xa0", "&amp;", "&lt", "\\", "[r]: /x\n"),
    *("[^n]: y\n", "<div>\n", "</div>\n", "<table>", "\ud800"),
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=24))
def test_laws_of_constructs(parts: list[str]):
    laws.check_rendering("".join(parts))


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=80))
def test_laws_of_any_text(source: str):
    laws.check_rendering(source)


BLOCKS = [
    "The user asks it.",
    "It must not lie.",
    "It must not lie, nor mislead.",
    "- one\n- two",
    "1. first\n2. second",
    "> said before",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "~~~\ncode\n~~~",
    "**Example**: a greeting\n\n~~~xml\n<user>Hi</user>\n<assistant>Hello.</assistant>\n~~~",
    '!!! meta "Commentary"\n    Why it is so.',
    "A long one. " * 40,
]
DOCUMENTS = st.lists(st.sampled_from(BLOCKS), max_size=8)


def names(blocks: list[str]) -> dict[str, list[str]]:
    """The names of the outermost blocks of this document, by what they say, in order."""
    source = "# T {#t}\n\n" + "".join(f"{block}\n\n" for block in blocks)
    found: dict[str, list[str]] = {}
    end = 0
    for block in render(source, Resolver()).blocks:
        start, stop = block.source_range
        if start >= end:
            found.setdefault(source[start:stop].strip(), []).append(block.id)
            end = stop
    return found


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS, st.data())
def test_a_block_keeps_its_name_whatever_is_edited_around_it(blocks: list[str], data: st.DataObject) -> None:
    """Of blocks that say the same, the first ones keep theirs."""
    at = data.draw(st.integers(0, len(blocks)))
    edited = [*blocks[:at], *data.draw(DOCUMENTS), *blocks[at + data.draw(st.integers(0, 2)) :]]
    before, after = names(blocks), names(edited)
    for words in before.keys() & after.keys():
        shared = min(len(before[words]), len(after[words]))
        assert before[words][:shared] == after[words][:shared]
