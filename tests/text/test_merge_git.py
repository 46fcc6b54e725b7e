"""Merging by lines beside `git merge-file`: no conflict where git has none, and the same text."""

import random
import shutil
import subprocess

import pytest

from reviews.text import merge
from reviews.text.merge import Merged

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on this machine")

LINES = ["", "", "", "- an item", "```", *(f"a line of words, number {n}" for n in range(12))]


def merge_by_git(folder, base: str, ours: str, theirs: str) -> str | None:
    """Return what git makes of a merge, or None for a conflict."""
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_bytes(text.encode())
    command = ["git", "merge-file", "-p", *(str(folder / name) for name in ("ours", "base", "theirs"))]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout.decode() if done.returncode == 0 else None


def edited(chance: random.Random, lines: list[str]) -> list[str]:
    lines = list(lines)
    for _ in range(chance.randint(1, 3)):
        at, act = chance.randint(0, len(lines)), chance.choice(["insert", "delete", "replace", "move"])
        if act == "insert":
            lines[at:at] = chance.choices(LINES, k=chance.randint(1, 3))
        elif act == "delete":
            del lines[at : at + 2]
        elif act == "replace":
            lines[at : at + 1] = [chance.choice(LINES)]
        else:
            block, lines[at : at + 3] = lines[at : at + 3], []
            to = chance.randint(0, len(lines))
            lines[to:to] = block
    return lines


def test_what_git_merges_is_merged_to_the_same_text(tmp_path):
    """Lines that repeat can be matched in several ways of equal length, so that a few may differ."""
    chance = random.Random(11)
    clean = same = 0
    for _ in range(400):
        base = chance.choices(LINES, k=chance.randint(0, 30))
        texts = ["".join(line + "\n" for line in side) for side in (base, edited(chance, base), edited(chance, base))]
        expected = merge_by_git(tmp_path, *texts)
        if expected is not None:
            clean += 1
            same += merge.merge(*texts) == Merged(expected)
    assert clean > 150
    assert same >= 0.985 * clean


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("old\n\n", "new\n\n", "new\n\n\n\nmore\n"),
        ("# T\nold\n\n", "# T\nnew\n\n", "# T\nnew\n\n\n\n\nmore\n"),
        ("old\n\n\n", "new\n\n\n", "new\n\n\n\nmore\n\n"),
    ],
)
def test_blank_lines_beside_a_change_make_no_conflict(tmp_path, base, ours, theirs):
    expected = merge_by_git(tmp_path, base, ours, theirs)
    assert expected is not None
    assert merge.merge(base, ours, theirs) == Merged(expected)
    assert merge.merge(base, theirs, ours) == Merged(expected)


@pytest.mark.parametrize("sections", [190, 210, 450, 1200])
def test_long_texts_with_exchanged_sections_are_merged_as_by_git(tmp_path, sections):
    chance = random.Random(sections)
    filler = ["- an item", "```", "", "some text", "* * *", *(f"line {n} of many" for n in range(200))]
    base = [[f"## Section {n}", "", *chance.choices(filler, k=8)] for n in range(sections)]
    ours, theirs = list(base), [list(lines) for lines in base]
    one, other = sections // 3, 2 * sections // 3
    ours[one], ours[other] = ours[other], ours[one]
    theirs[sections // 2][4] = "a line that was edited"
    texts = ["".join(line + "\n" for lines in side for line in lines) for side in (base, ours, theirs)]
    expected = merge_by_git(tmp_path, *texts)
    assert expected is not None
    assert merge.merge(*texts) == Merged(expected)
