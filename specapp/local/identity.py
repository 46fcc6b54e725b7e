"""As whom PostgreSQL runs: it refuses root, and a user without an entry in the password file."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from specapp.local.trouble import Trouble


@dataclass(frozen=True)
class Identity:
    """How to start PostgreSQL's programs: `words` says it for the log."""

    words: str
    programs: Path
    data: Path
    prefix: tuple[str, ...] = ()
    owner: int = -1
    spawn: dict[str, Any] = field(default_factory=dict)

    def command(self, program: str, *arguments: str) -> list[str]:
        return [*self.prefix, str(self.programs / "bin" / program), *arguments]

    def run(self, program: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run one program to its end; never raises for what the program says."""
        return subprocess.run(
            self.command(program, *arguments),
            input=given,
            capture_output=True,
            text=True,
            cwd="/",
            env=quiet_environment(),
            check=False,
            **self.spawn,
        )

    def own(self, folder: Path) -> None:
        """Make the folder, open to this identity only, and hand over what another one left there."""
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0 and folder.stat().st_uid != self.owner:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.owner, -1, follow_symlinks=False)
        folder.chmod(0o700)


def quiet_environment() -> dict[str, str]:
    """The environment without what would lead PostgreSQL's programs elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def choose(programs: Path, data: Path) -> Identity:
    """The first identity of which PostgreSQL and the data folder can be used; Trouble when there is none."""
    for identity in candidates(programs, data):
        if usable(identity):
            return identity
    raise Trouble(
        "PostgreSQL refuses to run as this user and no other way was found: "
        "run as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
    )


def candidates(programs: Path, data: Path) -> Iterator[Identity]:
    """In order: as we are, in a namespace of our own, as another user, as another user with copies."""
    me = os.geteuid()
    if me != 0 and known(me):
        yield Identity("as this user", programs, data, owner=me)
    others = other_users(data)
    if me == 0 and (copies_folder(data) / data.name / "PG_VERSION").exists():
        yield with_copies(others[0], programs, data)  # where the data are since the first start
    if shutil.which("unshare"):
        for uid in others[-1:]:
            prefix = ("unshare", "--user", f"--map-user={uid}", "--")
            yield Identity(f"in a user namespace, as {pwd.getpwuid(uid).pw_name}", programs, data, prefix, me)
    if me == 0:
        for uid in others:
            yield as_other(uid, programs, data)
        for uid in others:
            yield with_copies(uid, programs, data)


def known(uid: int) -> bool:
    try:
        return bool(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return False


def other_users(data: Path) -> list[int]:
    """Who else may own the data: whose the project is, the system's PostgreSQL user, nobody."""
    owner = next(folder for folder in data.parents if folder.exists()).stat().st_uid
    found = [owner] if known(owner) else []
    for name in ("postgres", "nobody"):
        try:
            found.append(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    return [uid for uid in found if uid not in (0, os.geteuid())]


def as_other(uid: int, programs: Path, data: Path) -> Identity:
    entry = pwd.getpwuid(uid)
    spawn = {"user": uid, "group": entry.pw_gid, "extra_groups": []}
    return Identity(f"as {entry.pw_name}", programs, data, (), uid, spawn)


def copies_folder(data: Path) -> Path:
    return Path("/var/lib") / f"specapp-{hashlib.sha256(str(data).encode()).hexdigest()[:10]}"


def with_copies(uid: int, programs: Path, data: Path) -> Identity:
    """Return the identity with programs and data under /var/lib, for a project that only root can reach."""
    place = copies_folder(data)
    copied = place / "programs" / programs.parent.parent.name
    plain = as_other(uid, copied, place / data.name)
    try:
        place.mkdir(mode=0o755, exist_ok=True)
        if not copied.exists():
            copy_programs(programs, copied)
        for folder in (place, copied.parent, copied.resolve().parent.parent):
            folder.chmod(0o755)
    except OSError as error:
        raise Trouble(f"PostgreSQL cannot be copied to {place}: {error.strerror}.") from error
    return Identity(f"{plain.words}, under {place}", plain.programs, plain.data, (), uid, plain.spawn)


def copy_programs(programs: Path, copied: Path) -> None:
    """Copy the wheel's programs and the libraries beside them, with the same places to one another."""
    package = programs.parent
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, copied.parent.parent / "site" / source.name, dirs_exist_ok=True)
    copied.parent.mkdir(parents=True, exist_ok=True)
    copied.symlink_to(copied.parent.parent / "site" / package.name / programs.name)


def usable(identity: Identity) -> bool:
    """True where the programs start and the data folder can be reached and written."""
    try:
        identity.own(identity.data)
        if identity.owner != os.geteuid():
            above = identity.data.parent
            above.chmod(stat.S_IMODE(above.stat().st_mode) | 0o011)  # the other user has to pass through
        if identity.run("postgres", "--version").returncode != 0:
            return False
        test = [*identity.prefix, "test", "-w", str(identity.data), "-a", "-x", str(identity.data)]
        return subprocess.run(test, check=False, cwd="/", **identity.spawn).returncode == 0
    except OSError:
        return False
