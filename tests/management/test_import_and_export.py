"""The commands that bring documents in and out."""

import json

import pytest
from django.core.management import CommandError, call_command

from reviews.models import Revision, Spec
from tests.corpora import CORPORA
from tests.factories import SOURCE, make_spec, make_user

pytestmark = pytest.mark.django_db
MODEL_SPEC = CORPORA / "model_spec"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "aims.md"
    path.write_text(SOURCE)
    return path


def run(capsysbinary, *words):
    capsysbinary.readouterr()
    call_command(*map(str, words))
    return capsysbinary.readouterr().out


def test_the_model_spec_with_its_prompt_files_comes_back_as_it_was(capsysbinary, tmp_path):
    newest = MODEL_SPEC / "2025-12-18-rev2.md"
    words = [
        "import_spec",
        newest,
        "--spec",
        "ms",
        "--release",
        "2025-12-18-rev2",
        "--examples",
        MODEL_SPEC / "examples",
    ]
    said = run(capsysbinary, *words).decode()
    out = run(capsysbinary, "export_spec", "ms", "--release", "2025-12-18-rev2", "--examples", tmp_path / "out")
    given = {path.name: path.read_bytes() for path in (MODEL_SPEC / "examples").glob("*.md")}

    assert "80 clauses: 80 added." in said
    assert "Published as release 2025-12-18-rev2." in said
    assert "Evaluation tags without file:" in said
    assert out == newest.read_bytes()
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == given
    assert str(Spec.objects.get(slug="ms").releases.get().release_date) == "2025-12-18"


def test_lineage_is_asked_for_taken_from_a_file_or_accepted(capsysbinary, tmp_path, file):
    run(capsysbinary, "import_spec", file, "--spec", "aims", "--public")
    file.write_text(SOURCE.replace("{#be_honest ", "{#honesty "))
    with pytest.raises(CommandError, match="confirm what became of it"):
        call_command("import_spec", str(file), "--spec", "aims", "--json")
    report = json.loads(capsysbinary.readouterr().out)
    lineage = tmp_path / "lineage.json"
    lineage.write_text(json.dumps(report))

    assert (report["to_confirm"], Revision.objects.count()) == (
        [{"from": "be_honest", "kind": "renamed", "to": ["honesty"]}],
        1,
    )
    done = json.loads(run(capsysbinary, "import_spec", file, "--spec", "aims", "--json", "--lineage", lineage))
    assert (done["revision"], done["release"], done["to_confirm"]) == (2, None, [])
    file.write_text(SOURCE)
    assert b"honesty renamed to be_honest" in run(
        capsysbinary, "import_spec", file, "--spec", "aims", "--accept-lineage"
    )
    assert b"The spec is like this already." in run(capsysbinary, "import_spec", file, "--spec", "aims")


def test_a_spec_is_made_with_title_owner_and_visibility(capsysbinary, file):
    ana = make_user("Ana", email="ana@example.org")
    run(capsysbinary, "import_spec", file, "--spec", "our-aims", "--owner", "Ana@example.org", "--public")
    spec = Spec.objects.get(slug="our-aims")

    assert (spec.title, spec.visibility) == ("Our Aims", "public")
    assert "owner" in spec.memberships.get(user=ana).roles


def test_a_spec_that_nobody_owns_says_so_and_gets_an_owner_later(capsysbinary, file):
    ana, ben = make_user("Ana", email="ana@example.org"), make_user("Ben", email="ben@example.org")
    assert b"Nobody owns this spec yet" in run(capsysbinary, "import_spec", file, "--spec", "aims")
    said = run(capsysbinary, "import_spec", file, "--spec", "aims", "--owner", "ana@example.org")

    spec = Spec.objects.get()
    assert (b"Nobody owns" in said, spec.memberships.get(user=ana).roles) == (
        False,
        ["editor", "owner", "release_manager"],
    )
    run(capsysbinary, "import_spec", file, "--spec", "aims", "--owner", "ana@example.org")
    with pytest.raises(CommandError, match="This spec has an owner: ask them for an invitation"):
        call_command("import_spec", str(file), "--spec", "aims", "--owner", ben.email)
    assert list(spec.memberships.values_list("user", flat=True)) == [ana.pk]


def test_images_beside_the_file_come_along_and_none_from_elsewhere(capsysbinary, tmp_path):
    (tmp_path / "in" / "img").mkdir(parents=True)
    (tmp_path / "in" / "img" / "a b.png").write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(PNG)
    path = tmp_path / "in" / "spec.md"
    path.write_text("# A {#a}\n\n![1](img/a%20b.png) ![2](../secret.png) ![3](https://a.example/x.png)\n")
    done = json.loads(run(capsysbinary, "import_spec", path, "--spec", "pictures", "--json"))

    assert (done["images"], done["images_missing"]) == (["img/a%20b.png", "../secret.png"], ["../secret.png"])
    assert list(Spec.objects.get().attachments.values_list("name", flat=True)) == ["img/a%20b.png"]


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        (b"", [], "This file is empty."),
        (b"\xff", [], "This file is not UTF-8"),
        (b"# A {#a}\n# B {#a}\n", [], "already used on line 1"),
        (b"# A\n", ["--release", "draft"], "A release is named by a date or a version."),
        (b"# A\n", ["--examples", "/nowhere"], "There is no folder /nowhere."),
        (b"# A\n", ["--owner", "nobody@example.org"], "There is nobody with the address"),
        (b"# A\n", ["--lineage", __file__], "is not JSON."),
    ],
)
def test_a_refusal_is_one_sentence_and_stores_nothing(tmp_path, content, words, sentence):
    path = tmp_path / "x.md"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=sentence):
        call_command("import_spec", str(path), "--spec", "refused", *words)
    assert not Spec.objects.exists()


def test_a_missing_file_is_said_so():
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        call_command("import_spec", "nowhere.md", "--spec", "refused")


def test_export_of_any_revision(capsysbinary, file):
    run(capsysbinary, "import_spec", file, "--spec", "aims")
    file.write_text(SOURCE + "More.")
    run(capsysbinary, "import_spec", file, "--spec", "aims")

    assert run(capsysbinary, "export_spec", "aims", "--revision", 1) == SOURCE.encode()
    assert run(capsysbinary, "export_spec", "aims") == SOURCE.encode() + b"More."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere"], "There is no spec at “nowhere”."),
        (["empty"], "This spec is empty."),
        (["full", "--revision", "7"], "There is no revision 7."),
        (["full", "--release", "7"], "There is no release “7” of this spec."),
    ],
)
def test_an_export_that_cannot_be_is_said_so(words, sentence):
    make_spec(slug="empty", source="")
    make_spec(slug="full")

    with pytest.raises(CommandError, match=sentence):
        call_command("export_spec", *words)
