"""Rewriting the heading line of a clause source: its title, anchor and authority, leaving every other character."""

from __future__ import annotations

import re

ATTRIBUTES = re.compile(r"[ \t]*\{(?P<inside>[^{}\r\n]*)\}(?P<rest>[ \t]*#*[ \t]*)(?=\r?$)", re.MULTILINE)
AUTHORITY = re.compile(r"(?:^|(?<=\s))authority\s*=\s*(?:\"[^\"]*\"|'[^']*'|\S+)")


def with_authority(source: str, authority: str) -> str:
    """The same source whose heading line carries this authority, or none when it is empty.

    Only the attribute list at the end of the first line is touched; a heading without one gets one.
    """
    line, ending, rest = _first_line(source)
    found = ATTRIBUTES.search(line)
    wanted = f"authority={authority}" if authority else ""
    if found is None:
        return f"{line.rstrip()} {{{wanted}}}{ending}{rest}" if wanted else source
    inside = found["inside"]
    words = AUTHORITY.sub(lambda _: wanted, inside) if AUTHORITY.search(inside) else f"{inside} {wanted}"
    words = " ".join(words.split())
    attributes = f" {{{words}}}" if words else ""
    return line[: found.start()] + attributes + found["rest"].rstrip() + ending + rest


def _first_line(source: str) -> tuple[str, str, str]:
    end = len(source)
    for n, character in enumerate(source):
        if character in "\r\n":
            end = n
            break
    ending = source[end : end + 2] if source[end : end + 2] == "\r\n" else source[end : end + 1]
    return source[:end], ending, source[end + len(ending) :]
