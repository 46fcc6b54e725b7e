"""Line ends of a text that came from a browser, brought into those of the document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.text.newlines import MOST_COMPARED_LINES, in_style_of

MIXED = "# A\r\n\r\nOne.\r\nTwo.\nThree.\r\n"


@pytest.mark.parametrize(
    ("text", "model", "expected"),
    [
        ("a\r\nb\r\n", "x\ny\n", "a\nb\n"),
        ("a\r\nb\r\n", "x\r\ny\r\n", "a\r\nb\r\n"),
        ("a\nb\n", "x\r\ny\r\n", "a\r\nb\r\n"),
        ("a\r\nb", "", "a\nb"),
        ("a\nb\n", "no line end", "a\nb\n"),
        ("", MIXED, ""),
        ("# A\r\n\r\nThe one.\r\nTwo.\r\nThree.\r\n", MIXED, "# A\r\n\r\nThe one.\r\nTwo.\nThree.\r\n"),
        ("# A\n\nOne.\nTwo and a half.\nThree.\n", MIXED, "# A\r\n\r\nOne.\r\nTwo and a half.\nThree.\r\n"),
        ("# A\n\nOne.\nTwo.\nNew.\nThree.\n", MIXED, "# A\r\n\r\nOne.\r\nTwo.\nNew.\nThree.\r\n"),
        ("New.\n# A\n\nOne.\nTwo.\nThree.", MIXED, "New.\r\n# A\r\n\r\nOne.\r\nTwo.\nThree."),
        ("# A\n\nTwo.\nThree.\n", MIXED, "# A\r\n\r\nTwo.\nThree.\r\n"),
    ],
)
def test_each_line_keeps_its_end_and_a_new_one_takes_that_of_its_neighbour(text, model, expected):
    assert in_style_of(text, model) == expected


LINES = st.lists(st.tuples(st.sampled_from(["", "a", "b", "c d"]), st.sampled_from(["\n", "\r\n"])), max_size=12)


@given(LINES, st.sampled_from(["", "last"]))
def test_a_text_that_only_went_through_a_browser_comes_back_as_it_was(lines, last):
    text = "".join(line + end for line, end in lines) + last

    assert in_style_of(text.replace("\r\n", "\n").replace("\n", "\r\n"), text) == text


@given(LINES, LINES)
def test_the_lines_stay_whatever_their_ends_become(lines, model):
    text, old = ("".join(line + end for line, end in given) for given in (lines, model))

    assert in_style_of(text, old).replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_a_very_long_text_keeps_the_ends_of_its_equal_beginning_and_end():
    model = "a\r\n" + "x\n" * (MOST_COMPARED_LINES + 5) + "z\r\n"
    text = "a\n" + "y\n" * (MOST_COMPARED_LINES + 5) + "z\n"

    found = in_style_of(text, model)

    assert (found[:3], found[-3:]) == ("a\r\n", "z\r\n")
