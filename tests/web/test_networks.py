"""Where a request comes from, with and without a proxy."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from reviews.web.networks import client_address, client_network, network_of


def request(forwarded: str | None = None, peer: str = "192.0.2.7") -> Any:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("1.1.1.1,2.2.2.2 ,203.0.113.9 ", "203.0.113.9"),
        (None, "192.0.2.7"),
        ("", "192.0.2.7"),
    ],
)
def test_behind_a_proxy_the_last_hop_counts(settings: Any, forwarded: str | None, expected: str) -> None:
    settings.BEHIND_PROXY = True
    assert client_address(request(forwarded)) == expected


def test_without_a_proxy_the_header_is_ignored(settings: Any) -> None:
    settings.BEHIND_PROXY = False
    assert client_address(request("203.0.113.9")) == "192.0.2.7"
    assert client_network(request("203.0.113.9")) == "192.0.2.0"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0"),
        ("203.0.113.9:4711", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("[2001:db8:1:2::5]:443", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.0"),
        ("fe80::1%eth0", "fe80::"),
        ("", "0.0.0.0"),
        ("unknown", "0.0.0.0"),
        ("999.1.1.1", "0.0.0.0"),
        ("\x00", "0.0.0.0"),
    ],
)
def test_neighbours_are_one_network(address: str, network: str) -> None:
    assert network_of(address) == network
