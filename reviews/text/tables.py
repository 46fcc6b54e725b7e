"""Tables: rows that may be shorter or longer than their table is wide."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviews.text.page import MAX_DEPTH

if TYPE_CHECKING:
    from reviews.text.walk import Walk

_LEVELS = 4


@dataclass
class Table:
    """The table being written: its columns, and how far its row has come, in bytes."""

    aligned: tuple[str, ...]
    head: bool = False
    column: int = 0
    cell_end: int = 0
    row_end: int = 0


def too_deep(walk: "Walk") -> bool:
    """Whether the elements of a table would be nested deeper than is allowed."""
    return walk.depth + len(walk.open) + _LEVELS >= MAX_DEPTH


def literal(walk: "Walk", index: int, at: Any) -> int:
    """Writes the characters of a table and gives the index after it."""
    walk.page.write(walk.raw(at))
    walk.report("table", at)
    return walk.closing(index, "Table") + 1


def part(walk: "Walk", name: str, data: Any, at: Any) -> None:
    """Opens a table or a part of one."""
    if name == "Table" or walk.table is None:
        _table(walk, Table(tuple(data or ())), at)
    elif name in ("TableHead", "TableRow"):
        _row(walk, walk.table, name == "TableHead", at)
    elif name == "Paragraph":  # what the parser makes of rows when it has filled up too many
        walk.block("tr", "table-row", at, before_end="</td>")
        walk.page.markup("<td>")
    elif at["start"] == at["end"] >= walk.table.row_end:
        walk.open.append((lambda: None, ""))  # made up by the parser to fill the row
    else:
        _cell(walk, walk.table, at)


def _table(walk: "Walk", table: Table, at: Any) -> None:
    walk.block("div", "table", at, ' class="table-scroll" tabindex="0"', before_end="</tbody></table>")
    walk.page.markup("<table>")
    walk.table = table
    finish = walk.open[-1][0]

    def close() -> None:
        walk.table = None
        finish()

    walk.open[-1] = (close, "")


def _row(walk: "Walk", table: Table, head: bool, at: Any) -> None:
    if head:
        walk.page.markup("<thead>")
    row = walk.raw(at)
    table.head, table.column, table.cell_end = head, 0, at["start"]
    table.row_end = at["end"] - (len(row) - len(row.rstrip()))
    number = walk.page.open("tr", "table-row", walk.span(at))

    def close() -> None:
        _surplus(walk, table, at)
        walk.page.close("tr", number)
        if head:
            walk.page.markup("</thead><tbody>")

    walk.open.append((close, ""))


def _surplus(walk: "Walk", table: Table, at: Any) -> None:
    """Shows cells beyond the table's width, which Markdown parsers drop, as one more cell."""
    rest = walk.raw({"start": max(table.cell_end, at["start"]), "end": at["end"]}).strip(" |\t\r\n")
    if rest:
        walk.page.markup("<td>")
        walk.page.write(rest)
        walk.page.markup("</td>")
        walk.report("table-cells", at)


def _cell(walk: "Walk", table: Table, at: Any) -> None:
    align = table.aligned[table.column].lower() if table.column < len(table.aligned) else "none"
    table.column, table.cell_end = table.column + 1, at["end"]
    tag = "th" if table.head else "td"
    attributes = "" if align == "none" else f' class="align-{align}"'
    walk.page.markup(f"<{tag}{attributes}" + (' dir="auto">' if walk.page.mixed else ">"))
    walk.open.append((_closing(walk, tag), ""))


def _closing(walk: "Walk", tag: str) -> Callable[[], None]:
    return lambda: walk.page.known(f"</{tag}>\t", "\t")
