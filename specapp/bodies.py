"""Reading the body of a request without a thread: as long as its sender makes progress, and up to a limit."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from specapp import limits
from specapp.limits import Environ

# A sender gets a grace, and more time with each byte that has arrived (as `body=15,MinRate=` of Apache's mod_reqtimeout).
GRACE_SECONDS = 15.0
LEAST_BYTES_A_SECOND = 16 * 1024
# What the bodies of one process may hold in memory together, those of anybody and the large ones of known people.
MOST_SMALL_BYTES = 128 * 1024 * 1024
MOST_LARGE_BYTES = 256 * 1024 * 1024
# A client that is still sending reads the refusal only if some of the rest is taken from it.
DRAIN_SECONDS = 3.0
DRAIN_BYTES = 32 * 1024 * 1024


class BodyRefused(Exception):
    """A body is not accepted: the status of the answer, and the title and the sentence of its page."""

    def __init__(self, status: int, title: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.title, self.sentence = status, title, sentence


def too_large(limit: int, *, may_sign_in: bool) -> BodyRefused:
    size = f"{limit // 1024**2} MB" if limit >= 1024**2 else f"{limit // 1024} KB"
    sign_in = " Sign in to send more." if may_sign_in else ""
    return BodyRefused(413, "Too large", f"What you sent is too large: {size} are the limit here.{sign_in}")


def too_slow() -> BodyRefused:
    return BodyRefused(408, "Too slow", "What you sent arrived too slowly. Check your connection and send it again.")


def incomplete() -> BodyRefused:
    return BodyRefused(400, "Incomplete", "What you sent did not arrive completely. Send it again.")


def no_room() -> BodyRefused:
    return BodyRefused(503, "Back soon", "Too much is being sent to this site at the moment. Try again shortly.")


class Chunks:
    """The body of a request as it arrives; goes on after a break, which Granian's own iterator does not."""

    def __init__(self, proto: Any) -> None:
        self.rest = aiter(proto)

    def __aiter__(self) -> Chunks:
        return self

    async def __anext__(self) -> bytes:
        chunk: bytes = await anext(self.rest)
        return chunk


class Room:
    """A number of bytes that bodies share. Where it is full, the body that has been arriving for longest gives way.

    So somebody who fills it slowly, over many connections, does not keep others from sending.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken = 0
        self.arriving: dict[Body, asyncio.Timeout] = {}

    def make(self, size: int, *, asking: Body) -> None:
        """See that there is room for more bytes. Raises BodyRefused where only complete bodies hold it."""
        if self.taken + size <= self.most:
            return
        for body, deadline in self.arriving.items():
            if body is not asking:
                deadline.reschedule(0)
                body.release()
                return
        raise no_room()


class Body:
    """The body of one request, while it arrives and until the request is answered."""

    def __init__(self, environ: Environ, *, room: Room) -> None:
        self.environ = environ
        self.room = room
        self.limit = limits.ANYBODY
        self.content = io.BytesIO()
        self.size = 0
        self.held = 0

    def move(self, room: Room, deadline: asyncio.Timeout) -> None:
        """Count in another room from now on."""
        self.release()
        self.room = room
        self.hold(self.size)
        room.arriving[self] = deadline

    def add(self, chunk: bytes) -> None:
        """Keep the next bytes."""
        self.room.make(len(chunk), asking=self)
        self.content.write(chunk)
        self.size += len(chunk)
        self.hold(len(chunk))

    def hold(self, size: int) -> None:
        """Count bytes in."""
        self.held += size
        self.room.taken += size

    def release(self) -> None:
        """Count out what it holds of its room; nothing where that was done before."""
        self.room.arriving.pop(self, None)
        self.room.taken -= self.held
        self.held = 0


class BodyReader:
    """Reads the bodies of one process."""

    def __init__(self, *, limit_of_sender: Callable[[Environ], Awaitable[int]]) -> None:
        self.limit_of_sender = limit_of_sender
        self.small = Room(MOST_SMALL_BYTES)
        self.large = Room(MOST_LARGE_BYTES)

    @asynccontextmanager
    async def read(self, environ: Environ, chunks: Chunks) -> AsyncIterator[io.BytesIO]:
        """Give the whole body; it counts as held until the block ends. Raises BodyRefused."""
        body = Body(environ, room=self.small)
        try:
            await self.receive_in_time(body, chunks)
            yield body.content
        finally:
            body.release()

    async def receive_in_time(self, body: Body, chunks: Chunks) -> None:
        """Receive all of a body, or end the wait for a sender that is too slow."""
        try:
            async with asyncio.timeout(GRACE_SECONDS) as deadline:
                body.room.arriving[body] = deadline
                await self.receive(body, chunks, deadline)
        except TimeoutError:
            raise too_slow() from None
        body.room.arriving.pop(body, None)
        body.content.seek(0)

    async def receive(self, body: Body, chunks: Chunks, deadline: asyncio.Timeout) -> None:
        """Take chunk after chunk until the end."""
        began = asyncio.get_running_loop().time()
        declared = body.environ["CONTENT_LENGTH"]
        await self.admit(body, int(declared or 0), deadline)
        empty = 0
        async for chunk in chunks:
            empty += not chunk
            await self.admit(body, body.size + len(chunk), deadline)
            body.add(chunk)
            if body in body.room.arriving:  # else its time was ended to make room
                deadline.reschedule(began + GRACE_SECONDS + body.size / LEAST_BYTES_A_SECOND)
        # Granian ends a body with one empty chunk, and gives another one in place of an error while it was read.
        if empty > 1 or (declared and body.size != int(declared)):
            raise incomplete()

    async def admit(self, body: Body, size: int, deadline: asyncio.Timeout) -> None:
        """Raise BodyRefused for a size that this sender may not send to this address."""
        if size > body.limit == limits.ANYBODY:
            body.limit = await self.limit_of_sender(body.environ)
            if body.limit > limits.ANYBODY:
                body.move(self.large, deadline)
        if size > body.limit:
            raise too_large(body.limit, may_sign_in=body.limit < limits.limit_of_address(body.environ))


async def drain(chunks: Chunks) -> None:
    """Take some of what a refused sender is still sending, and forget it."""
    size = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for chunk in chunks:
                size += len(chunk)
                if size > DRAIN_BYTES:
                    return
