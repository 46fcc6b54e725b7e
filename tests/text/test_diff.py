"""Laws and samples of the word difference."""

import itertools
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.text import align, diff, words
from tests.corpora import CORPORA

ANY = st.text(max_size=300)
PIECES = st.lists(
    st.sampled_from(
        [
            "the ",
            "assistant ",
            "must ",
            "not ",
            "`a b` ",
            "[x](#do_not_lie) ",
            "don't ",
            "1.5",
            ".\n",
            "\n\n",
            "- ",
            "| ",
            "é",
            "字",
            "\r\n",
        ]
    ),
    max_size=60,
).map("".join)
GUARDED = re.compile(r"(?<=\]\()[^\s()]+|(?<!`)`(?!`)[^`\n]{1,300}`(?!`)|[A-Za-z0-9_]+(?:['’][A-Za-z0-9_]+)*")
RELEASES = ["2025-02-12", "2025-04-11", "2025-09-12", "2025-10-27", "2025-12-18-rev2", "2025-12-18"]


def marked(a, b):
    """The difference as one line of text."""
    shape = {"=": "{}", "-": "[-{}-]", "+": "[+{}+]"}
    return "".join(shape[op.kind].format(op.text) for op in diff.words(a, b).ops)


def edges(ops, skipped):
    """Where marks begin and end on the side that lacks operations of kind `skipped`."""
    at, found = 0, set()
    for op in ops:
        if op.kind == skipped:
            found.add(at)
            continue
        found.add(at)
        at += len(op.text)
    return found | {at}


def assert_marks_whole_words(a, b):
    ops = diff.words(a, b).ops
    for text, skipped in ((a, "+"), (b, "-")):
        places = edges(ops, skipped)
        for match in GUARDED.finditer(text):
            assert not places & set(range(match.start() + 1, match.end())), match.group()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It must lie.", "It should lie.", "It [-must-][+should+] lie."),
        ("It must lie.", "It must not lie.", "It must [+not +]lie."),
        ("one two three four", "one 2 3 four", "one [-two three-][+2 3+] four"),
        ("A. B is so. C.", "A. C.", "A. [-B is so. -]C."),
        ("see [x](#do_lie).", "see [x](#do_not_lie).", "see [x]([-#do_lie-][+#do_not_lie+])."),
        ("run `make it` now", "run `make them` now", "run [-`make it`-][+`make them`+] now"),
        ("- a\n- b\n- c\n", "- a\n- c\n", "- a\n[-- b\n-]- c\n"),
        ("# T {#a authority=root}\n", "# T {#a authority=user}\n", "# T {#a authority=[-root-][+user+]}\n"),
        ("version 1.5 is", "version 1.6 is", "version [-1.5-][+1.6+] is"),
        ("don't go", "do go", "[-don't-][+do+] go"),
        ("", "", ""),
        ("", "a", "[+a+]"),
    ],
)
def test_marks(old, new, expected):
    assert marked(old, new) == expected


ITEMS = "- Maps\n  - shows the way\n- Notes\n  - shows the way\n\nThe rest.\n"


@pytest.mark.parametrize(
    ("longer", "marked_longer"),
    [
        (ITEMS, ITEMS.replace("- Notes\n  - shows the way\n", "[-- Notes\n  - shows the way\n-]")),
        (
            ITEMS.replace("\n", "\r\n"),
            ITEMS.replace("\n", "\r\n").replace(
                "- Notes\r\n  - shows the way\r\n", "[-- Notes\r\n  - shows the way\r\n-]"
            ),
        ),
        ("- a\n\n  same\n\n- b\n\n  same\n\nEnd\n", "- a\n\n  same\n\n[-- b\n\n  same\n\n-]End\n"),
        ("1. x\n   more\n2. y\n   more\n3. z\n", "1. x\n   more\n[-2. y\n   more\n-]3. z\n"),
        ("# A\n\ntext\n\n# B\n\ntext\n", "# A\n\ntext\n[-\n# B\n\ntext\n-]"),
        ("> a\n> same\n>\n> b\n> same\n", "> a\n> same\n[->\n> b\n> same\n-]"),
        ("```\na\n```\n\n```\nb\n```\n", "```\na\n```\n[-\n```\nb\n```\n-]"),
        ("!!! note\n    same\n\n!!! warn\n    same\n\nEnd", "!!! note\n    same\n\n[-!!! warn\n    same\n\n-]End"),
        ("The dog may go. The cat may go. The bird.", "The dog may go. [-The cat may go. -]The bird."),
        ("Do go. Never lie there. Never lie.", "Do go. [-Never lie there. -]Never lie."),
        ("It is so, and he says so, and goes.", "It is so, and [-he says so, and -]goes."),
    ],
)
def test_what_came_or_went_is_marked_from_the_beginning_of_a_block_or_a_sentence(longer, marked_longer):
    shorter = re.sub(r"\[-.*?-\](?!-)", "", marked_longer, flags=re.DOTALL)
    assert marked(longer, shorter) == marked_longer
    assert marked(shorter, longer) == marked_longer.replace("[-", "[+", 1).replace("-]", "+]")


