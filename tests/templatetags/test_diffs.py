"""Folding of unchanged text in a word diff."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from reviews.templatetags.diffs import CONTEXT, LONG, SLACK, folded, words

SENTENCE = "The assistant says what it cannot do here, so that people can look elsewhere. "
TEXT = SENTENCE * 20
OPS = st.lists(st.tuples(st.sampled_from("=+-"), st.text(alphabet="ab .\n", max_size=900)), max_size=5)


def test_a_stretch_between_two_changes_is_cut_where_sentences_end():
    parts = folded([("+", "a"), ("=", TEXT), ("-", "b")])

    assert [op for op, _ in parts] == ["+", "=", "…", "=", "-"]
    assert parts[1][1].endswith("elsewhere.")
    assert parts[3][1].startswith("The assistant")


@pytest.mark.parametrize(
    ("ops", "expected"),
    [
        ([("=", TEXT), ("+", "a")], ["…", "=", "+"]),
        ([("+", "a"), ("=", TEXT)], ["+", "=", "…"]),
        ([("=", TEXT)], ["…"]),
        ([("=", "short"), ("+", "a")], ["=", "+"]),
        ([("+", TEXT)], ["+"]),
        ([], []),
    ],
)
def test_only_what_touches_a_change_stays_in_sight(ops, expected):
    assert [op for op, _ in folded(ops)] == expected


def test_a_paragraph_is_a_better_place_than_a_sentence():
    text = SENTENCE + "One more.\n\n" + TEXT

    assert folded([("+", "a"), ("=", text)])[1] == ("=", SENTENCE + "One more.")


def test_text_without_spaces_is_cut_all_the_same():
    assert folded([("+", "a"), ("=", "x" * LONG)])[1] == ("=", "x" * CONTEXT)


def test_nothing_is_folded_of_a_whole_text():
    assert folded([("+", "a"), ("=", TEXT)], whole=True) == [("+", "a"), ("=", TEXT)]


@given(OPS)
def test_no_character_is_lost_and_what_stays_is_short(ops):
    parts = folded(ops)

    assert "".join(text for _, text in parts) == "".join(text for _, text in ops)
    assert all(len(text) < LONG for op, text in parts if op == "=")
    assert all(len(text) >= LONG - 2 * (CONTEXT + SLACK) for op, text in parts if op == "…")


def test_words_are_counted():
    assert words("one two\nthree") == 3


@pytest.mark.parametrize(
    ("op", "text", "shown"),
    [
        ("-", "\n", '<del><span class="sr"> deleted: line end</span><span class="line-end"></span>\n'),
        ("+", "a\r\n\r\nb", 'a<span class="line-end"></span>\r\n<span class="line-end"></span>\r\nb'),
        ("+", " word", "inserted: </span> word<span"),
    ],
)
def test_a_line_end_that_came_or_went_can_be_seen_and_heard(op, text, shown):
    html = render_to_string("components/diff.html", {"ops": [("=", "Before "), (op, text)]})

    assert shown in html


def test_an_unchanged_line_end_has_no_sign():
    assert "line-end" not in render_to_string("components/diff.html", {"ops": [("=", "a\nb\n"), ("+", "c")]})


def test_letters_that_are_only_composed_in_another_way_are_shown_unmarked():
    ops = [("=", "The "), ("-", "cafe\u0301"), ("+", "café"), ("=", " opens "), ("-", "early"), ("+", "late")]
    assert folded(ops) == [("=", "The café opens "), ("-", "early"), ("+", "late")]
    assert folded(ops, whole=True) == folded(ops)


def test_an_accent_that_was_added_is_marked():
    ops = [("-", "cafe"), ("+", "café")]
    assert folded(ops) == ops
