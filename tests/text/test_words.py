"""Cutting text into words and tokens, above all where a script puts no spaces between words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.text import merge, worddiff, words
from reviews.text.merge import Merged

UNSPACED = "กรุงเทพมหานครเป็นเมืองน้ำ ພາສາລາວເປັນ ភាសាខ្មែរនិងស្ត្រី မြန်မာဘာသာစကားတက္ကသိုလ် 12๓๔ word, "


@given(st.text(alphabet=UNSPACED, max_size=60))
def test_tokens_join_to_the_text_whatever_the_script(text):
    assert "".join(words.tokens(text)) == text


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("น้ำเย็น", ["น้ำ", "เย็", "น"]),
        ("ເຮືອນ", ["ເຮື", "ອ", "ນ"]),
        ("ស្ត្រី", ["ស្ត្រី"]),
        ("တက္ကသိုလ်", ["တ", "က္က", "သို", "လ်"]),
    ],
)
def test_thai_lao_khmer_and_burmese_are_cut_between_clusters(text, clusters):
    assert words.words(text) == clusters
    assert words.tokens(text) == clusters


def test_digits_and_latin_words_in_thai_stay_whole():
    assert words.words("รุ่นที่๒๕๖๗ใช้API") == ["รุ่", "น", "ที่", "๒๕๖๗", "ใช้", "API"]


def test_a_changed_thai_word_is_marked_alone():
    found = worddiff.words("แมวดำกินปลาสด", "แมวขาวกินปลาสด")
    assert [(op.kind, op.text) for op in found.ops] == [("=", "แมว"), ("-", "ดำ"), ("+", "ขาว"), ("=", "กินปลาสด")]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        ("เรากินข้าวตอนเช้าที่บ้าน", "เรากินข้าวตอนเย็นที่บ้าน", "คุณกินข้าวตอนเช้าที่บ้าน", "คุณกินข้าวตอนเย็นที่บ้าน"),
        ("ខ្ញុំរៀនភាសានៅផ្ទះ", "យើងរៀនភាសានៅផ្ទះ", "ខ្ញុំរៀនភាសានៅសាលា", "យើងរៀនភាសានៅសាលា"),
        ("မောင်မောင်စာဖတ်သည်", "မောင်မောင်စာရေးသည်", "ကိုမောင်စာဖတ်သည်", "ကိုမောင်စာရေးသည်"),
    ],
)
def test_changes_at_both_ends_of_a_sentence_without_spaces_are_brought_together(base, ours, theirs, both):
    assert merge.merge(base, ours, theirs) == Merged(both, "word")