@given(PIECES, PIECES, PIECES)
@settings(max_examples=300)
def test_moved_marks_keep_both_sides(left, text, right):
    found = diff.words(left + right, left + text + right)
    assert (found.old, found.new) == (left + right, left + text + right)
    assert_marks_whole_words(found.old, found.new)


@pytest.mark.parametrize("end", [".\n", ". "])
@pytest.mark.parametrize("words", [("care", "answer"), ("assistant", "care"), ("should", "why")])
def test_a_changed_word_in_each_of_many_like_lines_or_sentences_is_marked_alone(words, end):
    pieces = [
        f"The assistant should answer the question of group {n % 7} with care, and say why{end}" for n in range(300)
    ]
    changed = [piece.replace(words[n % 2], "patience") for n, piece in enumerate(pieces)]
    found = diff.words("".join(pieces), "".join(changed))
    assert found.complete
    assert {op.text for op in found.ops if op.kind == "-"} == set(words)
    assert sum(op.kind == "-" for op in found.ops) == 300


@given(ANY, ANY)
def test_both_sides_are_rebuilt_from_any_text(a, b):
    found = diff.words(a, b)
    assert (found.old, found.new) == (a, b)


@given(PIECES, PIECES)
@settings(max_examples=300)
def test_marks_never_cut_a_word_a_link_target_or_a_code_span(a, b):
    assert_marks_whole_words(a, b)
    found = diff.words(a, b)
    assert (found.old, found.new, found.complete) == (a, b, True)


@given(PIECES)
def test_no_change_is_one_equality(text):
    assert [op.kind for op in diff.words(text, text).ops] == (["="] if text else [])


@given(PIECES, PIECES)
def test_operations_alternate_and_are_never_empty(a, b):
    ops = diff.words(a, b).ops
    assert all(op.text for op in ops)
    assert not any(one.kind == two.kind or (one.kind, two.kind) == ("+", "-") for one, two in itertools.pairwise(ops))


@given(ANY)
def test_cuts_join_back(text):
    for cut in (words.tokens, words.units, words.sentences):
        assert "".join(cut(text)) == text


def test_a_refused_comparison_is_not_complete(monkeypatch):
    monkeypatch.setattr(align, "EXACT_CELLS", 100)
    found = diff.words("a b c d e f g h i j k l m", "n o p q r s t u v w x y z")
    assert (found.old, found.new, found.complete) == ("a b c d e f g h i j k l m", "n o p q r s t u v w x y z", False)


def test_hostile_input_is_refused_not_slow():
    a = " ".join(f"a{n}" for n in range(60_000))
    b = " ".join(f"b{n}" for n in range(60_000))
    start = time.process_time()
    found = diff.words(a, b)
    assert (found.complete, found.old == a, found.new == b) == (False, True, True)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(("old", "new"), list(itertools.pairwise(RELEASES)))
def test_real_releases(old, new):
    a, b = ((CORPORA / "model_spec" / f"{name}.md").read_bytes().decode() for name in (old, new))
    found = diff.words(a, b)
    assert (found.old == a, found.new == b, found.complete) == (True, True, True)
    assert_marks_whole_words(a, b)
