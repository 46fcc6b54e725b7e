"""The face of comparing: `words` for two texts, `documents` for two outlines."""

from reviews.text.documents import DocumentDiff, Pair, documents
from reviews.text.lineage import Dissolution, Flow, MovedBlock
from reviews.text.worddiff import Diff, Kind, Op, words

__all__ = [
    "Diff",
    "Dissolution",
    "DocumentDiff",
    "Flow",
    "Kind",
    "MovedBlock",
    "Op",
    "Pair",
    "documents",
    "words",
]
