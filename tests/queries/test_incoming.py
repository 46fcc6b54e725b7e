"""Which clause of a document that comes in is which, and what became of anchors that vanish."""

import pytest

from reviews.errors import Invalid
from reviews.queries.incoming import Step, compare, step_as_data, steps_of
from reviews.rules.kinds import LineageKind
from tests.corpora import CORPORA
from tests.factories import SOURCE, import_into, make_spec

pytestmark = pytest.mark.django_db
RENAMED = SOURCE.replace("{#be_honest ", "{#honesty ")


def sentences(steps):
    return [step.sentence for step in steps]


def test_the_same_document_keeps_everything():
    found = compare(make_spec(), SOURCE)

    assert all(found.is_kept(index) for index in range(3))
    assert (found.lineage, found.ends_in_newline) == ((), True)


def test_a_rename_is_suggested_and_open_until_it_is_given():
    spec = make_spec()
    suggested = compare(spec, RENAMED)
    step = Step("be_honest", LineageKind.RENAMED, ("honesty",))

    assert suggested.lineage == suggested.open_steps == (step,)
    assert compare(spec, RENAMED, given=[step]).open_steps == ()


def test_somebody_may_say_that_it_is_no_rename():
    found = compare(make_spec(), RENAMED, given=[Step("be_honest", LineageKind.GONE)])

    assert (found.diff.removed, found.diff.added) == ((1,), (1,))
    assert sentences(found.lineage) == ["be_honest is gone"]


def test_an_anchor_that_passes_to_another_clause_can_be_said():
    spec = make_spec()
    text = RENAMED + "\n## Be honest about money {#be_honest}\n\nSay what it costs, and who pays for it in the end.\n"
    step = Step("be_honest", LineageKind.RENAMED, ("honesty",))
    import_into(spec, text, lineage=[step])
    again = compare(spec, text, given=[step])

    assert [version.anchor for version in again.versions] == ["aims", "honesty", "stay_calm", "be_honest"]
    assert all(again.is_kept(index) for index in range(4))


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (
            Step("be_honest", LineageKind.RENAMED, ("nowhere",)),
            "“be_honest” is said to lead to “nowhere”, which is not",
        ),
        (
            Step("be_honest", LineageKind.RENAMED, ("aims", "honesty")),
            "is said to be renamed: that takes one clause to",
        ),
        (Step("be_honest", LineageKind.JOINED), "is said to be joined: that takes one clause or more to lead to"),
        (Step("be_honest", LineageKind.GONE, ("aims",)), "is said to be gone: that takes no clause to lead to"),
    ],
)
def test_a_step_that_cannot_be_is_refused(step, sentence):
    with pytest.raises(Invalid, match=sentence):
        compare(make_spec(), RENAMED, given=[step])


def test_steps_go_to_a_file_and_back():
    steps = [Step("a", LineageKind.SPLIT, ("b", "c")), Step("d", LineageKind.GONE)]
    data = [step_as_data(step) for step in steps]

    assert data[0] == {"from": "a", "kind": "split", "to": ["b", "c"]}
    assert steps_of(data) == steps_of({"lineage": data}) == steps


@pytest.mark.parametrize("data", ["x", {}, [1], [{"from": "a"}], [{"from": "a", "kind": "lost", "to": []}]])
def test_a_file_that_is_no_lineage_is_refused(data):
    with pytest.raises(Invalid):
        steps_of(data)


def test_the_dissolved_chapter_of_the_model_spec():
    before, after = ((CORPORA / "model_spec" / f"{day}.md").read_text() for day in ("2025-04-11", "2025-09-12"))
    found = compare(make_spec(source=before), after)

    assert sentences(found.lineage) == [
        "protect_privileged_messages renamed to protect_privileged_information",
        "approachable joined into style",
        "be_empathetic joined into be_responsible",
        "be_kind joined into love_humanity",
        "be_engaging split into have_conversational_sense, love_humanity",
    ]
