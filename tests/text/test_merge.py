"""Merging: laws, made cases, and ninety merges that people made."""

import json
import subprocess
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reviews.text import merge
from reviews.text.merge import Conflict, Conflicted, Merged
from tests.corpora import CORPORA
from tests.text import change_laws

LINES = st.lists(
    st.sampled_from(["one two three\n", "four five six seven.\n", "\n", "- a\n", "One. Two words. Three.\n", "x y z"]),
    max_size=8,
).map("".join)
WORDY = st.lists(st.sampled_from("the must not may user asks it if so . , \n".split(" ")), max_size=30).map(" ".join)
ANY = st.text(max_size=80)
CASES = [
    (folder, case["n"])
    for folder in ("cloudevents", "semver")
    for case in json.loads((CORPORA / "threeway" / folder / "index.json").read_text(encoding="utf-8"))["cases"]
]


@example("a b c d e f\n", "f a b c d e\n", "a b x d e f\n")
@example("the must", "must the", "the must the")
@given(*[st.one_of(LINES, WORDY, ANY)] * 3)
@settings(max_examples=600)
def test_laws_of_merging(base, ours, theirs):
    change_laws.check_merge(base, ours, theirs)


def test_a_word_moved_between_places_and_added_by_the_other_side_is_no_suggestion():
    base, ours = "x\nold\nold\nU new\nold\n", "new\nold\n"
    theirs = "x\nold\nold\nnew\nnew\nold\n"
    change_laws.check_merge(base, ours, theirs)


@given(*[st.one_of(LINES, WORDY)] * 3)
def test_conflicts_hold_both_sides_whole(base, ours, theirs):
    result = merge.merge(base, ours, theirs)
    if isinstance(result, Conflicted):
        assert result.conflicts
        assert all(part != "" for part in result.parts)


@given(st.sets(st.integers(0, 39)), st.sets(st.integers(0, 39)))
def test_edits_of_lines_apart_are_all_kept(left, right):
    right = {n for n in right if not {n - 1, n, n + 1} & left}
    base = [f"line {n} stands here\n" for n in range(40)]
    ours = [f"ours {n}\n" if n in left else line for n, line in enumerate(base)]
    theirs = [f"theirs {n}\n" if n in right else line for n, line in enumerate(base)]
    both = [ours[n] if n in left else theirs[n] for n in range(40)]
    assert merge.merge("".join(base), "".join(ours), "".join(theirs)) == Merged("".join(both))


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("A is. B is. C is.", "A was. B is. C is.", "A is. B is. C was.", Merged("A was. B is. C was.", "sentence")),
        ("A is. B is.", "A was. B is.", "A is. B was.", Merged("A was. B was.", "sentence")),
        (
            "The user must not ask the system.",
            "The developer must not ask the system.",
            "The user must not ask the platform.",
            Merged("The developer must not ask the platform.", "word"),
        ),
        ("one two three\n", "one\ntwo three\n", "one two four\n", Merged("one two four\n", "word")),
        (
            "It must go.",
            "It may go.",
            "It should go.",
            Conflicted((Conflict("It must go.", "It may go.", "It should go."),)),
        ),
        ("", "a\n", "b\n", Conflicted((Conflict("", "a\n", "b\n"),))),
        ("a\n", "", "b\n", Conflicted((Conflict("a\n", "", "b\n"),))),
        ("a\nb\n", "a\nx\nb\n", "a\nx\ny\nb\n", Merged("a\nx\ny\nb\n", "word")),
        (
            "a\nb\nc\n",
            "a\n1\nc\n",
            "a\n2\nc\n",
            Conflicted(("a\n", Conflict("b\n", "1\n", "2\n"), "c\n")),
        ),
        (
            "| k | v |\n",
            "| j | v |\n",
            "| k | w |\n",
            Conflicted((Conflict("| k | v |\n", "| j | v |\n", "| k | w |\n"),)),
        ),
    ],
)
def test_made_cases(base, ours, theirs, expected):
    assert merge.merge(base, ours, theirs) == expected


def test_unfinished_merges_get_no_suggestion():
    base, ours = "a b c d e f g\n", "x b c d e f g\n"
    theirs = "<<<<<<< HEAD\na b c d e f y\n=======\n>>>>>>> branch\n"
    assert merge.merge(base, ours, theirs) == Conflicted((Conflict(base, ours, theirs),))


@cache
def judged():
    """For each real case: whether git is clean, git's text, the result, and what people committed."""
    rows = []
    for folder, n in CASES:
        place = CORPORA / "threeway" / folder / f"{n:03d}"
        base, ours, theirs, people = (
            (place / f"{name}.md").read_bytes().decode() for name in ("base", "ours", "theirs", "merged")
        )
        command = ["git", "merge-file", "-p", *(str(place / f"{name}.md") for name in ("ours", "base", "theirs"))]
        git = subprocess.run(command, capture_output=True, check=False)
        rows.append((git.returncode == 0, git.stdout.decode(), merge.merge(base, ours, theirs), people))
    return rows


def test_real_cases_that_git_merges_are_merged_alike():
    clean = [(git, result, people) for is_clean, git, result, people in judged() if is_clean]
    assert len(clean) == 61
    for git, result, people in clean:
        assert isinstance(result, Merged)
        assert result.method == "line"
        assert result.text in (git, people)


def test_real_conflicts_get_suggestions_that_people_made():
    conflicts = [(result, people) for is_clean, _, result, people in judged() if not is_clean]
    offered = [(result, people) for result, people in conflicts if isinstance(result, Merged)]
    equal = [result for result, people in offered if result.text == people]
    assert len(conflicts) == 29
    assert len(offered) >= 0.4 * len(conflicts)
    assert all(result.method != "line" for result, _ in offered)
    assert len(equal) >= 0.6 * len(offered)
