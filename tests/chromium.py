"""Finding a Chromium, or getting one: `python -m tests.chromium` prints where it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from specapp.env import VAR

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FOLDER = VAR / "chromium"
UNPACK = "import('@sparticuz/chromium').then(async found => console.log(await found.default.executablePath()))"


def find() -> str | None:
    """The program to start, or None: the one named by CHROMIUM, an installed one, or one that we got before."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    if installed and not snap(installed):
        return installed
    ours = [FOLDER / "chromium", *sorted(FOLDER.glob("chromium*/chrome-*/chrome")), *map(Path, MAC)]
    ours += sorted(FOLDER.glob("chromium*/chrome-*/*.app/Contents/MacOS/*"))
    return next((str(path) for path in ours if path.is_file()), None)


def snap(program: str) -> bool:
    """True for Ubuntu's stand-in, which is no browser but asks for snapd."""
    return "snap" in Path(program).resolve().parts or (
        Path(program).stat().st_size < 10_000 and b"snap" in Path(program).read_bytes()
    )


def get() -> str | None:
    """The program to start, fetched if need be: by apt as root on Debian, else from npm, else Playwright's own."""
    for way in (lambda: None, from_apt, from_npm, from_playwright):
        way()
        found = find()
        if found and works(found):
            return found
    return None


def works(program: str) -> bool:
    """True where the browser starts; a library may be missing."""
    words = [program, "--headless", "--no-sandbox", "--version"]
    try:
        return (
            subprocess.run(words, capture_output=True, check=False, timeout=60, env=surroundings(program)).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def surroundings(program: str) -> dict[str, str]:
    """The environment to start it in: the one from npm brings libraries that a bare machine lacks."""
    if Path(program).parent != FOLDER:
        return dict(os.environ)
    return {**os.environ, "LD_LIBRARY_PATH": str(FOLDER / "al2023" / "lib")}


def from_apt() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get") or not Path("/etc/debian_version").exists():
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    attempt(["apt-get", "-qq", "update"], env=quiet)
    attempt(["apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"], env=quiet)


def from_npm() -> None:
    if not shutil.which("npm"):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    attempt(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "@sparticuz/chromium"], cwd=FOLDER)
    # The package unpacks its libraries only where it believes to be on the machines that it was made for.
    runtime = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x", "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
    environment = {**os.environ, **runtime, "TMPDIR": str(FOLDER)}
    attempt(["node", "--input-type=module", "-e", UNPACK], cwd=FOLDER, env=environment)


def from_playwright() -> None:
    environment = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(FOLDER)}
    attempt([sys.executable, "-m", "playwright", "install", "chromium"], env=environment)


def attempt(words: list[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    """Try; whether it helped is seen by looking for the browser."""
    print("trying:", " ".join(words[:4]), file=sys.stderr, flush=True)
    try:
        subprocess.run(words, cwd=cwd, env=env, check=False, stdout=sys.stderr, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as problem:
        print(problem, file=sys.stderr)


if __name__ == "__main__":
    program = get()
    print(program or "No Chromium was found, and none could be fetched: install one, or name it in CHROMIUM.")
    sys.exit(program is None)
