"""Front matter: keys and values (YAML or TOML) between two marks at the beginning of a file."""

import re

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_OPENING = re.compile(r"(---|\+\+\+)[ \t]*")
_KEYS = {
    "---": re.compile(r"([\w.-]+|\"[^\"]+\"|'[^']+')[ \t]*:(?=[ \t]|$)"),
    "+++": re.compile(r"([\w.-]+|\"[^\"]+\"|'[^']+')[ \t]*=|\[[^\[\]]+\][ \t]*(?:#.*)?$|\[\["),
}
_GOES_ON = re.compile(r"[ \t]+\S|-(?:[ \t]|$)|[\]}]")
_WITHIN_TOML = re.compile(r"\"\"\"|'''")


def end(source: str, start: int) -> int:
    """Return where the front matter that begins at `start` ends, or 0 when a rule or anything else stands there.

    It needs a closing mark, and each line before it must be a key with its value or belong to one: a value that goes on,
    a comment, a blank line between them. A comment between blank lines is a heading, and equal keys are prose.
    """
    opening = _LINE.match(source, start)
    mark = _OPENING.fullmatch(opening[1]) if opening else None
    if not opening or not mark:
        return 0
    lines: list[str] = []
    at = opening.end()
    while at < len(source) and (line := _LINE.match(source, at)):
        at = line.end()
        words = line[1].rstrip(" \t")
        if words == mark[1] or (words == "..." and mark[1] == "---"):
            return at if _is_data(lines, mark[1]) else 0
        if not lines and not words:
            return 0
        lines.append(words)
    return 0


def _is_data(lines: list[str], mark: str) -> bool:
    """Tell whether lines are keys with their values; TOML knows sections, below which the same keys may stand again."""
    keys: set[str] = set()
    quoted = False
    if not lines or not lines[-1]:
        return False
    for number, line in enumerate(lines):
        key = None if quoted else _KEYS[mark].match(line)
        if key:
            if key[1] in keys and mark == "---":
                return False
            keys.add(key[1] or line)
        elif line.startswith("#") and not quoted:
            if _stands_alone(lines, number):
                return False
        elif line and not quoted and not (keys and _GOES_ON.match(line)):
            return False
        if mark == "+++" and len(_WITHIN_TOML.findall(line)) % 2:
            quoted = not quoted
    return bool(keys)


def _stands_alone(lines: list[str], number: int) -> bool:
    before = lines[number - 1] if number else ""
    return not before and lines[number + 1 : number + 2] == [""]
