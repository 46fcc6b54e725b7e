"""How an example is shown: its title, the messages of its conversation, and the answers with their verdicts."""

import re
from typing import TYPE_CHECKING, Any

from reviews.text import examples, markdown

if TYPE_CHECKING:
    from reviews.text.walk import Walk

_ROLES = {"system", "developer", "user", "assistant", "tool"}
_LINE_END = re.compile(r"\r\n|\r|\n")
_STRONG = {"Start": "Strong"}
_MARKS = ("*", "_", "`", "~", "\\", "\r", "](", "]:", "[^", "\n\n\n", "://", "www.", "@")
_VERDICTS = {"good": "✓ Good", "bad": "✕ Bad", "ok": "○ OK"}


def example(walk: "Walk", index: int, at: Any) -> int:
    """Writes the example that begins with a paragraph and gives the index after it, or 0 when there is none."""
    if walk.events[index + 1][0] != _STRONG:
        return 0
    if [event for event, _ in walk.events[index + 2 : index + 4]] != [{"Text": "Example"}, {"End": "Strong"}]:
        return 0
    title_end = walk.closing(index, "Paragraph")
    fence, fence_at = walk.events[title_end + 1] if title_end + 1 < len(walk.events) else ("", None)
    kind = fence["Start"].get("CodeBlock") if isinstance(fence, dict) and isinstance(fence.get("Start"), dict) else None
    if not isinstance(kind, dict) or kind["Fenced"].split(" ")[0] != "xml":
        return 0
    end = walk.closing(title_end + 1, "CodeBlock")
    body = _content(walk, title_end + 2, end)
    turns = examples.parse(body.text)
    if not turns:
        walk.report("example", fence_at)
        return 0
    page = walk.page
    section = page.open("section", "example", (walk.span(at)[0], walk.span(fence_at)[1]), attributes=' class="example"')
    title = _title(walk, index, title_end, at)
    page.examples.append(examples.Example(title, turns))
    for turn in turns:
        _turn(walk, body, turn)
    page.close("section", section)
    return end + 1


def _content(walk: "Walk", first: int, end: int) -> markdown.Fragment:
    """What stands in the fence; where nothing was taken off its lines, that is simply a part of the source."""
    inside = walk.events[first:end]
    text = "".join(event["Text"] for event, _ in inside)
    start = walk.fragment.character(inside[0][1]["start"]) if inside else 0
    if walk.fragment.text.startswith(text, start):
        return walk.fragment.cut(start, start + len(text))
    return _by_lines(walk.fragment, text, start)


def _by_lines(fragment: markdown.Fragment, text: str, start: int) -> markdown.Fragment:
    """The content of a fence, each line of which is the end of a line of the source."""
    pieces, at = [], start
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        words = line.rstrip("\n")
        line_end = _LINE_END.search(fragment.text, at)
        place = line_end.start() if line_end else len(fragment.text)
        pieces.append((words, fragment.origin(max(at, place - len(words)))))
        pieces.append((line[len(words) :], fragment.origin(min(place, len(fragment.text) - 1))))
        at = line_end.end() if line_end else len(fragment.text)
    return markdown.joined(pieces)


def _title(walk: "Walk", index: int, end: int, at: Any) -> str:
    page = walk.page
    number = page.open("p", "example-title", walk.span(at), attributes=' class="example-title"')
    mark = len(page.text)
    page.write("Example")
    walk.run(index + 4, end)
    title = "".join(page.text[mark:])
    page.close("p", number)
    return title.removeprefix("Example").lstrip(": \n").strip()


def _turn(walk: "Walk", body: markdown.Fragment, turn: examples.Message | examples.Comparison) -> None:
    if isinstance(turn, examples.Message):
        (_message if turn.role else _interlude)(walk, body, turn)
        return
    walk.page.markup(f'<div class="answers answers-{len(turn.answers)}">')
    for answer in turn.answers:
        _answer(walk, body, answer)
    walk.page.markup("</div>")
    walk.page.newline()


def _interlude(walk: "Walk", body: markdown.Fragment, message: examples.Message) -> None:
    number = walk.page.open("p", "interlude", body.place(message.start, message.end), attributes=' class="interlude"')
    walk.page.write(message.text)
    walk.page.close("p", number)


def _message(walk: "Walk", body: markdown.Fragment, message: examples.Message) -> None:
    role = message.role if message.role in _ROLES else "other"
    number = walk.page.open(
        "div", "message", body.place(message.start, message.end), attributes=f' class="message message-{role}"'
    )
    walk.page.paragraph(_role_line(message), "message-role")
    _rest(walk, body, message, remark=message.note, number=number)


def _answer(walk: "Walk", body: markdown.Fragment, answer: examples.Answer) -> None:
    page = walk.page
    css = f' class="answer answer-{answer.verdict or "plain"}"'
    number = page.open("div", "answer", body.place(answer.start, answer.end), attributes=css)
    if answer.verdict and not answer.violates:
        page.paragraph(_VERDICTS[answer.verdict], "verdict")
    elif answer.verdict:
        page.markup('<p class="verdict">')
        page.write(_VERDICTS[answer.verdict] + (" · conflicts with " if answer.verdict == "bad" else " · see "))
        page.reference(answer.violates, counted=False)
        page.known("</p>\n", "\n")
    if answer.attributes or answer.role != "assistant":
        page.paragraph(_role_line(answer), "message-role")
    _rest(walk, body, answer, remark=answer.rationale, number=number)


def _rest(walk: "Walk", body: markdown.Fragment, message: examples.Message, *, remark: str, number: int) -> None:
    """The words of a message, a remark on it, and the end of its block."""
    begin = message.body_start
    walk.page.html.append('<div class="message-body">')
    found = paragraphs(message.text)
    for start, words in found:
        at = begin + start
        walk.page.plain(body.place(at, at + len(words)), words)
    if not found:
        part = body.cut(begin, begin + len(message.text))
        walk.part(part, markdown.events(part.text), mode="message")
    if remark:
        walk.page.html.append("</div>")
        _remark(walk, remark)
    walk.page.close("div", number, inner="" if remark else "</div>")


def _role_line(message: examples.Message) -> str:
    line = message.role.capitalize()
    for name, value in message.attributes:
        if name == "recipient":
            line += f" → {value}"
        elif name == "name":
            line += f" ({value})"
        else:
            line += f" · {name}: {value}"
    return line


def _remark(walk: "Walk", words: str) -> None:
    """One line of Markdown without blocks; a word before it keeps the parser from seeing any."""
    if paragraphs(words):
        walk.page.paragraph(words, "rationale")
        return
    walk.page.markup('<p class="rationale">')
    walk.part(markdown.Fragment("x " + words), markdown.events("x " + words), mode="inline", skip=2)
    walk.page.known("</p>\n", "\n")


def paragraphs(text: str) -> list[tuple[int, str]]:
    """The paragraphs of a text in which a Markdown parser would see nothing else, with their places; else none.

    Most messages and remarks are such texts: each paragraph one line that begins with a letter, no mark anywhere.
    """
    if any(map(text.__contains__, _MARKS)) or ("<" in text and ">" in text) or ("&" in text and ";" in text):
        return []
    if "$" in text and text.count("$") > 1:  # two may hold a formula between them
        return []
    found, at = [], len(text) - len(text.lstrip("\n"))
    for line in text.strip("\n").split("\n\n"):
        if not line[:1].isalpha() or "\n" in line:
            return []
        found.append((at, line.rstrip(" \t")))
        at += len(line) + 2
    return found
