"""Sentences that moved into the middle of other text."""

import time

import pytest

from reviews.text import quotes

MOVED = "The keeper counts every lantern twice at dusk. "
BEFORE, AFTER = "Boats are painted in spring, and ", "nobody rows alone after dark.\n"
OTHER = "Ropes are dry before they are coiled. Sails are mended in the loft by hand.\n"


def placed(old, new, words):
    """The clause and the text where `words` of the clause `a` went."""
    at = old["a"].index(words)
    place = quotes.place([quotes.make(old["a"], at, at + len(words), "a")], old, new)[0]
    return None if place.clause is None else (place.clause, new[place.clause][place.start : place.end])


@pytest.mark.parametrize(
    ("moved", "words", "expected"),
    [
        (MOVED, "every lantern twice", "every lantern twice"),
        (MOVED, MOVED.strip(), MOVED.strip()),
        (MOVED.replace("every", "each brass"), "counts every lantern", "counts each brass lantern"),
        (MOVED.replace("twice ", ""), "lantern twice at dusk", "lantern at dusk"),
    ],
)
def test_a_sentence_put_into_another_takes_its_quotes_along(moved, words, expected):
    old = {"a": MOVED + OTHER, "b": BEFORE + AFTER}
    new = {"a": OTHER, "b": BEFORE + moved + AFTER}
    assert placed(old, new, words) == ("b", expected)


def test_a_part_of_a_sentence_that_became_another_clause_is_found_there():
    old = {"a": "Ropes are dry, and the harbour master signs the log before noon.\n", "b": OTHER}
    new = {"a": "Ropes are dry.\n", "b": OTHER, "c": "Each day the harbour master signs the log before noon.\n"}
    assert placed(old, new, "signs the log") == ("c", "signs the log")


def test_a_sentence_with_a_twin_that_stayed_is_not_looked_for():
    old = {"a": MOVED + OTHER, "b": BEFORE + AFTER, "c": MOVED}
    new = {"a": OTHER, "b": BEFORE + MOVED + AFTER, "c": MOVED}
    assert placed(old, new, "every lantern twice") is None


def test_a_sentence_that_came_twice_is_not_guessed_at():
    old = {"a": MOVED + OTHER, "b": BEFORE + AFTER}
    new = {"a": OTHER, "b": BEFORE + MOVED + AFTER, "c": "In May " + MOVED}
    assert placed(old, new, "every lantern twice") is None


def test_a_common_phrase_of_a_sentence_that_is_gone_is_not_carried():
    old = {"a": "A guest who is late at the end of the day pays for a night. " + OTHER, "b": BEFORE + AFTER}
    new = {"a": OTHER, "b": BEFORE + "at the end of the day all is well, and " + AFTER}
    assert placed(old, new, "at the end of the day") is None


def test_cost_grows_with_the_text():
    def cost(count):
        sentences = [f"Keeper {n} counts lantern {n * 7} twice on pier {n * 3} at dusk. " for n in range(count)]
        old = {"a": "".join(sentences) + OTHER, "b": BEFORE + AFTER}
        new = {"a": OTHER, "b": "".join(f"Item {n * 11}, and {one}" for n, one in enumerate(reversed(sentences)))}
        start = time.process_time()
        quotes.place([quotes.make(old["a"], 0, 20, "a")], old, new)
        return time.process_time() - start

    cost(20)
    assert cost(2_000) < 30 * max(cost(200), 0.01)
