"""Ten times the text costs about ten times the work, also on hostile shapes."""

import time

import pytest

from reviews.text import changes, diff, merge, quotes

SHAPES = {
    "one line over and over": ("yes, it is so\n", "no, it is not\n"),
    "one sentence over and over": (
        "The assistant should not lie to the user. ",
        "The assistant should never lie to the user. ",
    ),
    "rows with one first cell": ("| name | string | a |\n", "| name | string | b |\n"),
    "bars": ("||", "| |"),
    "blank lines": ("\n \n", "\n\n"),
    "one word": ("y", "e"),
    "words divided otherwise": ("a ", "a"),
    "headings": ("# one\n\ntwo\n\n", "# one\n\nthree\n\n"),
    "back-ticks and brackets": ("`[](`", "`[]("),
    "combining marks": ("a\u0301\u0302 ", "a\u0302\u0301 "),
    "right to left": ("\u202eabc \u05d0\u05d1 ", "\u202eabd \u05d0\u05d1 "),
}


def work(old, new):
    diff.words(old, new)
    merge.merge(old, new, old + "end\n")
    changes.classify(old[:20_000], new[:20_000])
    quotes.place([quotes.make(old, 0, 20, "a")], {"a": old}, {"a": new})


def cost(pair, times):
    old, new = pair[0] * times, pair[0] * (times // 2) + pair[1] * (times // 2)
    start = time.process_time()
    work(old, new)
    return time.process_time() - start


@pytest.mark.parametrize("shape", SHAPES)
def test_cost_grows_with_the_text(shape):
    cost(SHAPES[shape], 20)
    assert cost(SHAPES[shape], 4_000) < 30 * max(cost(SHAPES[shape], 400), 0.01)
