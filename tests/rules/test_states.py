"""Every state against every verb, written out; what is not in a table is refused."""

import pytest

from reviews.errors import IllegalMove
from reviews.rules import states

PROPOSAL = {
    #             submit       merge     reject      withdraw     reopen
    "draft": ("in_review", None, None, "withdrawn", None),
    "in_review": ("in_review", "merged", "rejected", "withdrawn", None),
    "merged": (None, None, None, None, None),
    "withdrawn": (None, None, None, None, "draft"),
    "rejected": (None, None, None, None, "draft"),
}
THREAD = {
    #            address      resolve     decline     reopen
    "open": ("addressed", "resolved", "declined", None),
    "addressed": (None, "resolved", "declined", "open"),
    "resolved": (None, None, None, "open"),
    "declined": (None, None, None, "open"),
}
RELEASE = {
    #              publish      abandon
    "assembling": ("published", "abandoned"),
    "published": (None, None),
    "abandoned": (None, None),
}
LIVES = [
    (states.PROPOSAL, states.ProposalState, PROPOSAL, ("submit", "merge", "reject", "withdraw", "reopen")),
    (states.THREAD, states.ThreadState, THREAD, ("address", "resolve", "decline", "reopen")),
    (states.RELEASE, states.ReleaseState, RELEASE, ("publish", "abandon")),
]
CELLS = [
    (life, state, verb, outcome)
    for life, _, table, verbs in LIVES
    for state, outcomes in table.items()
    for verb, outcome in zip(verbs, outcomes, strict=True)
]


@pytest.mark.parametrize(("life", "kinds", "table", "verbs"), LIVES)
def test_the_tables_here_name_every_state_and_verb(life, kinds, table, verbs):
    assert set(table) == {state.value for state in kinds}
    assert {verb for _, verb in life} == set(verbs)


@pytest.mark.parametrize(("life", "state", "verb", "outcome"), CELLS)
def test_a_move_leads_where_the_table_says_or_is_refused(life, state, verb, outcome):
    if outcome is None:
        with pytest.raises(IllegalMove):
            states.after(life, state=state, verb=verb)
    else:
        assert states.after(life, state=state, verb=verb) == outcome


@pytest.mark.parametrize(
    ("life", "state", "verb", "sentence"),
    [
        (states.PROPOSAL, "in_review", "reopen", "A proposal in review can't be reopened."),
        (states.PROPOSAL, "draft", "merge", "A draft proposal can't be merged."),
        (states.PROPOSAL, "merged", "withdraw", "A merged proposal can't be withdrawn."),
        (states.PROPOSAL, "withdrawn", "withdraw", "A withdrawn proposal can't be withdrawn again."),
        (states.THREAD, "open", "reopen", "An open thread can't be reopened."),
        (states.THREAD, "resolved", "decline", "A resolved thread can't be declined."),
        (states.THREAD, "addressed", "address", "An addressed thread can't be addressed again."),
        (states.RELEASE, "published", "abandon", "A published release can't be discarded."),
        (states.RELEASE, "abandoned", "abandon", "A discarded release can't be discarded again."),
    ],
)
def test_a_refusal_says_what_cannot_be_done_to_what(life, state, verb, sentence):
    with pytest.raises(IllegalMove) as refusal:
        states.after(life, state=state, verb=verb)
    assert refusal.value.sentence == sentence


def test_moves_lists_what_a_state_allows():
    assert states.moves(states.THREAD, state="open") == ("address", "resolve", "decline")
    assert states.moves(states.PROPOSAL, state="merged") == ()
