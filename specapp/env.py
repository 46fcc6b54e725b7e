"""The environment, read in one place: every name that configures the program, and what it is without one."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()

OWNER_ROLE = "specapp_owner"
APPLICATION_ROLE = "specapp"

# What must be set where real people are served, with an example of each.
NEEDED_IN_PRODUCTION = {
    "SECRET_KEY": "$(openssl rand -hex 32)",
    "SITE_URL": "https://specs.example.org",
    "ALLOWED_HOSTS": "specs.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "MAIL_FROM": "specs@example.org",
}


class NotConfigured(Exception):
    """A name that is needed is missing or makes no sense; the message says what to set."""


def text(name: str, *, default: str | None = None, example: str = "") -> str:
    """The value of a name; where it is missing and has no default, a sentence that says what to set."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise NotConfigured(
            f"Set {name} in the environment" + (f", for example {name}={example}" if example else "") + "."
        )
    return default


def flag(name: str, *, default: bool) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off."""
    value = text(name, default="1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise NotConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, *, default: int) -> int:
    """A whole number."""
    value = text(name, default=str(default))
    if not value.isdecimal():
        raise NotConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str, *, default: str | None = None, example: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default=default, example=example).split(",") if word.strip()]


def production() -> bool:
    """True where real people are served: everything must then be set, and nothing is made up."""
    return flag("PRODUCTION", default=False)


def check_production() -> None:
    """Raise NotConfigured with every name that production needs and that is not set, all at once."""
    missing = [name for name in NEEDED_IN_PRODUCTION if not os.environ.get(name, "").strip()]
    if production() and missing:
        examples = "".join(f"\n  {name}={NEEDED_IN_PRODUCTION[name]}" for name in missing)
        raise NotConfigured(f"PRODUCTION=1 needs more names. Set in the environment, for example:{examples}")
    if os.environ.get("DATABASE_OWNER_URL") and not os.environ.get("DATABASE_URL"):
        raise NotConfigured(
            "DATABASE_OWNER_URL is set without DATABASE_URL: set both, or none for the embedded PostgreSQL."
        )


def demo() -> bool:
    """True where the demo and its people are wanted. Their sign-in links are open to everybody, so never in production."""
    wanted = flag("DEMO", default=not production())
    if wanted and production():
        raise NotConfigured(
            "DEMO=1 is not possible with PRODUCTION=1: anybody could sign in as the people of the demo."
        )
    return wanted


def first_owner_email() -> str:
    """FIRST_OWNER_EMAIL: the address of the first owner, by default the one of the operator."""
    return text("FIRST_OWNER_EMAIL", default=text("OPERATOR_EMAIL", default="owner@example.org"))


def secret_key() -> str:
    """SECRET_KEY; outside production one that is made once and kept under var/."""
    if production() or os.environ.get("SECRET_KEY", "").strip():
        return text("SECRET_KEY", example=NEEDED_IN_PRODUCTION["SECRET_KEY"])
    kept = VAR / "secret_key"
    try:
        if not kept.exists():
            make_secret_key(kept)
        value = kept.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no text"
        raise NotConfigured(f"{kept} cannot be used ({said}): make it readable, or remove it.") from error
    if not value:
        raise NotConfigured(f"{kept} is empty: remove it. A new key is made then, and everybody signs in again.")
    return value


def make_secret_key(kept: Path) -> None:
    """Write a new key; of two processes that start together, the second takes the key of the first."""
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(prefix="secret_key.", dir=kept.parent)  # open to its owner only
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(unfinished, kept)
    finally:
        os.unlink(unfinished)


def sockets_folder(purpose: str = "") -> Path:
    """Where the embedded services have their sockets: a short path (107 bytes at most), the same at every start."""
    mark = hashlib.sha256(f"{VAR} {os.getuid()} {purpose}".encode()).hexdigest()[:10]
    short = Path("/tmp")
    return (short if os.access(short, os.W_OK) else Path(tempfile.gettempdir())) / f"specapp-{mark}"


def embedded_database_url(role: str, *, sockets: Path | None = None, name: str = "specapp") -> str:
    """The address of the embedded PostgreSQL for one of its roles."""
    return f"postgresql://{role}@/{name}?host={sockets or sockets_folder()}"


def embedded_broker_url(*, sockets: Path | None = None) -> str:
    """The address of the embedded Valkey."""
    return f"redis+socket://{sockets or sockets_folder()}/valkey.sock"


def embedded_database() -> bool:
    """True where no address says that the database is elsewhere."""
    return not os.environ.get("DATABASE_URL", "").strip()


def embedded_broker() -> bool:
    """True where no address says that the broker is elsewhere."""
    return not os.environ.get("BROKER_URL", "").strip()


def missing_services() -> str:
    """Return a sentence where the embedded services are to be used and nobody has started them, else ""."""
    sockets = sockets_folder()
    wanted = {
        "PostgreSQL (or set DATABASE_URL)": (embedded_database(), sockets / ".s.PGSQL.5432"),
        "Valkey (or set BROKER_URL)": (embedded_broker(), sockets / "valkey.sock"),
    }
    missing = [name for name, (embedded, path) in wanted.items() if embedded and not path.exists()]
    if not missing:
        return ""
    return f"Not running: the embedded {' and '.join(missing)}. Only `make run` starts it: run it first, with the same VAR_DIR."


def database_url() -> str:
    """DATABASE_URL: how the application reaches its database."""
    return text("DATABASE_URL", default=embedded_database_url(APPLICATION_ROLE))


def database_owner_url() -> str:
    """DATABASE_OWNER_URL: the role that migrates; by default the same as DATABASE_URL."""
    default = embedded_database_url(OWNER_ROLE) if embedded_database() else database_url()
    return text("DATABASE_OWNER_URL", default=default)


def broker_url() -> str:
    """BROKER_URL: Valkey, Redis or RabbitMQ."""
    return text("BROKER_URL", default=embedded_broker_url())


def site_url() -> str:
    """SITE_URL: how people reach the program, without a slash at the end; it stands in mail and in links."""
    default = None if production() else f"http://{browsable_host()}:{number('PORT', default=8000)}"
    url = text("SITE_URL", default=default, example=NEEDED_IN_PRODUCTION["SITE_URL"]).rstrip("/")
    parts = split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise NotConfigured(f"SITE_URL looks like {NEEDED_IN_PRODUCTION['SITE_URL']}, not {url!r}.")
    return url


def split(url: str) -> SplitResult | None:
    """The parts of an address, None where it has none, as with a port that is no number."""
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def browsable_host() -> str:
    """BIND as a browser on this machine would write it."""
    bind = text("BIND", default="127.0.0.1")
    if bind in {"127.0.0.1", "0.0.0.0", "::", "::1"}:
        return "localhost"
    return f"[{bind}]" if ":" in bind else bind


def database(url: str) -> dict[str, Any]:
    """What Django wants to know of a database, from its address."""
    parts = split(url)
    if parts is None or parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise NotConfigured(
            "A database address looks like postgresql://user:password@host:5432/name "
            "(a / or # or @ in the password is written %2F, %23, %40)."
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


# How long PostgreSQL works on one statement, waits for a lock, and waits within a transaction: as short as a visitor's patience
# for pages (a large import computes for long between two statements), longer for jobs and commands.
DATABASE_TIMEOUTS = {
    "web": {"statement_timeout": "20s", "lock_timeout": "8s", "idle_in_transaction_session_timeout": "120s"},
    "jobs": {"statement_timeout": "240s", "lock_timeout": "60s", "idle_in_transaction_session_timeout": "600s"},
    "none": {},
}


def database_timeouts(options: str = "", *, role: str) -> str:
    """The libpq `options` of a connection: those of its address, then the time limits that DATABASE_TIMEOUTS names.

    The owner, who migrates and restores, has none.
    """
    name = text("DATABASE_TIMEOUTS", default="none" if role == "owner" else "jobs")
    if name not in DATABASE_TIMEOUTS:
        raise NotConfigured(f"DATABASE_TIMEOUTS must be one of {', '.join(DATABASE_TIMEOUTS)}, not {name!r}.")
    words = [f"-c {setting}={value}" for setting, value in DATABASE_TIMEOUTS[name].items()]
    return " ".join([*words, options]).strip()


def mail(url: str) -> dict[str, Any]:
    """Django's mail settings from EMAIL_URL: smtp://, smtp+tls:// or smtps://user:password@host:port."""
    parts = split(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts is None or parts.scheme not in ports or not parts.hostname:
        raise NotConfigured(
            f"EMAIL_URL looks like {NEEDED_IN_PRODUCTION['EMAIL_URL']} "
            "(a / or # or @ in the password is written %2F, %23, %40)."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }
