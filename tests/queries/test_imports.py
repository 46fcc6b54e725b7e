"""The report of an import says what changes and what to look at."""

import pytest

from reviews.queries.imports import Beside, Changed, Mention, Remark, image_of, images_named, report
from reviews.queries.incoming import compare
from tests.corpora import CORPORA
from tests.factories import SOURCE, make_spec

pytestmark = pytest.mark.django_db


def report_on(spec, text, **beside):
    return report(compare(spec, text), Beside(**{name: frozenset(names) for name, names in beside.items()}))


def test_each_kind_of_change_is_named():
    text = """\
# Purposes {#aims authority=system}

The assistant is useful to the people it works for. It says what is true.

## Stay calm {#stay_calm authority=guideline}

The assistant keeps a quiet tone, also when people are rude.

## Be honest {#be_honest authority=user}

The assistant does not lie. See [?](#stay_calm) for its tone.

## Ask {#ask authority=house}

One question is better than three.
"""
    told = report_on(make_spec(), text)

    assert told.clauses == 4
    assert told.added == (Mention("ask", "Ask", 13),)
    assert told.removed == ()
    assert [mention.anchor for mention in told.edited] == ["aims", "stay_calm"]
    assert len(told.moved) == 1
    assert told.retitled == (Changed(Mention("aims", "Purposes", 1), "Aims", "Purposes"),)
    assert told.authority == (Changed(Mention("aims", "Purposes", 1), "root", "system"),)
    assert told.new_levels == ("house",)


def test_the_same_document_changes_nothing():
    told = report_on(make_spec(), SOURCE)

    assert not told.changes_text
    assert (told.edited, told.retitled, told.authority, told.lineage) == ((), (), (), ())


def test_what_to_look_at_is_named_with_its_line():
    text = (
        "# A {#a}\n\nSee [?](#nowhere) and [there](#a).\n\n![x](pic.png) ![y](https://a.example/b.png)[^q1w2] [^z9y8]\n"
    )
    told = report_on(make_spec(source=""), text, evaluations=["q1w2", "lost"])

    assert told.broken_references == (Remark(3, "nowhere"),)
    assert (told.tags_without_file, told.files_without_tag) == (("z9y8",), ("lost",))
    assert (told.images, told.images_missing) == (("pic.png",), ("pic.png",))
    assert report_on(make_spec(source=""), text, images=["some/pic.png"]).images_missing == ()


def test_a_construct_that_is_not_understood_is_named_with_its_line_in_the_document():
    told = report_on(make_spec(source=""), (CORPORA / "model_spec" / "2025-04-11.md").read_text())

    assert told.not_understood == (Remark(2728, "example"),)


def test_the_newest_model_spec_has_four_tags_without_file_and_two_files_without_tag():
    files = [path.stem for path in (CORPORA / "model_spec" / "examples").glob("*.md")]
    told = report_on(
        make_spec(source=""), (CORPORA / "model_spec" / "2025-12-18-rev2.md").read_text(), evaluations=files
    )

    assert (len(told.tags_without_file), len(told.files_without_tag)) == (4, 2)
    assert told.broken_references == ()


def test_the_report_is_plain_data():
    told = report_on(make_spec(), SOURCE.replace("{#be_honest ", "{#honesty "))

    assert told.as_data()["lineage"] == [{"from": "be_honest", "kind": "renamed", "to": ["honesty"]}]
    assert told.as_data()["edited"] == ({"anchor": "honesty", "title": "Be honest", "line": 5},)


@pytest.mark.parametrize(
    ("name", "files", "found"),
    [
        ("a.png", ["b.png", "a.png"], "a.png"),
        ("./img/a%20b.png", ["img/a b.png"], "img/a b.png"),
        ("img/a.png", ["a.png"], "a.png"),
        ("img/a.png", ["b.png"], ""),
    ],
)
def test_an_image_is_found_by_its_path_or_its_last_part(name, files, found):
    assert image_of(name, files) == found


def test_only_local_images_are_named():
    text = "![a](a.png) <img src='b.gif'> ![c](//host/c.png) ![d](data:image/png;base64,AA) ![e](/etc/e.png)"

    assert images_named(text) == ("a.png", "b.gif")
