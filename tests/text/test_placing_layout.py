"""Quotes stay where only the way a text is written changed: line ends, blanks, composed letters, lists, split sentences."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.text import quotes
from reviews.text.normal_form import normal_form

SETTINGS = "server:\n  port: 8080\n  host:\n    name: example\n\nKeys are read once.  \nOthers are ignored.\n"


def found(old, new, words):
    """The text where `words` went, or None."""
    at = old.index(words)
    place = quotes.place([quotes.make(old, at, at + len(words), "a")], {"a": old}, {"a": new})[0]
    return None if place.start is None else new[place.start : place.end]


def every_word(old, new):
    """Each word of `old` with the text where it went."""
    at, placed = 0, []
    for word in old.split():
        at = old.index(word, at)
        place = quotes.place([quotes.make(old, at, at + len(word), "a")], {"a": old}, {"a": new})[0]
        placed.append((word, None if place.start is None else new[place.start : place.end]))
        at += len(word)
    return placed


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "  \n"),
        lambda text: text.replace("  \n", "\n"),
        lambda text: text.replace("\n", "\t\r\n"),
        lambda text: text.replace("\n", "\r\n", 3),
    ],
    ids=["CRLF", "blanks", "no blanks", "both", "some lines"],
)
def test_line_ends_and_blanks_before_them_lose_no_word(written):
    there, back = every_word(SETTINGS, written(SETTINGS)), every_word(written(SETTINGS), SETTINGS)
    assert there == back == [(word, word) for word in SETTINGS.split()]


def test_a_quote_over_a_line_end_takes_the_other_line_end():
    old = "One rule\nfor all of them.\n"
    assert found(old, old.replace("\n", "\r\n"), "rule\nfor all") == "rule\r\nfor all"


@pytest.mark.parametrize("words", ["naïve reading", "naïve", "überall", "각각", "reading"])
def test_decomposed_letters_are_the_same_letters(words):
    old = "A naïve reading is überall wrong, 각각 by itself.\n"
    new = normalize("NFD", old)
    assert found(old, new, words) == normalize("NFD", words)
    assert found(new, old, normalize("NFD", words)) == words


def test_a_sentence_that_moved_is_found_in_decomposed_letters():
    sentence = "The café keeps its rules on the wall for all to see. "
    old = {"a": sentence + "Nothing else is said here.\n", "b": "Prices are fixed.\n"}
    new = {"a": "Nothing else is said here.\n", "b": normalize("NFD", sentence) + "Prices are fixed.\n"}
    place = quotes.place([quotes.make(old["a"], 4, 20, "a")], old, new)[0]
    assert (place.clause, new["b"][place.start : place.end]) == ("b", normalize("NFD", old["a"][4:20]))


@given(st.text(st.sampled_from("ab \t\r\né\u0301\u0302\u1100\u1161"), max_size=40))
def test_the_way_back_of_a_normal_form_is_in_order(text):
    form = normal_form(text)
    assert normal_form(form.text).text == form.text or "\r" in form.text
    starts = [form.start(at) for at in range(len(form.text) + 1)]
    assert starts == sorted(starts)
    assert not starts or starts[0] == 0
    assert all(
        normal_form(text[atom.source_start : atom.source_end]).text == form.text[atom.start : atom.end]
        for atom in form.atoms
    )
