"""The files of a release: the document byte for byte, a page that stands alone, data."""

from __future__ import annotations

import json
import re

import pytest

from reviews.editions.files import files_of
from reviews.models import Release, Spec
from tests.corpora import CORPORA
from tests.factories import SOURCE, import_into, make_spec

pytestmark = pytest.mark.django_db
PICTURE = (
    b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
)
EXAMPLE = """
**Example**: a plain question

~~~xml
<user>
Is it so?
</user>
<comparison>
<assistant> <!-- GOOD: it is true -->
No.
</assistant>
<assistant> <!-- BAD [#be_honest]: it is a lie -->
Yes.
</assistant>
</comparison>
~~~
"""


def released(spec: Spec, label: str = "1.0") -> Release:
    return Release.objects.select_related("spec", "revision").get(spec=spec, label=label)


def files(spec: Spec, label: str = "1.0") -> dict[str, bytes]:
    return {file.name: file.content for file in files_of(released(spec, label))}


def test_there_is_a_document_a_page_and_data():
    found = files(make_spec(slug="conduct", release="1.0"))
    assert sorted(found) == ["conduct-1.0.html", "conduct-1.0.json", "conduct-1.0.md"]
    assert found["conduct-1.0.md"].decode() == SOURCE


@pytest.mark.parametrize("name", ["2025-02-12", "2025-12-18-rev2"])
def test_the_document_of_a_real_release_is_byte_for_byte(name):
    source = (CORPORA / "model_spec" / f"{name}.md").read_bytes()
    spec = make_spec(slug="real", source=source, release="1.0")
    assert files(spec)["real-1.0.md"] == source


def test_the_data_has_every_clause_with_all_that_is_known_of_it():
    spec = make_spec(slug="conduct", source=SOURCE + EXAMPLE, release="1.0")
    data = json.loads(files(spec)["conduct-1.0.json"])
    assert data["spec"]["slug"] == "conduct"
    assert data["release"] == {"label": "1.0", "date": "2026-11-23", "revision": 1, "imported": True, "notes": ""}
    assert "".join(clause["source"] for clause in data["clauses"]) == SOURCE + EXAMPLE
    last = data["clauses"][-1]
    assert (last["anchor"], last["title"], last["level"], last["authority"]) == (
        "stay_calm",
        "Stay calm",
        2,
        "guideline",
    )
    assert last["examples"] == [
        {
            "title": last["examples"][0]["title"],
            "turns": [
                {"role": "user", "text": "\nIs it so?\n"},
                {
                    "answers": [
                        {"role": "assistant", "text": "\nNo.\n", "verdict": "good", "rationale": "it is true"},
                        {
                            "role": "assistant",
                            "text": "\nYes.\n",
                            "verdict": "bad",
                            "violates": "be_honest",
                            "rationale": "it is a lie",
                        },
                    ]
                },
            ],
        }
    ]


def test_the_page_stands_alone():
    spec = make_spec(slug="conduct", source=SOURCE + "\n![A dot](dot.png)\n")
    import_into(spec, SOURCE + "\n![A dot](dot.png)\n", label="1.0", images={"dot.png": PICTURE})
    page = files(spec)["conduct-1.0.html"].decode()
    assert "The assistant does not lie." in page
    assert 'id="be_honest"' in page
    assert "--paper:" in page
    assert not re.search(r"<(script|link)\b", page)
    assert "/static/" not in page
    assert set(re.findall(r'src="([^"]{0,22})', page)) == {"data:image/png;base64,"}


def test_the_same_release_gives_the_same_bytes_at_any_time():
    spec = make_spec(slug="conduct", release="1.0")
    before = files(spec)
    import_into(spec, SOURCE.replace("Be honest", "Be truthful"), label="2.0")
    assert files(spec) == before
