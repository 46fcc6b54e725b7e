"""The class of each clause that changed between real releases, against lists made by reading the changes."""

from collections import defaultdict

import pytest

from reviews.text import changes, diff, outline
from tests.corpora import CORPORA

RELEASES = {
    ("2025-02-12", "2025-04-11"): {
        "editorial": {"definitions"},
        "markup": set(),
    },
    ("2025-04-11", "2025-09-12"): {
        "editorial": {
            "prohibited_content",
            "avoid_regulated_advice",
            "support_mental_health",
            "no_topic_off_limits",
            "avoid_sycophancy",
            "do_not_make_unprompted_personal_comments",
            "avoid_being_condescending",
            "imitate_accents_in_voice_mode",
            "adapt_length_in_voice_mode",
        },
        "markup": set(),
    },
    ("2025-09-12", "2025-10-27"): {
        "editorial": {
            "prevent_imminent_harm",
            "support_mental_health",
            "assume_objective_pov",
            "do_not_lie",
            "be_rationally_optimistic",
            "be_responsible",
            "be_warm",
        },
        "markup": set(),
    },
    ("2025-10-27", "2025-12-18-rev2"): {
        "editorial": set(),
        "markup": {"respond_to_audio_testing_in_voice_mode"},
    },
    ("2025-12-18-rev2", "2025-12-18"): {"editorial": set(), "markup": set()},
}


def changed_clauses(before, after):
    """The anchors of the changed clauses by the class of their change."""
    old, new = (
        outline.parse((CORPORA / "model_spec" / f"{name}.md").read_bytes().decode()).clauses for name in (before, after)
    )
    found = defaultdict(set)
    for pair in diff.documents(outline.Outline(old), outline.Outline(new)).pairs:
        if pair.diff.changed:
            kind = changes.classify(old[pair.old].source, new[pair.new].source)
            found[kind.name].add(new[pair.new].anchor)
    return found


@pytest.mark.parametrize("names", RELEASES)
def test_the_light_changes_between_releases_are_these(names):
    found = changed_clauses(*names)
    assert {name: found[name] for name in ("editorial", "markup")} == RELEASES[names]


def test_twenty_clauses_of_the_great_release_change_their_authority():
    assert len(changed_clauses("2025-04-11", "2025-09-12")["authority"]) == 20
