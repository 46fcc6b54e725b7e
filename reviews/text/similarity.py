"""Finding texts that are nearly the same, such as form letters with an added sentence; not texts that mean the same.

Each text is known by the hashes of its word triples. The smallest of them are a fair sample (Broder's min-wise sketches):
texts that share one are compared in full with the leader of each group, the first text of it that came.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from reviews.text import words

ALIKE = 0.4
"""The share of common word triples from which two texts are nearly the same."""
CONTAINED = 0.6
"""The share of a form's word triples that a letter with additions must hold."""
_FEWEST_CONTAINED = 20
_FEWEST_WORDS = 8
_SAMPLE = 16
_MOST_LEADERS = 32


@dataclass(frozen=True, slots=True)
class Membership:
    """The group a text belongs to, named by its leader, and how alike the two are: common triples over all, and over the
    shorter text's."""

    leader: Hashable
    alike: float
    contained: float


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that are nearly the same as their leader, in the order they came, the leader first."""

    leader: Hashable
    members: tuple[Hashable, ...]


@dataclass
class Index:
    """Groups that grow as texts come; the same texts in the same order always give the same groups.

    Adding costs in proportion to the text, however many came before: of one sample at most a few leaders are kept.
    """

    _leaders: dict[Hashable, frozenset[int]] = field(default_factory=dict)
    _members: dict[Hashable, list[Hashable]] = field(default_factory=dict)
    _samples: dict[int, list[Hashable]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: Hashable, text: str) -> Membership:
        """Put a text into the group it belongs to, or make it the leader of a new one."""
        triples = _triples(text)
        found = self._nearest(triples)
        if found is None:
            found = Membership(key, 1.0, 1.0)
            self._leaders[key] = triples
            for number in _sample(triples):
                if len(self._samples[number]) < _MOST_LEADERS:
                    self._samples[number].append(key)
        self._members.setdefault(found.leader, []).append(key)
        return found

    def find(self, text: str) -> Membership | None:
        """The group a text would belong to, without adding it."""
        return self._nearest(_triples(text))

    def groups(self) -> list[Group]:
        """All groups of two and more, in the order their leaders came."""
        return [Group(leader, tuple(keys)) for leader, keys in self._members.items() if len(keys) > 1]

    def _nearest(self, triples: frozenset[int]) -> Membership | None:
        near = dict.fromkeys(key for number in _sample(triples) for key in self._samples.get(number, ()))
        best: Membership | None = None
        for key in near:
            alike, contained = _likeness(triples, self._leaders[key])
            if best is None or (alike, contained) > (best.alike, best.contained):
                small = min(len(triples), len(self._leaders[key]))
                if alike >= ALIKE or (contained >= CONTAINED and small >= _FEWEST_CONTAINED):
                    best = Membership(key, round(alike, 4), round(contained, 4))
        return best


def groups(texts: Sequence[str] | Mapping[Hashable, str]) -> list[Group]:
    """Groups of nearly the same texts, by position or key; texts like no other are left out."""
    index = Index()
    for key, text in texts.items() if isinstance(texts, Mapping) else enumerate(texts):
        index.add(key, text)
    return index.groups()


def own_words(text: str, form: str) -> tuple[str, ...]:
    """The sentences of a text that its form does not have: what its author added or changed, in order."""
    known = {_folded(sentence) for sentence in words.sentences(form)}
    return tuple(
        sentence.strip() for sentence in words.sentences(text) if _folded(sentence) and _folded(sentence) not in known
    )


def _folded(text: str) -> str:
    return " ".join(words.words(text)).casefold()


def _triples(text: str) -> frozenset[int]:
    """The hashes of all runs of three words; of a very short text, of all its words as one."""
    run = _folded(text).split(" ")
    if len(run) < _FEWEST_WORDS:
        return frozenset([_number(" ".join(run) or text.strip())])
    return frozenset(_number(" ".join(run[at : at + 3])) for at in range(len(run) - 2))


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _sample(triples: frozenset[int]) -> list[int]:
    return sorted(triples)[:_SAMPLE]


def _likeness(a: frozenset[int], b: frozenset[int]) -> tuple[float, float]:
    common = len(a & b)
    return common / len(a | b), common / min(len(a), len(b))
