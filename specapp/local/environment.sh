#!/bin/sh
# Makes the Python environment, and installs from a lock file only when that lock has changed.
# Usage: environment.sh requirements.txt | requirements-dev.txt
set -eu

lock=$1
venv=.venv
stamp=$venv/installed-$lock

fail() {
    echo "$1" >&2
    exit 1
}

recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if recent "$name"; then
            echo "$name"
            return
        fi
    done
    fail "Python 3.11 or newer is needed: install it, or name one in PYTHON."
}

make_environment() {
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --clear --python ">=3.11" $venv
        return
    fi
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "Python has no venv here: install it (Debian and Ubuntu: apt install python3-venv), or install uv."
    "$python" -m venv --clear $venv
}

install() {
    echo "installing the packages of $lock" >&2
    if command -v uv >/dev/null 2>&1; then
        uv pip install --quiet --python $venv/bin/python --require-hashes -r "$lock"
    else
        $venv/bin/python -m pip --version >/dev/null 2>&1 ||
            fail "The environment in $venv has no pip: remove the folder and try again."
        $venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    fi
}

recent $venv/bin/python || make_environment
if ! cmp -s "$lock" "$stamp"; then
    install || fail "The packages of $lock could not be installed; what the installer said stands above."
    cp "$lock" "$stamp"
    if [ "$lock" = requirements-dev.txt ]; then
        cp requirements.txt $venv/installed-requirements.txt # it holds them all
    fi
fi
