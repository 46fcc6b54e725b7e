"""Known edits of real text: every letter remembers where it came from, so that the right place of a quote is known."""

import random
import re
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SENTENCE = re.compile(r"[A-Z][^.!?\n|]{30,400}[.!?](?=\s)")
LINE = re.compile(r"(?m)^.{20,}\n")
AMBIGUOUS = ("the assistant", "the user", "should", "must", "the event", "developer", "instructions", "attribute")


@dataclass
class Letters:
    """A text of which every letter carries the number of the letter it once was, 0 when it is new,
    or the number below zero when it is a copy."""

    text: str
    ids: list[int]

    def cut(self, start, end):
        return Letters(self.text[start:end], self.ids[start:end])

    def replaced(self, start, end, other):
        return Letters(self.text[:start] + other.text + self.text[end:], self.ids[:start] + other.ids + self.ids[end:])


def fresh(text):
    return Letters(text, [0] * len(text))


def numbered(texts):
    """Texts by clause with all letters numbered from 1 on."""
    found, at = {}, 1
    for name, text in texts.items():
        found[name] = Letters(text, list(range(at, at + len(text))))
        at += len(text)
    return found


class Editor:
    """Random edits of a document, with a stock of foreign sentences and words to put in."""

    def __init__(self, texts, *, stock, chance):
        self.document = numbered(texts)
        self.chance = chance
        self.sentences = SENTENCE.findall(stock)
        self.vocabulary = sorted(set(WORD.findall(stock)))

    def spot(self, pattern):
        """A random clause and match of a pattern in it."""
        for _ in range(50):
            name = self.chance.choice(list(self.document))
            found = list(pattern.finditer(self.document[name].text))
            if found:
                return name, self.chance.choice(found)
        raise AssertionError("no clause has such a place")

    def put(self, name, start, end, letters):
        self.document[name] = self.document[name].replaced(start, end, letters)

    def change_word(self):
        name, match = self.spot(WORD)
        self.put(name, *match.span(), fresh(self.chance.choice(self.vocabulary)))

    def add_word(self):
        name, match = self.spot(WORD)
        self.put(name, match.start(), match.start(), fresh(self.chance.choice(self.vocabulary) + " "))

    def drop_word(self):
        name, match = self.spot(WORD)
        self.put(name, match.start(), match.end(), fresh(""))

    def add_sentence(self):
        name, match = self.spot(SENTENCE)
        self.put(name, match.start(), match.start(), fresh(self.chance.choice(self.sentences) + " "))

    def drop_sentence(self):
        name, match = self.spot(SENTENCE)
        self.put(name, match.start(), match.end(), fresh(""))

    def swap_sentence(self):
        name, match = self.spot(SENTENCE)
        self.put(name, match.start(), match.end(), fresh(self.chance.choice(self.sentences)))

    def drop_line(self):
        name, match = self.spot(LINE)
        self.put(name, *match.span(), fresh(""))

    def move_line(self, *, across):
        name, match = self.spot(LINE)
        moved = self.document[name].cut(*match.span())
        self.put(name, *match.span(), fresh(""))
        target, place = self.spot(LINE)
        if not across and LINE.search(self.document[name].text):
            target = name
            place = self.chance.choice(list(LINE.finditer(self.document[name].text)))
        self.put(target, place.start(), place.start(), moved)

    def move_sentence(self):
        name, match = self.spot(SENTENCE)
        moved = self.document[name].cut(*match.span())
        self.put(name, *match.span(), fresh(""))
        target, place = self.spot(SENTENCE)
        space = fresh(" ")
        self.put(target, place.start(), place.start(), Letters(moved.text + " ", moved.ids + space.ids))

    def copy_line(self):
        name, match = self.spot(LINE)
        copied = self.document[name].cut(*match.span())
        copy = Letters(copied.text, [-abs(number) for number in copied.ids])
        target, place = self.spot(LINE)
        self.put(target, place.start(), place.start(), copy)

    def split(self):
        name, match = self.spot(LINE)
        whole = self.document[name]
        if match.start() == 0:
            return
        names = {}
        for key, letters in self.document.items():
            names[key] = letters.cut(0, match.start()) if key == name else letters
            if key == name:
                names[f"{name}-split-{len(self.document)}"] = whole.cut(match.start(), len(whole.text))
        self.document = names

    def rename(self):
        name = self.chance.choice(list(self.document))
        self.document = {(f"{key}-renamed" if key == name else key): value for key, value in self.document.items()}

    def drop_clause(self):
        if len(self.document) > 3:
            del self.document[self.chance.choice(list(self.document))]

    def edit(self, times):
        """Make a number of edits, small ones more often than great ones."""
        small = [self.change_word, self.add_word, self.drop_word] * 4
        middle = [self.add_sentence, self.drop_sentence, self.swap_sentence, self.copy_line, self.drop_line] * 2
        moves = [lambda: self.move_line(across=True), lambda: self.move_line(across=False), self.move_sentence] * 2
        great = [self.split, self.rename, self.drop_clause]
        for _ in range(times):
            self.chance.choice(small + middle + moves + great)()


