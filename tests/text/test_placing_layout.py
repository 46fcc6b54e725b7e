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


LISTS = [
    (
        "You can pay by card, by bank transfer, or in cash at the desk.\n",
        "You can pay:\n\n- by card\n- by bank transfer\n- in cash at the desk\n",
        ["by card", "bank transfer", "in cash at the desk"],
    ),
    (
        "Before a trip, check the tyres, fill the tank and pack a map.\n",
        "Before a trip:\n\n1. Check the tyres.\n2. Fill the tank.\n3. Pack a map.\n",
        ["check the tyres", "fill the tank", "pack a map"],
    ),
    (
        "We keep names, addresses, and dates of birth.\n",
        "We keep:\n\n* names;\n* addresses;\n* dates of birth.\n",
        ["names", "addresses", "dates of birth"],
    ),
    (
        "Dogs stay outside. Staff may refund tickets, move guests, and call the police. Bags are searched.\n",
        "Dogs stay outside. Staff may:\n\n- refund tickets\n- move guests\n- bring them water\n- call the police\n\n"
        "Bags are searched.\n",
        ["refund tickets", "move guests", "call the police", "Bags"],
    ),
    (
        "The shop sells tea, and the shop next door lends cups to anyone who asks.\n",
        "The shop sells tea. The shop next door lends cups to anyone who asks.\n",
        ["sells tea", "the shop next door", "lends cups"],
    ),
]


@pytest.mark.parametrize(("old", "new", "phrases"), LISTS)
def test_a_sentence_that_becomes_a_list_or_two_sentences_keeps_its_quotes(old, new, phrases):
    assert [(found(old, new, words) or "").casefold() for words in phrases] == [words.casefold() for words in phrases]


@pytest.mark.parametrize(("old", "new", "phrases"), LISTS)
def test_a_list_that_becomes_a_sentence_keeps_its_quotes(old, new, phrases):
    back = [new[new.casefold().index(words.casefold()) :][: len(words)] for words in phrases]
    assert [(found(new, old, words) or "").casefold() for words in back] == [words.casefold() for words in phrases]


TRAIN = "The guard should spot smoke early and report it before the train leaves any station.\n"


@pytest.mark.parametrize(
    ("words", "change", "expected"),
    [
        ("and report it", ("report", "investigating"), "and investigating it"),
        ("spot smoke", ("smoke", "trouble"), "spot trouble"),
        ("should spot", ("should", "always must"), "always must spot"),
        ("any station", ("station", "platform"), "any platform"),
        ("report it before", ("report", "announce"), "announce it before"),
    ],
)
def test_a_short_phrase_of_which_one_word_was_replaced_stays(words, change, expected):
    assert found(TRAIN, TRAIN.replace(*change), words) == expected


@pytest.mark.parametrize(
    ("words", "new"),
    [
        ("report", TRAIN.replace("report", "announce")),
        ("and report it", TRAIN.replace(" and report it", "")),
        ("smoke early", "The guard may sleep. It is quiet early and late.\n"),
    ],
)
def test_a_phrase_of_which_nothing_stayed_in_its_place_is_gone(words, new):
    assert found(TRAIN, new, words) is None
