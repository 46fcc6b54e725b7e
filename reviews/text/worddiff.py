"""What changed between two texts, in whole words and so that the marks read well."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from reviews.text import align, sliding, tidy
from reviews.text import words as cut

Kind = Literal["=", "-", "+"]


_BEGINNING = 100
_TOKENS_OF_BEGINNING = 6
_MOST = 0.8


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
    return Diff(_at_best_places(_joined(ops)), budget.complete)


def _is_telling(line: str) -> bool:
    """Whether a line says enough to be recognised by: short ones such as a fence or a tag stand in many places."""
    return len(line.strip()) > 12


def _stretch(a: str, b: str, budget: align.Budget) -> list[Op]:
    """The operations between two texts that share no line worth holding on to."""
    if not a or not b:
        return [Op("-", a), Op("+", b)]
    tokens_a, tokens_b = cut.tokens(a), cut.tokens(b)
    trial = align.Budget(budget.cells)
    blocks = align.lines(tokens_a, tokens_b, trial)
    if not trial.complete and (by_piece := _piece_by_piece(a, b, budget)):
        return by_piece
    budget.cells, budget.complete = trial.cells, budget.complete and trial.complete
    ops: list[Op] = []
    at = 0
    for hunk in tidy.tidied(align.gaps(blocks, len(tokens_a), len(tokens_b)), tokens_a):
        ops.append(Op("=", "".join(tokens_a[at : hunk[0]])))
        ops.append(Op("-", "".join(tokens_a[hunk[0] : hunk[1]])))
        ops.append(Op("+", "".join(tokens_b[hunk[2] : hunk[3]])))
        at = hunk[1]
    ops.append(Op("=", "".join(tokens_a[at:])))
    return ops


def _piece_by_piece(a: str, b: str, budget: align.Budget) -> list[Op]:
    """The operations between two texts too long to compare at once, by pairs of like lines or sentences; none without."""
    pieces_a, pieces_b = _pieces(a), _pieces(b)
    blocks = _like_pieces(pieces_a, pieces_b, budget)
    ops: list[Op] = []
    i = j = 0
    for x, y, n in [*blocks, (len(pieces_a), len(pieces_b), 0)] if blocks else []:
        ops += _stretch("".join(pieces_a[i:x]), "".join(pieces_b[j:y]), budget)
        for one, two in zip(pieces_a[x : x + n], pieces_b[y : y + n], strict=True):
            ops += [Op("=", one)] if one == two else _stretch(one, two, budget)
        i, j = x + n, y + n
    return ops


def _pieces(text: str) -> list[str]:
    lines = cut.units(text)
    return lines if len(lines) > 1 else cut.sentences(text)


def _like_pieces(a: list[str], b: list[str], budget: align.Budget) -> list[align.Block]:
    """Runs of pieces that stand for one another: all in their order where they are alike, else those that begin alike."""
    if min(len(a), len(b)) < 2:
        return []
    if len(a) == len(b) and sum(map(_is_like, a, b)) >= _MOST * len(a):
        return [(0, 0, len(a))]
    return align.exact(list(map(_beginning, a)), list(map(_beginning, b)), budget)


def _is_like(one: str, two: str) -> bool:
    """Whether two pieces have more than half of their words in common."""
    left, right = set(cut.words(one)), set(cut.words(two))
    return 2 * len(left & right) >= max(len(left), len(right))


def _beginning(piece: str) -> str:
    """What pieces of one kind have in common: the indent, the marker and the first words."""
    return "".join(cut.tokens(piece[:_BEGINNING])[:_TOKENS_OF_BEGINNING])


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


def _at_best_places(ops: tuple[Op, ...]) -> tuple[Op, ...]:
    """The operations with pure insertions and deletions moved sideways, where that says the same, to better edges."""
    placed = [Op("=", ""), *ops, Op("=", "")]
    for at in range(1, len(placed) - 1):
        (before, left), (kind, text), (after, right) = placed[at - 1 : at + 2]
        if kind == "=" or before != "=" or after != "=":
            continue
        is_first = at == 1 or (at == 2 and not placed[0].text)
        is_last = at == len(placed) - 2 or (at == len(placed) - 3 and not placed[-1].text)
        left, text, right = sliding.moved(left, text, right, is_first=is_first, is_last=is_last)
        placed[at - 1 : at + 2] = [Op("=", left), Op(kind, text), Op("=", right)]
    return tuple(op for op in placed if op.text)


def _change(gone: str, came: str) -> list[Op]:
    return [op for op in (Op("-", gone), Op("+", came)) if op.text]
