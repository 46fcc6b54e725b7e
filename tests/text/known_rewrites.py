"""Known edits of single sentences: a word replaced, much replaced, moved, moved and edited, a twin put beside it."""

from tests.text.known_edits import SENTENCE, WORD, Editor, Letters, fresh

KINDS = ("phrase", "phrase", "heavy", "moved", "moved and edited", "twin")


class SentenceEditor(Editor):
    """Edits each sentence at most once, and remembers what it touched: kind, first and last number of the letters."""

    def __init__(self, texts, *, stock, chance):
        super().__init__(texts, stock=stock, chance=chance)
        self.touched, self.seen = [], set()

    def edit(self, times):
        for _ in range(times):
            self.edit_sentence(self.chance.choice(KINDS))

    def edit_sentence(self, kind):
        name, match = self.untouched()
        sentence = self.document[name].cut(*match.span())
        self.note(kind, sentence)
        if kind == "phrase":
            self.put(name, *match.span(), self.rewritten(sentence, 1))
        elif kind == "heavy":
            times = max(2, int(len(WORD.findall(sentence.text)) * self.chance.uniform(0.3, 0.6)))
            self.put(name, *match.span(), self.rewritten(sentence, times))
        elif kind == "twin":
            copied = Letters(sentence.text, [-number for number in sentence.ids])
            at = self.chance.choice([match.start(), match.end()])
            self.put_beside(name, at, self.rewritten(copied, self.chance.randint(1, 2)))
        else:
            self.put(name, *match.span(), fresh(""))
            edits = self.chance.randint(1, 3) if kind == "moved and edited" else 0
            target, place = self.spot(SENTENCE)
            self.put_beside(target, place.start(), self.rewritten(sentence, edits))

    def untouched(self):
        for _ in range(100):
            name, match = self.spot(SENTENCE)
            ids = self.document[name].ids[match.start() : match.end()]
            if min(ids) > 0 and self.seen.isdisjoint(ids):
                self.seen.update(ids)
                return name, match
        raise AssertionError("every sentence was edited")

    def note(self, kind, letters):
        numbers = [abs(number) for number in letters.ids if number]
        self.touched.append((kind, min(numbers), max(numbers)))

    def put_beside(self, name, at, sentence):
        space = fresh(" ")
        self.put(name, at, at, Letters(f" {sentence.text} ", space.ids + sentence.ids + space.ids))

    def rewritten(self, sentence, times):
        """The sentence with words inside it replaced, added or dropped, its first and its last word apart."""
        for _ in range(times):
            run = list(WORD.finditer(sentence.text))
            if len(run) < 4:
                break
            match, word = self.chance.choice(run[1:-1]), self.chance.choice(self.vocabulary)
            kind = self.chance.choice(["replace", "replace", "replace", "add", "drop"])
            if kind == "replace" and min(sentence.ids[match.start() : match.end()]) > 0:
                self.note("word", sentence.cut(*match.span()))
            start = match.end() if kind == "add" else match.start()
            new = {"replace": word, "add": f" {word}", "drop": ""}[kind]
            sentence = sentence.replaced(start, match.end(), fresh(new))
        return sentence

    def passages(self, old):
        """Ranges to quote in the old text, with their kind: sentences that were touched, phrases of them, phrases around
        words that were replaced."""
        where = {number: (name, at) for name, letters in old.items() for at, number in enumerate(letters.ids)}
        found = []
        for kind, first, last in self.touched:
            (name, start), (_, end) = where[first], where[last]
            run = [match.span() for match in WORD.finditer(old[name].text)]
            inside = [i for i, span in enumerate(run) if start <= span[0] and span[1] <= end + 1]
            if kind == "word" and inside:
                low, high = self.chance.choice([(0, 1), (1, 0), (1, 1), (2, 1), (1, 2)])
                low, high = max(inside[0] - low, 0), min(inside[0] + high, len(run) - 1)
                found.append((kind, (name, run[low][0], run[high][1])))
            elif inside:
                found.append((kind, (name, start, end + 1)))
                low = self.chance.choice(inside)
                high = min(low + self.chance.randint(0, 5), inside[-1])
                found.append((kind, (name, run[low][0], run[high][1])))
        return found
