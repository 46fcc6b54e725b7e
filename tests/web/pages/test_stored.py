"""What encodes and stamps a stored page."""

import pytest

from reviews.queries.reading import Ground
from reviews.web.pages import stored
from reviews.web.pages.names import depends_on_head, name_of_comparison, name_of_release

GROUND = Ground(1, "public", 7, "Title", "", 2, "root 1", None, None)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br", "br"),
        ("gzip, deflate, br;q=0.5", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.000, gzip;q=0.0", ""),
        ("identity", ""),
        ("", ""),
        ("*", ""),
    ],
)
def test_the_best_encoding_that_is_taken(accepted, encoding):
    assert stored.encoding_for(accepted) == encoding


@pytest.mark.parametrize(
    ("name", "depends"),
    [
        ("draft", True),
        (name_of_release("1.0"), False),
        (name_of_comparison("1.0..draft"), True),
        (name_of_comparison("draft..1.0"), True),
        (name_of_comparison("1.0..2.0"), False),
        (name_of_comparison("1.0..drafty"), False),
    ],
)
def test_only_pages_of_the_draft_change_with_its_head(name, depends):
    assert depends_on_head(name) is depends
    assert (stored.stamp_of(GROUND, name) != stored.stamp_of(GROUND._replace(head=8), name)) is depends


@pytest.mark.parametrize(
    "changed",
    [{"title": "Other"}, {"description": "x"}, {"releases": 3}, {"levels": "root 2"}, {"visibility": "internal"}],
)
def test_every_page_changes_with_what_surrounds_it(changed):
    assert stored.stamp_of(GROUND._replace(**changed), "release 1") != stored.stamp_of(GROUND, "release 1")


def test_what_is_stored_of_a_page_is_no_part_of_its_stamp():
    other = GROUND._replace(stored_stamp="x", stored_strong=True)
    assert stored.stamp_of(other, "draft") == stored.stamp_of(GROUND, "draft")


def test_contents_and_text_are_put_in_and_taken_out_again():
    frame = b"a<!--contents--><!--/contents-->b<!--text--><!--/text-->c"
    page = stored.filled(frame, contents=b"<ol>", text=b"<p>")
    assert page == b"a<!--contents--><ol><!--/contents-->b<!--text--><p><!--/text-->c"
    assert [stored.part(page, name) for name in stored.PLACES] == [b"<ol>", b"<p>"]
