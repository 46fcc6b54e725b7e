"""Bodies of requests while they arrive: who gives way where memory is short, and how long a sender may take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from specapp import bodies, env, limits
from specapp.bodies import BodyReader, BodyRefused, Chunks, Room

MEGABYTE = 1024 * 1024


async def nobody_known(environ: dict[str, Any]) -> int:
    return limits.ANYBODY


async def known(environ: dict[str, Any]) -> int:
    return limits.limit_of_address(environ)


async def arriving(*parts: bytes | float) -> AsyncIterator[bytes]:
    """Give chunks, wait where a number of seconds stands, and end as Granian does."""
    for part in parts:
        if isinstance(part, bytes):
            yield part
        else:
            await asyncio.sleep(part)
    yield b""


async def read(reader: BodyReader, *parts: bytes | float, path: str = "/sign-in/", length: str = "") -> bytes | str:
    """The body, or the sentence that refuses it."""
    environ = {"PATH_INFO": path, "CONTENT_LENGTH": length}
    try:
        async with reader.read(environ, Chunks(arriving(*parts))) as body:
            return body.read()
    except BodyRefused as refused:
        return f"{refused.status} {refused.sentence}"


def test_a_body_is_read_whole_and_holds_nothing_afterwards() -> None:
    reader = BodyReader(limit_of_sender=nobody_known)

    assert asyncio.run(read(reader, b"a=", b"b", length="3")) == b"a=b"
    assert asyncio.run(read(reader)) == b""
    assert (reader.small.taken, reader.large.taken, reader.small.arriving) == (0, 0, {})


def test_known_people_may_send_more_to_some_addresses() -> None:
    half = b"a" * MEGABYTE
    reader = BodyReader(limit_of_sender=known)

    assert asyncio.run(read(reader, half, half, path="/a/import/")) == half + half
    assert str(asyncio.run(read(reader, half, path="/a/settings/"))).startswith("413 ")
    assert (reader.small.taken, reader.large.taken, reader.large.arriving) == (0, 0, {})


def test_a_sender_has_more_time_the_more_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(bodies, "LEAST_BYTES_A_SECOND", 1000)
    reader = BodyReader(limit_of_sender=nobody_known)

    assert asyncio.run(read(reader, b"a" * 500, 0.15, b"b" * 500, 0.15, b"c")) == b"a" * 500 + b"b" * 500 + b"c"
    assert str(asyncio.run(read(reader, b"a", 0.15, b"b", 0.15, b"c"))).startswith("408 ")
    assert reader.small.taken == 0


def test_where_memory_is_short_the_body_that_arrives_for_longest_gives_way() -> None:
    reader = BodyReader(limit_of_sender=nobody_known)
    reader.small = Room(1000)

    async def both() -> list[bytes | str]:
        slow = asyncio.create_task(read(reader, b"s" * 800, 5.0))
        await asyncio.sleep(0.05)
        return [await read(reader, b"q" * 800), await slow]

    quick, slow = asyncio.run(both())
    assert quick == b"q" * 800
    assert str(slow).startswith("408 ")
    assert reader.small.taken == 0


def test_bodies_that_wait_for_an_answer_do_not_give_way() -> None:
    reader = BodyReader(limit_of_sender=nobody_known)
    reader.small = Room(1000)

    async def second() -> bytes | str:
        async with reader.read({"PATH_INFO": "/", "CONTENT_LENGTH": ""}, Chunks(arriving(b"a" * 800))):
            return await read(reader, b"b" * 800)

    assert str(asyncio.run(second())).startswith("503 ")


@pytest.mark.parametrize(
    ("role", "named", "expected"),
    [
        (
            "application",
            "web",
            "-c statement_timeout=20s -c lock_timeout=8s -c idle_in_transaction_session_timeout=120s",
        ),
        (
            "application",
            "",
            "-c statement_timeout=240s -c lock_timeout=60s -c idle_in_transaction_session_timeout=600s",
        ),
        ("owner", "", ""),
        ("application", "none", ""),
    ],
)
def test_pages_have_less_time_in_the_database_than_jobs_and_the_owner_has_all(
    monkeypatch: pytest.MonkeyPatch, role: str, named: str, expected: str
) -> None:
    monkeypatch.setenv("DATABASE_TIMEOUTS", named)

    assert env.database_timeouts(role=role) == expected
    assert env.database_timeouts("-c work_mem=8MB", role=role) == f"{expected} -c work_mem=8MB".strip()


def test_time_limits_that_do_not_exist_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_TIMEOUTS", "long")

    with pytest.raises(env.NotConfigured, match="DATABASE_TIMEOUTS must be one of web, jobs, none, not 'long'"):
        env.database_timeouts(role="application")
