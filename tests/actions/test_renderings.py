"""A revision leaves behind a rendering of everything that it shows differently, and of nothing else."""

import pytest

from reviews.actions import renderings
from reviews.models import ClauseVersion, Rendering, Revision
from reviews.queries import reading
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_for, resolver_of
from reviews.queries.renderings import keys_of
from tests.factories import import_into, make_spec

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
HEADS = "# A {#a}\n\n![x](x.png)\n\n# B {#b}\n\n[far] and a note[^note].\n\n# C {#c}\n\n[there](#place) [?](#d)\n\n"
TEXT = HEADS + "# D {#d}\n\nPlain.\n\n# E {#e}\n\nPlain too.\n"


def kept_for(spec):
    """The body of each clause at the head as it is kept; nothing may be missing."""
    shown = reading.lines(spec, spec.head)
    keys = keys_of(shown, resolver_of(shown, images=image_addresses(spec, spec.head)))
    kept = {bytes(row.key): row.body_html for row in Rendering.objects.all()}
    return {line.anchor: kept[key] for line, key in zip(shown, keys, strict=True)}


@pytest.mark.parametrize(
    ("text", "images", "made", "anchor", "html"),
    [
        (TEXT, {"x.png": PNG}, 1, "a", '<img src="/'),
        (TEXT + "\n[far]: https://a.org\n", {}, 2, "b", '<a href="https://a.org"'),
        (TEXT + "\n[^note]: So.\n", {}, 2, "b", '<a class="footnote-ref"'),
        (TEXT.replace("Plain too", '<a name="place"></a>Plain too'), {}, 2, "c", 'href="#in-place"'),
        (TEXT.replace("# D ", "# Dee "), {}, 2, "c", ">Dee</a>"),
        (TEXT.replace("Plain too", "Quite plain"), {}, 1, "e", "Quite plain"),
    ],
    ids=["image", "link", "footnote", "named place", "title", "text"],
)
def test_what_a_revision_shows_differently_is_rendered_with_it(text, images, made, anchor, html):
    spec = make_spec(source=TEXT)
    before = Rendering.objects.count()
    import_into(spec, text, images=images)

    assert html in kept_for(spec)[anchor]
    assert Rendering.objects.count() == before + made


def test_the_title_behind_a_link_that_is_defined_elsewhere():
    spec = make_spec(source=TEXT.replace("[far]", "[?][far]") + "\n[far]: #d\n")
    import_into(spec, (TEXT.replace("[far]", "[?][far]") + "\n[far]: #d\n").replace("# D ", "# Dee "))

    assert ">Dee</a>" in kept_for(spec)["b"]


def test_a_named_place_that_moves_to_another_clause_stays_where_links_find_it():
    place = '<a name="place"></a>'
    spec = make_spec(source=TEXT.replace("Plain too", place + "Plain too"))
    import_into(spec, TEXT.replace("Plain.", place + "Plain."))

    assert 'href="#in-place"' in kept_for(spec)["c"]
    assert 'id="in-place"' in kept_for(spec)["d"]


def test_what_is_kept_is_not_rendered_again():
    spec = make_spec(source=TEXT)

    assert renderings.keep_for_revision(spec, Revision.objects.get(spec=spec)) == 0


REPEATED = "# A {#a}\n\nSee [the second](#details-1).\n\n# Details {#one}\n\nFirst.\n\n# Details {#two}\n\nSecond.\n"


def test_a_numbered_link_leads_to_the_clause_that_its_number_counts():
    spec = make_spec(source=REPEATED)
    clause = ClauseVersion.objects.get(anchor="a")
    resolve = resolver_for(spec, spec.head, [clause], images={})

    assert (resolve.find("details-1"), 'href="#two"' in kept_for(spec)["a"]) == ("two", True)
    import_into(spec, REPEATED.replace("# Details {#one}", "# Details {#zero}\n\nNew.\n\n# Details {#one}"))

    assert 'href="#one"' in kept_for(spec)["a"]
