"""Examples: a conversation written as tags inside a fence, with answers and verdicts."""

import re
from dataclasses import dataclass

_OPEN = re.compile(
    r"<([a-z][a-z0-9_-]*)((?:[ \t]+[\w:-]+[ \t]*=[ \t]*\"[^\"\n]*\")*)[ \t]*>[ \t]*(?:<!--([^\n]*?)-->)?[ \t]*"
)
_ATTRIBUTE = re.compile(r"([\w:-]+)[ \t]*=[ \t]*\"([^\"\n]*)\"")
_VERDICT = re.compile(r"(GOOD|BAD|OK)\b(?:[ \t]*\[#([^\]\s]+)\])?[ \t]*[:,;.—–-]*[ \t]*(.*)\Z")
_CLOSING_LINE = re.compile(r"^[ \t]*</([a-z][a-z0-9_-]*)>", re.MULTILINE)
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True)
class Message:
    """One turn of a conversation; `attributes` in the order written, `note` from a comment without verdict."""

    role: str
    text: str
    attributes: tuple[tuple[str, str], ...] = ()
    note: str = ""
    start: int = 0
    end: int = 0

    @property
    def body_start(self) -> int:
        """Where `text` begins, counted like `start` and `end`."""
        return self.end - len(f"</{self.role}>") - len(self.text)


@dataclass(frozen=True)
class Answer(Message):
    """One possible answer: its verdict ("good", "bad", "ok" or ""), the anchor it violates, and why."""

    verdict: str = ""
    violates: str = ""
    rationale: str = ""


@dataclass(frozen=True)
class Comparison:
    """Several answers to the same conversation, in the order written."""

    answers: tuple[Answer, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Example:
    """A conversation in a clause; `turns` are messages and comparisons in order, offsets are of the fence's text."""

    title: str
    turns: tuple[Message | Comparison, ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        """The turns that are plain messages."""
        return tuple(turn for turn in self.turns if isinstance(turn, Message))

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The turns that offer several answers."""
        return tuple(turn for turn in self.turns if isinstance(turn, Comparison))


def parse(text: str) -> tuple[Message | Comparison, ...]:
    """The turns of a conversation, or nothing at all when any character of it is not understood."""
    turns: list[Message | Comparison] = []
    at = _skip(text, 0)
    while at < len(text):
        opening = _OPEN.match(text, at)
        if not opening:
            turn = _words_between(text, at)
        elif opening[1] == "comparison":
            turn = _comparison(text, opening)
        else:
            turn = _message(text, opening)
        if turn is None:
            return ()
        turns.append(turn)
        at = _skip(text, turn.end)
    return tuple(turns)


def _words_between(text: str, at: int) -> Message | None:
    """A line that belongs to nobody, such as `[...]`; a line that looks like a tag is not understood."""
    line_end = text.find("\n", at)
    line = text[at : line_end if line_end != -1 else len(text)].rstrip()
    return None if line.startswith("<") else Message(role="", text=line, start=at, end=at + len(line))


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _comparison(text: str, opening: re.Match[str]) -> Comparison | None:
    if opening[2] or opening[3] is not None:
        return None
    answers: list[Answer] = []
    at = _skip(text, opening.end())
    while not text.startswith("</comparison>", at):
        inner = _OPEN.match(text, at)
        message = _message(text, inner) if inner and inner[1] != "comparison" else None
        if inner is None or message is None:
            return None
        answers.append(_answer(message))
        at = _skip(text, message.end)
    return Comparison(tuple(answers), opening.start(), at + len("</comparison>")) if answers else None


def _message(text: str, opening: re.Match[str]) -> Message | None:
    """A message from its opening tag to the first closing tag that ends a line."""
    closing = f"</{opening[1]}>"
    at = text.find(closing, opening.end())
    line_end = text.find("\n", opening.end())
    if line_end != -1 and not (opening.end() <= at < line_end):
        at = _line_with(text, opening[1], opening.end())
    if at == -1:
        return None
    end = at + len(closing)
    rest = text.find("\n", end)
    if text[end : rest if rest != -1 else len(text)].strip():
        return None
    return Message(
        role=opening[1],
        text=text[opening.end() : at],
        attributes=tuple(_ATTRIBUTE.findall(opening[2])),
        note=(opening[3] or "").strip(),
        start=opening.start(),
        end=end,
    )


def _line_with(text: str, role: str, at: int) -> int:
    """Where the first line that begins with the role's closing tag has that tag, or -1."""
    for found in _CLOSING_LINE.finditer(text, at):
        if found[1] == role:
            return found.start(1) - 2
    return -1


def _answer(message: Message) -> Answer:
    found = _VERDICT.match(message.note)
    verdict, violates, rationale = (found[1].lower(), found[2] or "", found[3]) if found else ("", "", message.note)
    return Answer(
        role=message.role,
        text=message.text,
        attributes=message.attributes,
        start=message.start,
        end=message.end,
        verdict=verdict,
        violates=violates,
        rationale=rationale,
    )
