"""Examples: a conversation written as tags inside a fence, with answers and verdicts."""

import re
from dataclasses import dataclass
from typing import NamedTuple

_OPEN = re.compile(
    r"<([a-z][a-z0-9_-]*)((?:[ \t]+[\w:-]+[ \t]*=[ \t]*\"[^\"\n]*\")*)[ \t]*>[ \t]*(?:<!--([^\n]*?)-->)?[ \t]*"
)
_ATTRIBUTE = re.compile(r"([\w:-]+)[ \t]*=[ \t]*\"([^\"\n]*)\"")
_VERDICT = re.compile(r"(GOOD|BAD|OK)\b(?:[ \t]*\[#([^\]\s]+)\])?[ \t]*[:,;.—–-]*[ \t]*(.*)\Z")
_CLOSING_LINE = re.compile(r"^[ \t]*</([a-z][a-z0-9_-]*)>", re.MULTILINE)


class Message(NamedTuple):
    """One turn of a conversation; `attributes` in the order written, `note` from a comment without verdict.

    Only answers have a verdict ("good", "bad", "ok" or ""), the anchor that they violate, and why.
    """

    role: str
    text: str
    attributes: tuple[tuple[str, str], ...] = ()
    note: str = ""
    start: int = 0
    end: int = 0
    verdict: str = ""
    violates: str = ""
    rationale: str = ""

    @property
    def body_start(self) -> int:
        """Where `text` begins, counted like `start` and `end`."""
        return self.end - len(f"</{self.role}>") - len(self.text)


class Answer(Message):
    """One possible answer of a comparison."""

    __slots__ = ()


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
        turn = _turn(text, at, opening)
        if turn is None:
            return ()
        turns.append(turn)
        at = _skip(text, turn.end)
    return tuple(turns)


def _turn(text: str, at: int, opening: re.Match[str] | None) -> Message | Comparison | None:
    if not opening:
        return _words_between(text, at)
    return _comparison(text, opening) if opening[1] == "comparison" else _message(text, opening)


def _words_between(text: str, at: int) -> Message | None:
    """A line that belongs to nobody, such as `[...]`; a line that looks like a tag is not understood."""
    line_end = text.find("\n", at)
    line = text[at : line_end if line_end != -1 else len(text)].rstrip()
    return None if line.startswith("<") else Message(role="", text=line, start=at, end=at + len(line))


def _skip(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _comparison(text: str, opening: re.Match[str]) -> Comparison | None:
    if opening[2] or opening[3] is not None:
        return None
    answers: list[Answer] = []
    at = _skip(text, opening.end())
    while not text.startswith("</comparison>", at):
        inner = _OPEN.match(text, at)
        answer = _message(text, inner, answer=True) if inner and inner[1] != "comparison" else None
        if not isinstance(answer, Answer):
            return None
        answers.append(answer)
        at = _skip(text, answer.end)
    return Comparison(tuple(answers), opening.start(), at + len("</comparison>")) if answers else None


def _message(text: str, opening: re.Match[str], *, answer: bool = False) -> Message | None:
    """A message from its opening tag to the first closing tag that stands on the same line or begins one."""
    role, begin = opening[1], opening.end()
    closing = f"</{role}>"
    line_end = text.find("\n", begin)
    at = text.find(closing, begin, line_end if line_end != -1 else len(text))
    if at == -1:
        at = _line_with(text, role, begin)
    end = at + len(closing)
    rest = text.find("\n", end)
    if at == -1 or text[end : rest if rest != -1 else len(text)].strip():
        return None
    attributes = tuple(_ATTRIBUTE.findall(opening[2])) if opening[2] else ()
    note = (opening[3] or "").strip()
    if not answer:
        return Message(role, text[begin:at], attributes, note, opening.start(), end)
    found = _VERDICT.match(note)
    verdict = (found[1].lower(), found[2] or "", found[3]) if found else ("", "", note)
    return Answer(role, text[begin:at], attributes, "", opening.start(), end, *verdict)


def _line_with(text: str, role: str, at: int) -> int:
    """Where the first line that begins with the role's closing tag has that tag, or -1."""
    closing = f"</{role}>"
    found = text.find(closing, at)
    if found == -1 or text[found - 1] == "\n":
        return found
    lines = _CLOSING_LINE.finditer(text, at)
    return next((line.start(1) - 2 for line in lines if line[1] == role), -1)
