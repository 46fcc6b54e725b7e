"""What a merge must preserve: seeded edits, moves, deletions and meaningful white space on both sides at once."""

import random
import re
from collections.abc import Callable

import pytest

from reviews.text import merge
from reviews.text.merge import Conflicted, Merged
from tests.text import change_laws

Blocks = dict[int, str]
Edit = Callable[[random.Random, str], str]


def paragraph(chance: random.Random, n: int) -> str:
    """A block in which every word is unlike those of other blocks: a paragraph, a list or code."""
    words = [f"w{n}x{k}" for k in range(24)]
    if n % 5 == 3:
        return "".join(f"- {words[k]} {words[k + 1]} {words[k + 2]}\n" for k in range(0, 12, 3))
    if n % 5 == 4:
        return "```\n" + "".join(f"{words[k]}({words[k + 1]})\n" for k in range(0, 8, 2)) + "```\n"
    step = chance.choice([6, 8, 24])
    return "".join(" ".join(words[k : k + step]) + "\n" for k in range(0, 24, step))


def replace_word(chance: random.Random, block: str) -> str:
    word = chance.choice(re.findall(r"\w+", block))
    return re.sub(rf"\b{word}\b", f"new{word}", block)


def strike_word(chance: random.Random, block: str) -> str:
    word = chance.choice(re.findall(r"\w+ (?=\w)", block) or ["("])
    return block.replace(word, "", 1)


def add_sign(chance: random.Random, block: str) -> str:
    word = chance.choice(re.findall(r"\w+", block))
    return re.sub(rf"\b{word}\b", chance.choice(["-", "+", "!"]) + word, block)


def break_line(chance: random.Random, block: str) -> str:
    if block.startswith(("- ", "```")):
        return block
    ends = [match.start() for match in re.finditer(r"\n(?=\w)", block)]
    at = chance.choice(ends) if ends else block.rindex(" ")
    return block[:at] + chance.choice(["  \n", "\n\n", "\\\n"]) + block[at + 1 :]


def indent_line(chance: random.Random, block: str) -> str:
    starts = [match.start() for match in re.finditer(r"^(?=- |\w+\()", block, re.MULTILINE)][1:]
    if not starts:
        return block
    at = chance.choice(starts)
    return block[:at] + ("  " if block.startswith("- ") else "    ") + block[at:]


EDITS: list[Edit] = [replace_word, strike_word, add_sign, break_line, indent_line]


def written(blocks: Blocks, order: list[int]) -> str:
    return "\n".join(blocks[n] for n in order)


def moved(order: list[int], n: int, after: int) -> list[int]:
    rest = [other for other in order if other != n]
    at = rest.index(after) + 1
    return [*rest[:at], n, *rest[at:]]


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("seed", range(20))
def test_an_edit_goes_along_with_the_block_that_the_other_side_moved(edit, seed):
    chance = random.Random(seed)
    blocks = {n: paragraph(chance, n) for n in range(10)}
    n, after = chance.sample(range(10), 2)
    edited = blocks | {n: edit(chance, blocks[n])}
    order = moved(list(blocks), n, after)
    base, ours, theirs = written(blocks, list(blocks)), written(blocks, order), written(edited, list(blocks))
    result, turned = merge.merge(base, ours, theirs), merge.merge(base, theirs, ours)
    assert isinstance(result, Merged) or edit is break_line  # a new paragraph between two that parted is for a person
    assert isinstance(result, Conflicted) or result.text == written(edited, order)
    assert turned == change_laws.swapped(result)


@pytest.mark.parametrize("seed", range(150))
def test_a_merge_has_every_edit_move_and_deletion_of_both_sides_or_is_no_merge(seed):
    chance = random.Random(seed)
    blocks = {n: paragraph(chance, n) for n in range(10)}
    base = written(blocks, list(blocks))
    theirs_blocks, both = dict(blocks), dict(blocks)
    ours_blocks = dict(blocks)
    for n in chance.sample(range(10), 3):
        ours_blocks[n] = both[n] = chance.choice(EDITS)(chance, blocks[n])
    for n in chance.sample([n for n in blocks if ours_blocks[n] == blocks[n]], 3):
        theirs_blocks[n] = both[n] = chance.choice(EDITS)(chance, blocks[n])
    gone, moving, after = chance.sample(range(10), 3)
    ours_order = moved(list(blocks), moving, after)
    theirs_order = [n for n in blocks if n != gone or theirs_blocks[n] != ours_blocks[n]]
    both_order = [n for n in ours_order if n in theirs_order]
    result = merge.merge(base, written(ours_blocks, ours_order), written(theirs_blocks, theirs_order))
    if isinstance(result, Conflicted):
        assert result.conflicts
    else:
        assert result.text == written(both, both_order)


