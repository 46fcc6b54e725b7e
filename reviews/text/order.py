"""Fractional order keys: strings that sort bytewise and leave room between any two.

After the idea of David Greenspan's "Implementing Fractional Indexing", with a plain fraction in base 62: a key is the
digits after the point and never ends in the lowest digit, so that there is always a key below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)


def between(before: str | None, after: str | None) -> str:
    """A key that sorts after `before` and before `after`; None stands for the beginning and the end.

    Raises ValueError when `before` does not sort before `after`.
    """
    return spread(before, after, 1)[0]


def spread(before: str | None, after: str | None, count: int) -> list[str]:
    """`count` keys in order between two, evenly spaced and as short as that allows."""
    low, high = before or "", after
    if high is not None and low >= high:
        raise ValueError(f"{low!r} does not sort before {high!r}")
    if not count:
        return []
    width = max(len(low), len(high or ""))
    while True:
        start = _number(low, width)
        room = (_number(high, width) if high is not None else BASE**width) - start
        if room > count:
            return [_key(start + room * (n + 1) // (count + 1), width) for n in range(count)]
        width += 1


def filled(keys: Sequence[str | None]) -> list[str]:
    """The same keys, which rise, with each None replaced by a key between its neighbours'."""
    found: list[str] = []
    low: str | None = None
    for present, run in groupby(keys, key=lambda key: key is not None):
        group = list(run)
        if present:
            found += [key or "" for key in group]
            low = found[-1]
        else:
            end = len(found) + len(group)
            found += spread(low, keys[end] if end < len(keys) else None, len(group))
    return found


def _number(key: str, width: int) -> int:
    value = 0
    for digit in key.ljust(width, DIGITS[0]):
        value = value * BASE + DIGITS.index(digit)
    return value


def _key(value: int, width: int) -> str:
    digits = []
    for _ in range(width):
        value, digit = divmod(value, BASE)
        digits.append(DIGITS[digit])
    return "".join(reversed(digits)).rstrip(DIGITS[0])
