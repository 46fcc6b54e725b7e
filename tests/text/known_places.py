"""Placing quotes over known edits of real documents, and judging each: for the suite with fixed seeds, for the fuzzer with
fresh ones."""

from collections import Counter
from functools import cache

from reviews.text import outline, quotes
from tests.corpora import CORPORA
from tests.text import known_edits
from tests.text.known_rewrites import SentenceEditor

DOCUMENTS = [
    "model_spec/2025-12-18.md",
    "model_spec/2025-04-11.md",
    "cloudevents/022-2026-03-12-a158a9ab.md",
    "claude_constitution/2026-01-20.md",
    "semver/040-2025-06-23-d58db168.md",
]
STOCK = "claude_constitution/2026-01-20.md"


@cache
def clauses(path):
    """The sources of the clauses of a document in the corpora, by anchor."""
    return {clause.anchor: clause.source for clause in outline.parse((CORPORA / path).read_bytes().decode()).clauses}


def judge_edits(seed, *, count=100):
    """Return quotes anywhere in a document after random edits, each as (kind, verdict, quote, placement)."""
    chance = known_edits.chance(seed)
    texts = clauses(DOCUMENTS[seed % len(DOCUMENTS)])
    editor = known_edits.Editor(texts, stock="".join(clauses(STOCK).values()), chance=chance)
    editor.edit(chance.choice([5, 20, 40] if len(texts) < 60 else [5, 30, 80, 150]))
    passages = known_edits.passages(texts, count=count, chance=chance)
    return judged(texts, editor, [("any", passage) for passage in passages])


def judge_rewrites(seed):
    """Return quotes in and around sentences that were edited, each as (kind, verdict, quote, placement)."""
    chance = known_edits.chance(seed)
    texts = clauses(DOCUMENTS[seed % len(DOCUMENTS)])
    editor = SentenceEditor(texts, stock="".join(clauses(STOCK).values()), chance=chance)
    editor.edit(chance.choice([5, 10, 20]))
    return judged(texts, editor, editor.passages(known_edits.numbered(texts)))


def judged(texts, editor, passages):
    asked = [quotes.make(texts[clause], start, end, clause) for _, (clause, start, end) in passages]
    found = quotes.place(asked, texts, {name: letters.text for name, letters in editor.document.items()})
    truth = known_edits.Truth(known_edits.numbered(texts), editor.document)
    return [
        (kind, truth.judge(passage, place), quote, place)
        for (kind, passage), quote, place in zip(passages, asked, found, strict=True)
    ]


def count(results):
    """Count the verdicts of results."""
    return Counter(verdict for _, verdict, _, _ in results)


def shares(counts):
    """Percentages: right and wrong of what still exists, placed of what is gone."""
    there = counts["right"] + counts["lost"] + counts["wrong"]
    gone = counts["gone"] + counts["ghost"]
    return (
        100 * counts["right"] / max(there, 1),
        100 * counts["wrong"] / max(there, 1),
        100 * counts["ghost"] / max(gone, 1),
    )