def test_most_merges_of_a_move_and_edits_elsewhere_are_made():
    made = 0
    for seed in range(50):
        chance = random.Random(seed)
        blocks = {n: paragraph(chance, n) for n in range(10)}
        moving, after, other = chance.sample(range(10), 3)
        edited = blocks | {n: replace_word(chance, blocks[n]) for n in (moving, other)}
        order = moved(list(blocks), moving, after)
        result = merge.merge(written(blocks, list(blocks)), written(blocks, order), written(edited, list(blocks)))
        made += isinstance(result, Merged) and result.text == written(edited, order)
    assert made == 50


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        ("one\ntwo\n", "one  \ntwo\n", "one\nthree\n", "one  \nthree\n"),
        ("one\ntwo\n", "one\\\ntwo\n", "one\nthree\n", "one\\\nthree\n"),
        ("one\nand two\n", "one\n\nand two\n", "one\nand three\n", "one\n\nand three\n"),
        ("- one\n- two\n", "- one\n  - two\n", "- three\n- two\n", "- three\n  - two\n"),
        ("~~~\nfor x:\n  go()\nend()\n~~~\n", "~~~\nfor x:\n  go()\n  end()\n~~~\n", "~~~\nfor x:\n  run()\nend()\n~~~\n",
         "~~~\nfor x:\n  run()\n  end()\n~~~\n"),
        ("a = 3 today\n", "a = 3 now\n", "a = -3 today\n", "a = -3 now\n"),
        ("first\nsecond\nthird\n", "second\nthird\nfirst\n", "first one\nsecond\nthird\n", "second\nthird\nfirst one\n"),
        ("one line\n", "one line\nof two", "one line  \n", None),
    ],
)  # fmt: skip
def test_white_space_signs_and_moves_are_kept_beside_a_change_of_the_other_side(base, ours, theirs, both):
    for result in (merge.merge(base, ours, theirs), merge.merge(base, theirs, ours)):
        if both is None:
            assert isinstance(result, Conflicted)
        else:
            assert isinstance(result, Merged)
            assert result.text == both


def test_a_text_that_was_only_wrapped_anew_gives_way_to_the_edited_one():
    base = "# Title\nSome words that stand\non two lines.\n\n* one\n    * two\n"
    laid_out = "# Title\n\nSome words that stand on two lines.\n\n- one\n  - two\n"
    edited = "# Title\nSome words that stand\non three lines.\n\n* one\n    * two\n"
    assert merge.merge(base, laid_out, edited) == Merged(edited, "word")


def test_a_bullet_that_was_changed_alone_is_kept():
    assert merge.merge("- one two three\n", "* one two three\n", "- one two four\n") == Merged(
        "* one two four\n", "word"
    )


@pytest.mark.parametrize(
    ("base", "built"),
    [
        ("- one\n- two\n", "- one\n  - two\n"),
        ("- one\n- two\n", "- one\n\n- two\n"),
        ("one\ntwo\n", "one\n\ntwo\n"),
        ("one\ntwo\n", "one  \ntwo\n"),
        ("one\n\n---\n", "one\n---\n"),
        ("1. one\n", "2. one\n"),
        ("`a b`\n\n    if x\n", "`a b`\n\n      if x\n"),
    ],
)
def test_a_text_that_was_built_anew_does_not_give_way(base, built):
    edited = base.replace("one", "three").replace("x", "y").replace("a b", "c d")
    result = merge.merge(base, built, edited)
    assert isinstance(result, Conflicted) or result.text != edited


