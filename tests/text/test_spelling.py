"""Which differences between two words are slips and spellings, and which make another word."""

import random
from collections import defaultdict
from functools import cache

import pytest
from spellchecker import SpellChecker

from reviews.text import changes, dictionary, spelling

SENTENCE = "The assistant explains what it did about {} and says so plainly.\n"
PAIRS = 4_000


@cache
def dictionary_pairs():
    """Pairs of words of the dictionary that differ by one letter that is lost, added, changed or swapped."""
    known = sorted(
        word for word in SpellChecker(distance=1).word_frequency.words() if word.isalpha() and 2 < len(word) < 9
    )
    pairs, by_gap = set(), defaultdict(list)
    for word in known:
        for at in range(len(word)):
            by_gap[word[:at], word[at + 1 :]].append(word)
            swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
            if word < swapped and dictionary.is_common(swapped):
                pairs.add((word, swapped))
    for (head, tail), words in by_gap.items():
        shorter = [head + tail] if dictionary.is_common(head + tail) else []
        pairs |= {(one, two) for one in [*words, *shorter] for two in words if one < two}
    return sorted(pairs)


def test_no_two_words_of_the_dictionary_are_a_slip():
    chance = random.Random(20261)
    spellings = 0
    for pair in chance.sample(dictionary_pairs(), PAIRS):
        old, new = chance.sample(pair, 2)
        assert not spelling.corrects(old, new)
        if spelling.same_word(old, new):
            spellings += 1
            continue
        assert changes.classify(SENTENCE.format(old), SENTENCE.format(new)).name == "substantive", (old, new)
    assert spellings < PAIRS / 200


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("travelled", "traveled"),
        ("fuelled", "fueled"),
        ("relabelling", "relabeling"),
        ("organisation", "organization"),
        ("honouring", "honoring"),
        ("theatre", "theater"),
        ("licences", "licenses"),
        ("catalogues", "catalogs"),
        ("encyclopaedia", "encyclopedia"),
        ("manoeuvre", "maneuver"),
        ("anaesthetic", "anesthetic"),
        ("behavioural", "behavioral"),
        ("favourably", "favorably"),
        ("organisers", "organizers"),
        ("counsellors", "counselors"),
        ("grey", "gray"),
        ("fulfil", "fulfill"),
    ],
)
def test_british_and_american_spellings_are_one_word(one, two):
    assert spelling.same_word(one, two)
    assert spelling.same_word(two, one)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("filled", "filed"),
        ("refilled", "refiled"),
        ("willing", "wiling"),
        ("quelled", "queled"),
        ("four", "for"),
        ("tour", "tor"),
        ("tiger", "tigre"),
        ("timber", "timbre"),
        ("wise", "wize"),
        ("being", "boeing"),
        ("daemon", "demon"),
        ("hogue", "hog"),
        ("fence", "fense"),
    ],
)
def test_words_that_only_look_like_two_spellings_are_two_words(one, two):
    assert not spelling.same_word(one, two)
    assert not spelling.same_word(two, one)


@pytest.mark.parametrize("word", ["colours", "chatbots", "retrain", "everyday", "miners"])
def test_words_and_their_compounds_are_known(word):
    assert dictionary.is_word(word) or dictionary.is_word(spelling._variant(word))


@pytest.mark.parametrize(
    ("old", "new", "preceding", "expected"),
    [
        ("examples", "example", "one", True),
        ("example", "examples", "two", True),
        ("shows", "show", "they", True),
        ("example", "examples", "the", False),
        ("user", "users", "two", False),
    ],
)
def test_the_number_of_a_word_is_agreement_only_where_the_word_before_settles_it(old, new, preceding, expected):
    assert spelling.agrees(old, new, preceding=preceding) is expected
