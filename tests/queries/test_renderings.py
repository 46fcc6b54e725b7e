"""The key of a rendering is another one whenever what its source takes in from elsewhere is another one."""

import pytest

from reviews.queries import reading
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import document, resolver_for, resolver_of
from reviews.queries.renderings import key_of, keys_of
from reviews.text import dialect, outline
from tests.corpora import CORPORA
from tests.factories import import_into, make_spec, version

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
CLAUSE = "# A {#a}\n\nIt says [?](#Part%20Two), [see][far], [there](#place), a note[^note] ![x](x.png).\n\n"
REST = "# B {#part-two}\n\nText.\n\n# C {#c}\n\nMore.\n"
BEFORE = CLAUSE + REST


def key_of_a(spec):
    shown = version(spec, "a")
    return key_of(shown, resolver_for(spec, spec.head, [shown], images=image_addresses(spec, spec.head)))


@pytest.mark.parametrize(
    ("text", "images"),
    [
        (BEFORE.replace("# B ", "# Better "), {}),
        (BEFORE + "\n[far]: https://a.org\n", {}),
        (BEFORE + "\n[far]: #c\n", {}),
        (BEFORE + "\n[^note]: It is defined here.\n", {}),
        (BEFORE.replace("More.", '<a name="place"></a>More.'), {}),
        (BEFORE, {"x.png": PNG}),
    ],
    ids=["title", "link", "link to a clause", "footnote", "named place", "image"],
)
def test_what_a_clause_takes_in_from_elsewhere_is_in_its_key(text, images):
    spec = make_spec(source=BEFORE)
    first = key_of_a(spec)
    import_into(spec, BEFORE + "\n# D {#d}\n\nNothing to do with it. [zz]: <a name='zz'></a>\n")
    same = key_of_a(spec)
    import_into(spec, text, images=images)
    then = key_of_a(spec)
    import_into(spec, BEFORE)

    assert (first == same, first == then) == (True, False)
    assert (key_of_a(spec) == first) == (not images)


def test_the_title_behind_a_link_defined_elsewhere_is_in_the_key():
    spec = make_spec(source=BEFORE + "\n[far]: #c\n")
    first = key_of_a(spec)
    import_into(spec, (BEFORE + "\n[far]: #c\n").replace("# C ", "# See "))

    assert key_of_a(spec) != first


@pytest.mark.parametrize("text", [BEFORE, BEFORE + "\n[far]: #c\n\n<a name='place'></a>[^note]: so.\n"])
def test_a_kept_version_has_the_key_that_the_renderer_gives_its_source(text):
    spec = make_spec(source=text)
    shown = reading.lines(spec, 1)
    whole = resolver_of(shown, images=image_addresses(spec, 1))
    keys = keys_of(shown, whole)

    assert keys == [bytes.fromhex(dialect.cache_key(version(spec, line.anchor).source, whole)) for line in shown]
    assert keys == [
        key_of(version(spec, line.anchor), resolver_for(spec, 1, [version(spec, line.anchor)], images={}))
        for line in shown
    ]
    assert whole == dialect.Resolver.of(outline.parse(text))


def test_the_resolver_of_the_great_document_is_that_of_its_text():
    source = (CORPORA / "model_spec" / "2025-12-18-rev2.md").read_text()
    spec = make_spec(source=source)

    assert document(spec, 1) == source
    assert resolver_of(reading.lines(spec, 1)) == dialect.Resolver.of(outline.parse(source))
