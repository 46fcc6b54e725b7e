"""The fuzzer's laws in short: some inputs for each part of the engine."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.text import inputs

PARTS = st.lists(
    st.one_of(
        st.integers(0, len(inputs.PIECES) - 1).map(lambda number: bytes([number])),
        st.binary(max_size=3),
        st.just(inputs.SEPARATOR),
    ),
    max_size=40,
).map(b"".join)


@pytest.mark.parametrize("target", inputs.TARGETS)
@settings(max_examples=150, deadline=None)
@given(data=PARTS)
def test_laws_hold_of_any_input(target, data):
    inputs.TARGETS[target](data)


def test_versions_share_their_beginning_and_their_end():
    must, nothing, word = (inputs.PIECES.index(piece) for piece in ("must ", "not ", "the user "))
    data = bytes([must, 255, nothing, 255, word, 255, must])
    assert inputs.versions(data, 2) == ["must not must ", "must the user must "]
    assert inputs.versions(b"", 3) == ["", "", ""]
