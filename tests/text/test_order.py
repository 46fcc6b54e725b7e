"""Order keys sort as their clauses stand, and there is always room between two."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.text.order import between, filled, spread

COUNTS = st.integers(0, 40)


def rises(keys):
    return all(a < b for a, b in pairwise(keys))


@given(COUNTS, COUNTS)
def test_keys_between_two_others_rise_between_them(many, more):
    keys = ["", *spread(None, None, many)]
    for low, high in zip(keys, [*keys[1:], None], strict=True):
        assert rises([low, *spread(low or None, high, more), *([high] if high else [])])


@given(st.lists(st.booleans(), max_size=60))
def test_gaps_are_filled_and_what_stands_stays(kept):
    keys = spread(None, None, len(kept))
    given_keys = [key if keep else None for key, keep in zip(keys, kept, strict=True)]
    result = filled(given_keys)

    assert rises(result)
    assert [key for key, keep in zip(result, kept, strict=True) if keep] == [key for key in given_keys if key]


def test_a_thousand_insertions_at_one_place_stay_short():
    low, high = spread(None, None, 2)
    for _ in range(1000):
        high = between(low, high)

    assert low < high
    assert len(high) < 400


def test_keys_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="does not sort before"):
        between("b", "a")
