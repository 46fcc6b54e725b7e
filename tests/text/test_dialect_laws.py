"""What holds of the rendering of any text: laws, on the dialect's pieces in any order and on any characters."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

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
