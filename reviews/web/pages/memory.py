"""A memory of this process for what is costly to make: bounded by size, the least used goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """Values by key, at most `most_bytes` of them as `size` measures; safe to share between threads."""

    def __init__(self, most_bytes: int, *, size: Callable[[Kept], int]) -> None:
        self._most, self._size = most_bytes, size
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> Kept | None:
        """The value, which thereby is the one used last; None when it is not kept (any more)."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, value: Kept) -> None:
        """Keep a value in place of the one before, and let go of others until there is room."""
        with self._lock:
            self._drop(key)
            self._kept[key] = value
            self._bytes += self._size(value)
            while self._bytes > self._most and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _drop(self, key: Hashable) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._bytes -= self._size(gone)
