"""The house's rules that a machine can hold: sizes, names, docstrings, where rows are written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from specapp.env import ROOT

MOST_LINES_IN_A_FILE = 400
MOST_LINES_IN_A_FUNCTION = 60
MOST_PARAMETERS = 5
REFUSED_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "service", "signals"}
REFUSED_CLASSES = re.compile(r"(Service|Helper|Util|Utils|Processor)$")
REFUSED_FUNCTIONS = re.compile(r"^_?(do|handle|process(?!_(?:request|response|view|exception)$))_")
ROOMS_WITH_DOCSTRINGS = {"text", "rules", "access", "queries", "actions"}
WRITERS = {"actions", "models", "management", "migrations", "demo", "jobs.py"}
WRITES = re.compile(
    r"\.objects\.(create|bulk_create|bulk_update|get_or_create|update_or_create)\(|\.save\(update_fields"
)
PROMISED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


CODE = files("reviews", "specapp")
EVERYTHING = [*CODE, *files("tests"), ROOT / "manage.py"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_file_is_short_and_says_first_what_lives_in_it(path: Path) -> None:
    module = tree(path)
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= MOST_LINES_IN_A_FILE
    assert not module.body or ast.get_docstring(module), "a module opens with a line that says what lives here"
    assert path.stem not in REFUSED_NAMES
    assert path.name == Path(__file__).name or not PROMISED.search(text), "what is promised for later is an issue"


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_functions_are_short(path: Path) -> None:
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions(path)}

    assert {function: length for function, length in lengths.items() if length > MOST_LINES_IN_A_FUNCTION} == {}


@pytest.mark.parametrize("path", CODE, ids=name)
def test_names_say_what_is_done(path: Path) -> None:
    classes = {node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)}

    assert {found for found in classes if REFUSED_CLASSES.search(found)} == set()
    assert {node.name for node in functions(path) if REFUSED_FUNCTIONS.match(node.name)} == set()


@pytest.mark.parametrize("path", CODE, ids=name)
def test_nothing_is_imported_inside_a_function(path: Path) -> None:
    inside = {node.name for node in functions(path) for inner in ast.walk(node) if isinstance(inner, IMPORTS)}

    assert inside == set(), "needs an import inside a function: it is in the wrong room"


IMPORTS = (ast.Import, ast.ImportFrom)


@pytest.mark.parametrize("path", files("reviews"), ids=name)
def test_no_function_has_too_many_parameters(path: Path) -> None:
    public = [node for node in functions(path) if not node.name.startswith("_")]
    many = {node.name for node in public if len(parameters(node)) > MOST_PARAMETERS}

    assert many == set(), "more than five parameters is a dataclass that wants a name"


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [argument.arg for argument in given if argument.arg not in {"self", "cls", "by", "now"}]


@pytest.mark.parametrize("path", [p for p in files("reviews") if p.parts[-2] in ROOMS_WITH_DOCSTRINGS], ids=name)
def test_public_functions_say_what_they_promise(path: Path) -> None:
    public = [node for node in tree(path).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]

    assert {node.name for node in public if not ast.get_docstring(node)} == set()


@pytest.mark.parametrize("path", files("reviews"), ids=name)
def test_only_actions_write_rows(path: Path) -> None:
    if WRITERS.intersection(path.relative_to(ROOT).parts):
        return
    lines = path.read_text(encoding="utf-8").splitlines()

    assert [line.strip() for line in lines if WRITES.search(line)] == []


def test_signals_steer_nothing() -> None:
    assert [
        name(path) for path in CODE if "django.db.models.signals" in path.read_text() or "@receiver" in path.read_text()
    ] == []


def test_our_own_code_is_never_mocked() -> None:
    mocking = re.compile(r"unittest.mock|\bmocker\b|MagicMock")
    others = [path for path in files("tests") if path != Path(__file__)]

    assert [name(path) for path in others if mocking.search(path.read_text())] == []


def test_files_name_no_place_of_the_machine_they_were_written_on() -> None:
    kinds = ("*.py", "*.html", "*.css", "*.js", "*.md", "*.toml", "*.txt", "*.in", "*.sh", "Makefile")
    folders = [ROOT / folder for folder in ("reviews", "specapp", "tests", "templates", "static")]
    found = [path for folder in folders for kind in kinds for path in folder.rglob(kind)]
    found += [path for kind in kinds for path in ROOT.glob(kind)]
    places = re.compile(r"/(?:work|root)/[a-z]|/home/[a-z]+/|https?://[\w.]*(?:pypi|pythonhosted|npmjs)\.")

    assert [name(path) for path in found if path != Path(__file__) and places.search(path.read_text())] == []