def passages(texts, *, count, chance):
    """Random ranges to quote: words, phrases, sentences, paragraphs, ambiguous words; (clause, start, end)."""
    names = [name for name, text in texts.items() if len(WORD.findall(text)) > 8]
    found = []
    while len(found) < count:
        name = chance.choice(names)
        text = texts[name]
        kind = chance.choice(["word", "phrase", "phrase", "sentence", "paragraph", "ambiguous", "any"])
        if kind in ("word", "phrase", "any"):
            run = list(WORD.finditer(text))
            first = chance.randrange(len(run))
            last = min(
                first + {"word": 0, "phrase": chance.randint(1, 6), "any": chance.randint(3, 60)}[kind], len(run) - 1
            )
            found.append((name, run[first].start(), run[last].end()))
            continue
        pattern = {
            "sentence": SENTENCE,
            "paragraph": LINE,
            "ambiguous": re.compile(re.escape(chance.choice(AMBIGUOUS))),
        }[kind]
        matches = list(pattern.finditer(text))
        if matches:
            match = chance.choice(matches)
            found.append((name, match.start(), match.end() - (kind == "paragraph")))
    return found


class Truth:
    """Where the letters of the old text stand after the edits."""

    def __init__(self, old, new):
        self.old, self.new = old, new
        self.where, self.copied = {}, set()
        for name, letters in new.items():
            for at, number in enumerate(letters.ids):
                if number > 0:
                    self.where[number] = (name, at)
                elif number < 0:
                    self.copied.add(-number)

    def judge(self, passage, placement):
        """`right`, `lost`, `wrong`, `gone` (rightly an orphan), `ghost` (placed though gone) or `unclear`."""
        name, start, end = passage
        before = self.old[name].cut(start, end)
        wanted = {i for i, c in zip(before.ids, before.text, strict=True) if not c.isspace()}
        left = {}
        for number in wanted & self.where.keys():
            clause, at = self.where[number]
            left.setdefault(clause, []).append(at)
        if not left:
            return "unclear" if wanted & self.copied else "gone" if placement.state == "orphan" else "ghost"
        clause = max(sorted(left), key=lambda key: len(left[key]))
        stayed = len(left[clause])
        if 2 * stayed < len(wanted):
            return "unclear"
        if placement.state == "orphan":
            return "lost"
        return "right" if placement.clause == clause and self._covers(placement, left[clause], wanted) else "wrong"

    def _covers(self, placement, places, wanted):
        """Whether a placement holds half of what stayed, and not more of other old text than of that."""
        inside = sum(1 for at in places if placement.start <= at < placement.end)
        found = self.new[placement.clause].cut(placement.start, placement.end)
        others = [
            i for i, c in zip(found.ids, found.text, strict=True) if i > 0 and i not in wanted and not c.isspace()
        ]
        return 2 * inside >= len(places) and len(others) <= inside


def chance(seed):
    """A source of chance that is the same on every machine."""
    return random.Random(seed)