@pytest.mark.parametrize("seed", range(60))
def test_a_paragraph_on_one_line_is_merged_as_a_wrapped_one(seed):
    """Where both can be merged they say the same; where lines are far apart both can."""
    chance = random.Random(seed)
    words = [f"w{n}" for n in range(40)]
    left, right = sorted(chance.sample(range(40), 2))
    ours = [*words[:left], "left", *words[left + 1 :]]
    theirs = [*words[:right], "right", *words[right + 1 :]]
    texts = []
    for wrap in (40, 8):
        sides = (
            "\n".join(" ".join(side[k : k + wrap]) for k in range(0, 40, wrap)) + "\n" for side in (words, ours, theirs)
        )
        texts.append(getattr(merge.merge(*sides), "text", "").split())
    assert texts[0] == texts[1]
    assert texts[0] or right - left < 3


ITEMS = "- Answer in the language of the question.\n- Name the sources that were used.\n"
MORE_ITEMS = "- Warn before a file is deleted,\n  and ask whether it may be.\n"
OTHER_ITEMS = "- Round amounts of money to cents.\n"
ROWS = "| limit | meaning |\n|---|---|\n| size | bytes of one upload |\n"
MORE_ROWS = "| count | uploads in an hour |\n"
OTHER_ROWS = "| width | columns of a table |\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        (ITEMS, ITEMS + MORE_ITEMS, ITEMS + OTHER_ITEMS, ITEMS + OTHER_ITEMS + MORE_ITEMS),
        (ITEMS, ITEMS + MORE_ITEMS, ITEMS + OTHER_ITEMS.rstrip(), ITEMS + OTHER_ITEMS + MORE_ITEMS),
        (ROWS, ROWS + MORE_ROWS, ROWS + OTHER_ROWS, ROWS + MORE_ROWS + OTHER_ROWS),
        (ROWS, ROWS + MORE_ROWS, ROWS.replace("bytes", "kilobytes"), ROWS.replace("bytes", "kilobytes") + MORE_ROWS),
        (ITEMS, ITEMS + MORE_ITEMS, ITEMS + "  - Or only some.\n", ITEMS + "  - Or only some.\n" + MORE_ITEMS),
        (ITEMS, OTHER_ITEMS + ITEMS, ITEMS.replace("Answer", "Reply"), OTHER_ITEMS + ITEMS.replace("Answer", "Reply")),
    ],
)  # fmt: skip
def test_entries_that_both_sides_added_to_a_list_or_table_are_all_kept(base, ours, theirs, both):
    assert merge.merge(base, ours, theirs) == merge.merge(base, theirs, ours)
    result = merge.merge(base, ours, theirs)
    assert isinstance(result, Merged)
    assert result.text == both
    assert result.method != "line"


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (ROWS, ROWS + MORE_ROWS, ROWS + MORE_ROWS.replace("an hour", "a day")),
        (ITEMS, ITEMS + OTHER_ITEMS, ITEMS + OTHER_ITEMS.replace("cents", "euros")),
        ("", ROWS, "| name | kind |\n|---|---|\n| a | b |\n"),
        ("", MORE_ITEMS, OTHER_ITEMS.replace("- ", "* ")),
        ("1. One.\n", "1. One.\n2. Warn before deleting.\n", "1. One.\n2. Round amounts of money.\n"),
        ("~~~\n- a\n~~~\n", "~~~\n- a\n- read the file\n~~~\n", "~~~\n- a\n- count lines\n~~~\n"),
    ],
)
def test_entries_that_may_contradict_one_another_are_for_a_person(base, ours, theirs):
    assert isinstance(merge.merge(base, ours, theirs), Conflicted)


SECTION = "## Refunds\nMoney is paid back\nwithin ten days\nof the request,\nin the same way.\n"
LAID_OUT = "## Refunds\n\nMoney is paid back within\nten days of the request, in the\nsame way.\n"


@pytest.mark.parametrize("now", ["", "## Refunds\nThere are none.\n"])
def test_a_section_that_was_only_laid_out_anew_gives_way_beside_other_changes(now):
    base, ours = "One rule.\n\n" + SECTION, "Two rules.\n\n" + LAID_OUT
    result = merge.merge(base, ours, "One rule.\n\n" + now)
    assert isinstance(result, Merged)
    assert result.text == "Two rules.\n\n" + now
    assert result.method == "word"
