"""Every role against every verb, written out."""

import pytest

from reviews.rules.roles import MAY, Role, Verb, may

# A letter for each role that may: Owner Editor Approver moDerator Release manager Member.
LETTERS = {
    "O": Role.OWNER,
    "E": Role.EDITOR,
    "A": Role.APPROVER,
    "D": Role.MODERATOR,
    "R": Role.RELEASE_MANAGER,
    "M": Role.MEMBER,
}
TABLE = {
    Verb.SEE_INTERNAL: "OEADRM",
    Verb.COMMENT: "OEADRM",
    Verb.TAKE_POSITION: "OEADRM",
    Verb.PROPOSE: "OE",
    Verb.MERGE: "OE",
    Verb.REJECT: "OEA",
    Verb.OVERRIDE: "O",
    Verb.ANSWER_THREADS: "OED",
    Verb.MODERATE: "OD",
    Verb.IMPORT: "OE",
    Verb.IMPORT_DIRECTLY: "O",
    Verb.PUBLISH: "R",
    Verb.CONFIGURE: "O",
    Verb.MANAGE_MEMBERS: "O",
}
CELLS = [(verb, letter) for verb in Verb for letter in LETTERS]


def test_every_verb_is_in_both_tables():
    assert set(TABLE) == set(MAY) == set(Verb)
    assert set(LETTERS.values()) == set(Role)


@pytest.mark.parametrize(("verb", "letter"), CELLS)
def test_a_role_allows_what_the_table_says(verb, letter):
    assert may([LETTERS[letter]], verb) is (letter in TABLE[verb])


@pytest.mark.parametrize("verb", Verb)
def test_nobody_without_a_role_may_do_anything(verb):
    assert may([], verb) is False


@pytest.mark.parametrize("verb", Verb)
def test_an_archived_spec_is_read_and_brought_back_by_nobody_but_its_owner(verb):
    assert may([Role.OWNER], verb, archived=True) is (verb in {Verb.SEE_INTERNAL, Verb.CONFIGURE})
    assert may([Role.EDITOR], verb, archived=True) is (verb == Verb.SEE_INTERNAL)


def test_roles_add_up():
    assert may([Role.MEMBER, Role.RELEASE_MANAGER], Verb.PUBLISH) is True
    assert may([Role.APPROVER, Role.MEMBER], Verb.MERGE) is False
