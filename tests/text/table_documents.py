"""Documents full of tables and one-word headings, made from real sentences, and their known edits row by row."""

import re

from tests.text.known_edits import SENTENCE, Letters, fresh

NAMES = "name description url type id title version format default example required schema items value key".split()
KINDS = ("`string`", "`boolean`", "[Schema Object](#schemaObject)", "`integer`", "Map[`string`, `any`]")
OBJECTS = (
    "Info Contact License Server Path Operation Parameter Media Response Callback Link Header Tag Reference".split()
)
FIXED = "\n##### Fixed Fields\n\nField Name | Type | Description\n---|:---:|---\n"
EXTENSIONS = "\nThis object MAY be extended with [Specification Extensions](#extensions).\n\n##### Example\n\n"


def table_row(chance, name, sentences):
    lead = chance.choice(["", "**REQUIRED**. "])
    return f"{name} | {chance.choice(KINDS)} | {lead}{chance.choice(sentences)}\n"


def document(chance, stock, *, pipes):
    """The document as a list of (name, parts); a part is a line of prose, a heading or a row, with its letters numbered."""
    sentences = sorted(set(SENTENCE.findall(stock)))
    short = [re.sub(r"\s+", " ", one) for one in sentences if len(one) < 140]
    found, at = [], 1
    for thing in chance.sample(OBJECTS, 12):
        parts = [f"#### {thing} Object\n\n", *(chance.choice(short) + "\n" for _ in range(chance.randint(1, 4))), FIXED]
        names = chance.sample(NAMES, chance.randint(3, 9))
        parts += [
            ("| " if pipes else "") + table_row(chance, name, short)[:-1] + (" |\n" if pipes else "\n")
            for name in names
        ]
        parts += [
            EXTENSIONS,
            "```json\n{\n" + "".join(f'  "{name}": "{thing.lower()}",\n' for name in names) + "}\n```\n\n",
        ]
        numbered = []
        for text in parts:
            numbered.append(Letters(text, list(range(at, at + len(text)))))
            at += len(text)
        found.append((f"{thing.lower()}_object", numbered))
    return found, short


def is_row(part):
    return " | " in part.text and not part.text.startswith("\n")


def edited(chance, found, short, times):
    """The document after some edits of rows, of words in them, of their order, of prose and of whole objects."""
    found = [(name, list(parts)) for name, parts in found]
    for _ in range(times):
        name, parts = chance.choice(found)
        rows = [i for i, part in enumerate(parts) if is_row(part)]
        kind = chance.choice(
            ["word", "word", "word", "row", "drop", "order", "describe", "prose", "object", "type", "swap"]
        )
        if not rows:
            continue
        i = chance.choice(rows)
        row = parts[i]
        if kind in ("word", "describe"):
            words = list(re.finditer(r"[A-Za-z]{3,}", row.text))
            start = row.text.rindex(" | ", 0, len(row.text) - 3) + 3
            spots = [match for match in words if match.start() >= start]
            if spots and kind == "word":
                match = chance.choice(spots)
                parts[i] = row.replaced(*match.span(), fresh(chance.choice(short).split()[0]))
            elif spots:
                parts[i] = row.replaced(start, len(row.text) - 1, fresh(chance.choice(short)))
        elif kind == "row":
            pipe = row.text.startswith("|")
            new = table_row(chance, chance.choice(NAMES) + chance.choice(["", "Url", "Id", "List"]), short)
            parts.insert(i, fresh("| " + new[:-1] + " |\n" if pipe else new))
        elif kind == "drop" and len(rows) > 2:
            del parts[i]
        elif kind == "order":
            j = chance.choice(rows)
            parts.insert(j, parts.pop(i))
        elif kind == "prose":
            parts.insert(1, fresh(chance.choice(short) + "\n"))
        elif kind == "object" and chance.random() < 0.3:
            found.insert(chance.randrange(len(found)), found.pop(found.index((name, parts))))
        elif kind == "type":
            at = row.text.index(" | ") + 3
            end = row.text.index(" | ", at)
            parts[i] = row.replaced(at, end, fresh(chance.choice(KINDS)))
        elif kind == "swap":
            cell = re.match(r"\|? ?", row.text).end()
            end = row.text.index(" | ")
            parts[i] = fresh(row.text[:cell] + chance.choice(NAMES) + "2" + row.text[end:])
    return found


def joined(found):
    """Each object as one text with its letters."""
    return {
        name: Letters("".join(part.text for part in parts), [i for part in parts for i in part.ids])
        for name, parts in found
    }


def markers(found):
    """Where markers stand: before each first cell and each heading's words; (clause, offset)."""
    places = []
    for name, parts in found:
        at = 0
        for part in parts:
            if is_row(part):
                places.append((name, at + (2 if part.text.startswith("|") else 0)))
            elif part.text.startswith("#### "):
                places.append((name, at + 5))
            at += len(part.text)
    return places
