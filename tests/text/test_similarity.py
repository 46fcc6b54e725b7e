"""Near-duplicates: form letters in a heap of others."""

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from reviews.text import similarity, words
from tests.corpora import CORPORA

FORM = (
    "I write to you as a worried citizen. The draft lets the assistant decide alone what the user may know. "
    "Such power belongs to nobody without control. Please put the rule of the last release back into the text, "
    "and say in plain words who is responsible when the assistant withholds an answer from an adult."
)
TEXTS = st.lists(st.text(max_size=60), max_size=12)


def letters(count, *, form, chance):
    """Form letters with small changes and an added sentence, and letters of their own, mixed."""
    sentences = [
        sentence.strip()
        for sentence in words.sentences((CORPORA / "model_spec" / "2025-12-18.md").read_text(encoding="utf-8"))
        if len(words.words(sentence)) >= 8
    ]
    found = []
    for _ in range(count):
        if chance.random() < 0.5:
            added = chance.choice(sentences)
            found.append((True, form.replace("worried", chance.choice(["worried", "concerned"])) + " " + added))
        else:
            found.append((False, " ".join(chance.sample(sentences, 4))))
    return found


@given(TEXTS)
def test_groups_are_disjoint_and_hold_equal_texts_together(texts):
    found = similarity.groups(texts)
    members = [key for group in found for key in group.members]
    assert len(members) == len(set(members))
    home = {key: group.leader for group in found for key in group.members}
    for i, text in enumerate(texts):
        assert all(home[i] == home[j] for j in range(i) if texts[j] == text)


@given(TEXTS)
def test_an_index_gives_the_same_groups_one_by_one(texts):
    index = similarity.Index()
    for key, text in enumerate(texts):
        expected = index.find(text)
        found = index.add(key, text)
        assert found == (expected or similarity.Membership(key, 1.0, 1.0))
    assert index.groups() == similarity.groups(texts)


def test_a_form_letter_is_found_with_its_additions():
    chance = random.Random(11)
    heap = letters(400, form=FORM, chance=chance)
    found = similarity.groups([text for _, text in heap])
    largest = max(found, key=lambda group: len(group.members))
    assert list(largest.members) == [key for key, (is_form, _) in enumerate(heap) if is_form]
    assert [group for group in found if group is not largest] == []


def test_a_short_form_in_a_long_letter_is_found():
    long = FORM + " " + " ".join(f"My own reason number {n} is that neighbour {n} told me so." for n in range(12))
    assert similarity.groups({"form": FORM, "long": long}) == [similarity.Group("form", ("form", "long"))]


def test_what_the_author_added_stays_visible():
    assert similarity.own_words(FORM + " My mother is 83.", FORM) == ("My mother is 83.",)


def test_short_texts_are_grouped_only_when_their_words_are_the_same():
    assert similarity.groups(["I agree.", "I agree!", "I disagree."]) == [similarity.Group(0, (0, 1))]


def test_cost_grows_with_the_number_of_letters():
    def cost(count):
        texts = [text for _, text in letters(count, form=FORM, chance=random.Random(5))]
        start = time.process_time()
        similarity.groups(texts)
        return time.process_time() - start

    cost(50)
    assert cost(3000) < 25 * cost(300)
