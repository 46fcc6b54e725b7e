"""Placing quotes: laws, made cases, the authors' own tags, known edits of real text, rows of tables."""

import itertools
import json
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.text import align, outline, quotes
from tests.corpora import CORPORA
from tests.text import change_laws, known_edits, known_places, table_documents
from tests.text.known_places import clauses, shares

TAG = re.compile(r"\[\^\w{4}\]")
ANY = st.dictionaries(st.sampled_from("abc"), st.text(max_size=80), min_size=1)
SENTENCES = st.lists(
    st.sampled_from(["The user asks it. ", "It must not lie.\n\n", "| a | b |\n", "# T\n", "One, two. ", "x "]),
    max_size=12,
).map("".join)
DOCUMENTS = st.dictionaries(st.sampled_from("abc"), SENTENCES, min_size=1)


def placed(old, new, words, *, clause="a", other="a"):
    """Where the first `words` in the clause `a` went: the state, the clause and the words found there."""
    start = old[clause].index(words)
    place = quotes.place([quotes.make(old[clause], start, start + len(words), clause)], old, new)[0]
    return place.state, place.clause, None if place.clause is None else new[place.clause][place.start : place.end]


def some_quotes(texts, data):
    found = []
    for clause, text in texts.items():
        start = data.draw(st.integers(0, len(text)))
        found.append(quotes.make(text, start, data.draw(st.integers(start, len(text))), clause))
    return found


@given(st.one_of(ANY, DOCUMENTS), st.one_of(ANY, DOCUMENTS), st.data())
@settings(max_examples=200)
def test_placements_come_in_order_and_lie_in_their_clause(old, new, data):
    asked = some_quotes(old, data)
    found = quotes.place(asked, old, new)
    assert len(found) == len(asked)
    for place in found:
        if place.state == "orphan":
            assert (place.clause, place.start, place.end, place.score) == (None, None, None, 0.0)
        else:
            assert 0 <= place.start <= place.end <= len(new[place.clause])
            assert 0 < place.score <= 1


@given(st.one_of(ANY, DOCUMENTS), st.data())
def test_an_unchanged_document_keeps_every_quote_exactly(texts, data):
    asked = some_quotes(texts, data)
    for quote, place in zip(asked, quotes.place(asked, texts, dict(texts)), strict=True):
        if texts[quote.clause]:
            assert (place.state, place.clause, place.start, place.end) == (
                "exact",
                quote.clause,
                quote.start,
                quote.end,
            )


@given(DOCUMENTS, DOCUMENTS, st.data())
def test_an_exact_or_moved_quote_of_full_score_has_its_very_words(old, new, data):
    asked = some_quotes(old, data)
    for quote, place in zip(asked, quotes.place(asked, old, new), strict=True):
        if place.state == "exact":
            assert new[place.clause][place.start : place.end] == quote.exact


@given(DOCUMENTS, DOCUMENTS, st.data())
def test_one_quote_alone_is_placed_as_among_others(old, new, data):
    asked = some_quotes(old, data)
    together = quotes.place(asked, old, new)
    assert together == [quotes.place([quote], old, new)[0] for quote in asked]


def test_white_space_of_which_some_is_gone_is_not_exact():
    change_laws.check_placing({"a": "x\r\r", "b": "x\r"}, {"a": "x\r", "b": "x\r"})


def test_offsets_outside_the_text_are_refused():
    with pytest.raises(ValueError, match="lies outside the text, which has 3 characters"):
        quotes.make("abc", 1, 4, "a")


def test_a_quote_keeps_its_context():
    assert quotes.make("one two three", 4, 7, "a") == quotes.Quote("two", "one ", " three", 4, 7, "a")


RULE = "The assistant must not lie to the user. It may refuse to answer.\n"
MORE = "Numbers are given with their units. Dates are written out in full.\n"
REST = "What is private stays private between the two of them, always.\n"


@pytest.mark.parametrize(
    ("old", "new", "words", "expected"),
    [
        (RULE, MORE + RULE, "must not lie", ("exact", "a", "must not lie")),
        (
            RULE,
            RULE.replace("not lie", "never ever lie"),
            "assistant must not lie to the",
            ("mapped", "a", "assistant must never ever lie to the"),
        ),
        (RULE, RULE.replace("refuse", "decline"), "refuse", ("orphan", None, None)),
        (RULE + MORE, MORE, "must not lie", ("orphan", None, None)),
        (RULE + MORE + REST, REST + RULE + MORE, "units", ("exact", "a", "units")),
        (
            RULE + REST,
            RULE + REST.replace("always", "mostly"),
            "stays private between",
            ("exact", "a", "stays private between"),
        ),
        (RULE, RULE + RULE, "must not lie", ("exact", "a", "must not lie")),
        ("The assistant waits. " + RULE, RULE, "The assistant", ("orphan", None, None)),
    ],
)
def test_made_cases(old, new, words, expected):
    assert placed({"a": old}, {"a": new}, words) == expected


