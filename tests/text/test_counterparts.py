"""Sentences that were edited: the only counterpart of one that went, and the words of one that stayed where it was."""

import pytest

from reviews.text import carrying, quotes

HARBOUR = "Boats are painted in spring. Ropes are dry before they are coiled. Sails are mended in the loft by hand.\n"
ISLAND = "Nobody rows alone after dark. The ferry leaves at noon from the old pier.\n"
BELL = "A cracked bell warns of fog. "


def placed(old, new, words):
    """The clause and the text where the words of the clause `a` were placed, None for an orphan."""
    start = old["a"].index(words)
    place = quotes.place([quotes.make(old["a"], start, start + len(words), "a")], old, new)[0]
    return None if place.clause is None else (place.clause, new[place.clause][place.start : place.end])


def island_with(sentence):
    return ISLAND.replace("The ferry", f"{sentence}The ferry")


EDITED = "A cracked horn warns of heavy fog. "


def test_a_short_sentence_that_moved_and_was_edited_is_found_by_its_rare_words():
    old, new = {"a": BELL + HARBOUR, "b": ISLAND}, {"a": HARBOUR, "b": island_with(EDITED)}
    assert placed(old, new, "A cracked bell warns of fog.") == ("b", "A cracked horn warns of heavy fog.")


@pytest.mark.parametrize("clause", ["b", "c"])
def test_of_two_sentences_that_came_and_are_as_near_none_is_taken(clause):
    old = {"a": BELL + HARBOUR, "b": ISLAND, "c": "Lamps burn all night.\n"}
    new = {"a": HARBOUR, "b": island_with(EDITED), "c": old["c"]}
    new[clause] = "A cracked pipe warns of thick fog. " + new[clause]
    assert placed(old, new, "A cracked bell warns of fog.") is None


@pytest.mark.parametrize("other", ["b", "c"])
def test_what_may_be_a_copy_of_text_that_stayed_is_not_taken(other):
    twin = "A cracked horn warns of thick fog. "
    old = {"a": BELL + HARBOUR, "b": ISLAND, "c": "Lamps burn all night.\n"}
    old[other] = twin + old[other]
    new = {**old, "a": HARBOUR, "b": old["b"].replace("The ferry", f"{EDITED}The ferry")}
    assert placed(old, new, "A cracked bell warns of fog.") is None


def test_the_end_of_a_sentence_that_moved_and_was_edited_is_found():
    old = {"a": "Boats are painted in spring, while cracked bells warn sailors of fog.\n" + HARBOUR, "b": ISLAND}
    new = {
        "a": "Boats are painted in spring.\n" + HARBOUR,
        "b": island_with("While cracked bells tell sailors of fog. "),
    }
    assert placed(old, new, "cracked bells warn sailors of fog") == ("b", "cracked bells tell sailors of fog")


KEEPER = "The keeper of the lighthouse writes down every ship that passes the northern rocks at night.\n"


def test_a_phrase_of_which_both_ends_stand_is_found_though_its_middle_was_replaced():
    new = KEEPER.replace("lighthouse writes down every", "lamp has in mind the name of each")
    assert placed({"a": KEEPER}, {"a": new}, "keeper of the lighthouse writes down every ship") == (
        "a",
        "keeper of the lamp has in mind the name of each ship",
    )


def test_a_single_word_that_stands_between_replaced_ones_is_found():
    new = KEEPER.replace("writes down every ship that", "notes whichever ship lately")
    assert placed({"a": KEEPER}, {"a": new}, "ship") == ("a", "ship")


def test_words_that_changed_their_order_are_not_taken_for_those_that_stayed():
    old = "We ask gulls or seals first of all."
    new = "We feed seals before gulls first of all."
    spans = carrying.carry({"a": old}, {"a": new})["a"]
    kept = "|".join(old[span.start : span.end] for span in spans)
    assert "gulls" not in kept or "seals" not in kept


def test_white_space_between_letters_keeps_nothing():
    old, new = "x The user asks it. The user asks it. ", "The user asks it. It must not lie.\n\nThe user asks it. "
    place = quotes.place([quotes.make(old, 19, 21, "a")], {"a": old}, {"a": new})[0]
    assert (place.evidence.kept, place.evidence.of, place.score) == (1, 1, 1.0)
