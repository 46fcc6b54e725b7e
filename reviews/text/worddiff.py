"""What changed between two texts, in whole words and so that the marks read well."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from reviews.text import align, tidy
from reviews.text import words as cut

Kind = Literal["=", "-", "+"]


class Op(NamedTuple):
    """A stretch of text that stayed (`=`), went (`-`) or came (`+`)."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Diff:
    """The way from one text to another; `complete` is False when a work limit left a stretch uncompared."""

    ops: tuple[Op, ...]
    complete: bool = True

    @property
    def old(self) -> str:
        """The first text, rebuilt."""
        return "".join([text for kind, text in self.ops if kind != "+"])

    @property
    def new(self) -> str:
        """The second text, rebuilt."""
        return "".join([text for kind, text in self.ops if kind != "-"])

    @property
    def changed(self) -> bool:
        """Whether anything came or went."""
        return any(kind != "=" for kind, _ in self.ops)


def words(a: str, b: str) -> Diff:
    """The difference of two texts in whole words, link targets and code spans; both sides can be rebuilt from it.

    The work is limited in operations, never by the clock. Beyond the limit a stretch is given as gone and come, and
    the result is not `complete`; such a result may be shown and must not carry a quote or a merge.
    """
    if a == b:
        return Diff((Op("=", a),) if a else ())
    budget = align.Budget.for_size(len(a) + len(b))
    ops: list[Op] = []
    lines_a, lines_b = cut.units(a), cut.units(b)
    blocks = align.anchored(lines_a, lines_b, weighty=_is_telling)
    i = j = 0
    for x, y, n in [*blocks, (len(lines_a), len(lines_b), 0)]:
        ops += _stretch("".join(lines_a[i:x]), "".join(lines_b[j:y]), budget)
        i, j = x + n, y + n
        ops.append(Op("=", "".join(lines_a[x:i])))
    return Diff(_joined(ops), budget.complete)


def _is_telling(line: str) -> bool:
    """Whether a line says enough to be recognised by: short ones such as a fence or a tag stand in many places."""
    return len(line.strip()) > 12


def _stretch(a: str, b: str, budget: align.Budget) -> list[Op]:
    """The operations between two texts that share no line worth holding on to."""
    if not a or not b:
        return [Op("-", a), Op("+", b)]
    tokens_a, tokens_b = cut.tokens(a), cut.tokens(b)
    blocks = align.lines(tokens_a, tokens_b, budget)
    ops: list[Op] = []
    at = 0
    for hunk in tidy.tidied(align.gaps(blocks, len(tokens_a), len(tokens_b)), tokens_a, tokens_b):
        ops.append(Op("=", "".join(tokens_a[at : hunk[0]])))
        ops.append(Op("-", "".join(tokens_a[hunk[0] : hunk[1]])))
        ops.append(Op("+", "".join(tokens_b[hunk[2] : hunk[3]])))
        at = hunk[1]
    ops.append(Op("=", "".join(tokens_a[at:])))
    return ops


def _joined(ops: list[Op]) -> tuple[Op, ...]:
    """The operations with empty ones dropped, neighbours of a kind joined, and what went before what came."""
    joined: list[Op] = []
    same = gone = came = ""
    for kind, text in ops:
        if not text:
            continue
        if kind == "=":
            joined += _change(gone, came)
            gone = came = ""
            same += text
            continue
        if same:
            joined.append(Op("=", same))
            same = ""
        gone, came = (gone + text, came) if kind == "-" else (gone, came + text)
    joined += _change(gone, came)
    return tuple([*joined, Op("=", same)] if same else joined)


def _change(gone: str, came: str) -> list[Op]:
    return [op for op in (Op("-", gone), Op("+", came)) if op.text]