def test_a_sentence_that_moved_to_another_clause_takes_its_quotes_along():
    old, new = {"a": RULE + MORE, "b": REST}, {"a": MORE, "b": REST + RULE}
    assert placed(old, new, "must not lie") == ("moved", "b", "must not lie")


def test_a_renamed_clause_takes_its_quotes_along():
    old, new = {"a": RULE + MORE + REST}, {"z": RULE + MORE.replace("full", "words") + REST}
    assert placed(old, new, "must not lie") == ("moved", "z", "must not lie")


def test_text_that_continues_other_text_is_never_taken():
    old = {
        "a": "The assistant must not lie to the user.\n\n" + MORE,
        "b": "The assistant must not lie to the user.\n\n" + REST,
    }
    new = {"a": MORE, "b": old["b"]}
    assert placed(old, new, "must not lie") == ("orphan", None, None)


def test_a_row_goes_by_its_first_cell():
    old = {"a": "| name | string | The name. |\n| size | number | The size. |\n"}
    new = {"a": "| title | string | The name. |\n| size | string | Its extent. |\n"}
    assert placed(old, new, "name | string | The name") == ("orphan", None, None)
    assert placed(old, new, "size | number")[:2] == ("fuzzy", "a")


def test_a_quote_of_an_older_text_is_found_by_its_words_and_context():
    quote = quotes.make("Once more. " + RULE, 25, 29, "a")
    place = quotes.place([quote], {"a": RULE}, {"a": MORE + RULE})[0]
    assert (place.state, (MORE + RULE)[place.start : place.end]) == ("exact", quote.exact)


def test_a_quote_whose_clause_is_unknown_needs_its_words_once():
    quote = quotes.make(RULE, 4, 38, "gone")
    assert quotes.place([quote], {}, {"b": MORE + RULE})[0].state == "moved"
    assert quotes.place([quote], {}, {"b": RULE + RULE})[0].state == "orphan"


def test_an_incomplete_comparison_carries_nothing(monkeypatch):
    monkeypatch.setattr(align, "EXACT_CELLS", 2)
    old, new = {"a": "one two three four five six seven"}, {"a": "one two 3 four five six 7 eight"}
    assert placed(old, new, "four five")[0] == "orphan"


def test_evidence_says_what_was_found():
    place = quotes.place([quotes.make(RULE, 4, 22, "a")], {"a": RULE}, {"a": RULE.replace("not ", "")})[0]
    assert place.evidence == quotes.Evidence("carried through the comparison of its clause", "assistant must ", 13, 16)


def tagged(name):
    """A release without its evaluation tags, by clause, and where they stood."""
    texts, places = {}, {}
    for clause in outline.parse((CORPORA / "model_spec" / f"{name}.md").read_bytes().decode()).clauses:
        text, at = "", 0
        for match in TAG.finditer(clause.source):
            text += clause.source[at : match.start()]
            at = match.end()
            places.setdefault(match.group(), (clause.anchor, len(text)))
        texts[clause.anchor] = text + clause.source[at:]
    return texts, places


def judge_tags(before, after):
    (old, then), (new, now) = tagged(before), tagged(after)
    asked = {tag: quotes.make(old[clause], max(at - 60, 0), at, clause) for tag, (clause, at) in then.items()}
    counts = Counter()
    for tag, place in zip(asked, quotes.place(asked.values(), old, new), strict=True):
        if tag not in now:
            counts["gone" if place.state == "orphan" else "ghost"] += 1
        elif place.state == "orphan":
            counts["lost"] += 1
        else:
            clause, at = now[tag]
            counts["right" if place.clause == clause and place.start - 3 <= at <= place.end + 3 else "wrong"] += 1
    return counts


def test_the_authors_own_tags_between_neighbouring_releases():
    names = ["2025-02-12", "2025-04-11", "2025-09-12", "2025-10-27", "2025-12-18-rev2", "2025-12-18"]
    counts = sum((judge_tags(*pair) for pair in itertools.pairwise(names)), Counter())
    right, wrong, _ = shares(counts)
    assert right >= 94.5
    assert wrong <= 0.5
    assert counts["ghost"] <= 1


