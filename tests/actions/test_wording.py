"""Names and titles are one line of characters that people see."""

from __future__ import annotations

import pytest

from reviews.actions.wording import checked_line, checked_text, one_line
from reviews.errors import Invalid


def line(text: str, most: int = 40) -> str:
    return checked_line(text, field="name", most=most, what="A name is needed.")


@pytest.mark.parametrize(
    "name",
    [
        "Ana Ruiz",
        "O'Brien-Smith, Jr.",
        "李小龙",
        "Zoë Müller",
        "Nguye\u0302\u0303n",
        "مریم می\u200cروم",
        "ക്\u200dഷ",
        "Team ❤\ufe0f 👩\u200d💻",
        "R2",
    ],
)
def test_names_of_many_scripts_stay_as_they_are(name: str) -> None:
    assert line(name) == name


def test_blanks_become_one() -> None:
    assert line("  Ana \u00a0  Ruiz\n") == "Ana Ruiz"


@pytest.mark.parametrize(
    "character",
    [
        *"\n\r\t\v\f\x00\x1b\x7f\x85\u2028\u2029",
        *"\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
        *"\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u115f\u3164\uffa0\u2800\u180e\ufe00\ufe0f\U000e0041\U000e0100",
        *"\ue000\ud800\uffff",
    ],
)
def test_line_ends_and_what_nobody_sees_are_refused_inside_a_name(character: str) -> None:
    with pytest.raises(Invalid) as refused:
        line(f"Ana{character}Ruiz")
    assert list(refused.value.fields) == ["name"]
    assert one_line(f"Ana{character}Ruiz") in ("Ana Ruiz", "AnaRuiz")


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "\u0301", "\u200b", "\u200d\u200d"])
def test_a_name_has_something_to_see_and_an_end(name: str) -> None:
    with pytest.raises(Invalid):
        line(name)


@pytest.mark.parametrize(
    "text", ["\u200b", " \u2060\n\ufeff ", "\u202e\u202c", "\u2800\u3164\u115f", "\ufe0f", "\u0301\u034f", "\u00ad"]
)
def test_a_text_of_which_nobody_sees_anything_is_empty(text: str) -> None:
    assert checked_text(text, field="reason") == ""


@pytest.mark.parametrize("text", ["?", "\u200bYes", "می\u200cروم", "👍", "1.\n\n2.", "\u202bא\u202c"])
def test_a_text_of_which_something_is_seen_stays_as_it_is(text: str) -> None:
    assert checked_text(text, field="reason") == text
