"""What may come in as a document, and what is refused with one sentence."""

import pytest

from reviews.errors import Invalid
from reviews.text import incoming


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"# One\n\xff\xfe\n", "This file is not UTF-8: line 2 has bytes that are no text. Save it as UTF-8."),
        ("# One\n".encode("utf-16"), "This file is not UTF-8: line 1 has bytes that are no text. Save it as UTF-8."),
        ("lone \ud800 surrogate", "This file is not UTF-8: line 1 has bytes that are no text. Save it as UTF-8."),
        (b"", "This file is empty."),
        (b" \n\t\r\n", "This file is empty."),
        ("\ufeff\n", "This file is empty."),
        (b"# A\n\0", "This file has a NUL character on line 2: remove it, or save the file as UTF-8."),
        (b"a" * (20 * 1024 * 1024 + 1), "This file is too large: it has 20.0 MB, and 20 MB are the limit."),
    ],
)
def test_what_cannot_be_text_is_refused(source, sentence):
    with pytest.raises(Invalid) as refused:
        incoming.decoded(source)

    assert refused.value.sentence == sentence
    assert refused.value.fields == {"file": sentence}


@pytest.mark.parametrize("text", ["\ufeff# A\n", "a\r\nb\r\n", "a\rb", "no end", "\u200b\tà́\u2028"])
def test_what_is_text_stays_character_for_character(text):
    assert incoming.decoded(text.encode()) == incoming.decoded(text) == text


def test_equal_anchors_are_refused_with_both_lines():
    with pytest.raises(Invalid) as refused:
        incoming.parsed("# A {#same}\n\n# B {#other}\n\n# C {#same}\n")

    assert refused.value.sentence == (
        "Line 5: The anchor “same” is already used on line 1. Two clauses cannot have the same anchor."
    )


def test_an_anchor_that_no_index_holds_is_refused():
    with pytest.raises(Invalid, match="The heading on line 3 is too long to be an anchor"):
        incoming.parsed("# A\n\n# B {#" + "b" * 501 + "}\n")


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"%PDF-1.4\n1 0 obj", "a PDF"),
        (b"\xef\xbb\xbf\n%PDF-1.7", "a PDF"),
        (b"PK\x03\x04\x14\x00", "a Word document or another packed file"),
        (b"{\\rtf1\\ansi", "an RTF document"),
        (b"<!DOCTYPE html><title>x</title>", "a web page"),
        (b"<?xml version='1.0'?>", "an XML file"),
        (b"\x89PNG\r\n", "an image"),
        (b"%!PS-Adobe-3.0", "a PostScript file"),
    ],
)
def test_a_file_of_another_format_is_refused_by_its_name(beginning, kind):
    with pytest.raises(Invalid, match=f"This file is {kind}, not a Markdown text"):
        incoming.decoded(beginning)


def test_a_text_about_another_format_is_taken():
    assert incoming.decoded("Files begin with %PDF-1.4, pages with <html>.") != ""


def test_more_headings_than_can_be_shown_are_refused():
    with pytest.raises(Invalid, match="20,001 headings"):
        incoming.parsed("# x\n" * 20_001)


def test_a_byte_order_mark_belongs_to_the_first_clause():
    found = incoming.parsed("\ufeff# A {#a}\ntext")

    assert [(clause.source, clause.anchor) for clause in found.clauses] == [("\ufeff# A {#a}\ntext\n", "a")]