def test_the_authors_own_tags_between_releases_far_apart():
    """Six pairs whose passages are often written anew: 696 that exist still, 16 that are gone."""
    first, newest = "2025-02-12", "2025-12-18-rev2"
    pairs = [(first, later) for later in ("2025-04-11", "2025-09-12", "2025-10-27", newest)]
    pairs += [("2025-09-12", newest), ("2025-10-27", newest)]
    counts = sum((judge_tags(*pair) for pair in pairs), Counter())
    right, wrong, _ = shares(counts)
    assert counts["right"] + counts["lost"] + counts["wrong"] == 696
    assert counts["gone"] + counts["ghost"] == 16
    assert right >= 94.5
    assert wrong <= 0.5
    assert counts["ghost"] <= 1


@pytest.mark.parametrize(
    "path", sorted((CORPORA / "reanchor" / "model_spec").glob("*.json")), ids=lambda path: path.stem
)
def test_the_recorded_points(path):
    recorded = json.loads(path.read_text(encoding="utf-8"))
    old, new = (
        {"": TAG.sub("", (CORPORA / "model_spec" / f"{recorded[side]}.md").read_bytes().decode())} for side in "ab"
    )
    asked = [
        quotes.make(old[""], item["offset_a"] - len(item["quote"]), item["offset_a"], "") for item in recorded["items"]
    ]
    assert [quote.exact for quote in asked] == [item["quote"] for item in recorded["items"]]
    misplaced = [
        item["tag"]
        for item, place in zip(recorded["items"], quotes.place(asked, old, new), strict=True)
        if place.end != item["offset_b"]
    ]
    assert misplaced == []


SEEDS = range(11_000, 11_070, 7)
"""Ten seeds; each is followed by one number more, which takes another document."""


def test_known_edits_of_real_text():
    counts = sum(
        (
            known_places.count(known_places.judge_edits(seed + number, count=80))
            for seed in SEEDS
            for number in range(2)
        ),
        Counter(),
    )
    right, wrong, ghosts = shares(counts)
    assert right >= 98.5
    assert wrong <= 0.2
    assert ghosts <= 2


def test_known_edits_of_the_very_sentences_that_are_quoted():
    """Each quote lies in or around a sentence that was rewritten, moved, or given a twin."""
    counts = sum(
        (known_places.count(known_places.judge_rewrites(seed + n)) for seed in SEEDS for n in range(2)), Counter()
    )
    right, wrong, ghosts = shares(counts)
    assert right >= 97
    assert wrong <= 0.2
    assert ghosts <= 2


def whole(document):
    letters = document.values()
    return {"": known_edits.Letters("".join(one.text for one in letters), [i for one in letters for i in one.ids])}


def judge_tables(seed, rounds, *, length, together):
    """Counts over all markers, and over those whose surroundings were edited."""
    stock = "".join(clauses("cloudevents/022-2026-03-12-a158a9ab.md").values()) + "".join(
        clauses("model_spec/2025-09-12.md").values()
    )
    counts, changed = Counter(), Counter()
    for number in range(rounds):
        chance = known_edits.chance(seed + number)
        made, short = table_documents.document(chance, stock, pipes=number % 2 == 0)
        after = table_documents.edited(chance, made, short, chance.choice([3, 10, 30]))
        old, new = table_documents.joined(made), table_documents.joined(after)
        starts = [(old[clause].ids[at], clause, at) for clause, at in table_documents.markers(made)]
        if together:
            old, new = whole(old), whole(new)
            starts = [(first, "", first - 1) for first, _, _ in starts]
        where = known_edits.Truth(old, new).where
        texts = {name: letters.text for name, letters in old.items()}
        later = {name: letters.text for name, letters in new.items()}
        asked = [
            quotes.make(texts[clause], at, min(at + length, len(texts[clause])), clause) for _, clause, at in starts
        ]
        for (first, clause, _), quote, place in zip(starts, asked, quotes.place(asked, texts, later), strict=True):
            there = where.get(first)
            if there is None:
                verdict = "gone" if place.state == "orphan" else "ghost"
            elif place.state == "orphan":
                verdict = "lost"
            else:
                verdict = "right" if place.clause == there[0] and abs(place.start - there[1]) <= 4 else "wrong"
            counts[verdict] += 1
            if quote.prefix + quote.exact + quote.suffix not in later.get(clause, ""):
                changed[verdict] += 1
    return counts, changed


@pytest.mark.parametrize("together", [False, True], ids=["by clause", "one text"])
@pytest.mark.parametrize("length", [5, 40, 60])
def test_markers_of_tables_and_one_word_headings(length, together):
    counts, changed = judge_tables(9_000, 10, length=length, together=together)
    right, wrong, ghosts = shares(counts)
    right_changed, wrong_changed, _ = shares(changed)
    assert right >= 99
    assert wrong <= 0.2
    assert ghosts <= 10
    assert right_changed >= 85
    assert wrong_changed <= 1.5
