"""What must hold of the outline and the rendering of any text whatever; used by tests and by the fuzzers."""

from __future__ import annotations

from reviews.text import dialect, outline, safe_html
from reviews.text.dialect import Rendered, Resolver

RESOLVER = Resolver(
    titles={"a": "Title of A", "b": "Be <b>bold</b> & \u202ebrave", "do_not_lie": "Do not lie"},
    definitions={"ref": "https://example.org/ref", "bad": "javascript:alert(1)", "frag": "#a", "^fn": ""},
    images={"local.png": "/media/local.png", "evil.png": "//evil.example/x.png"},
    names=frozenset({"place"}),
)


def check_outline(source: str) -> None:
    """The clauses are the text, their anchors are unique, and each alone is one clause again."""
    parsed = outline.parse(source)
    assert "".join(clause.source for clause in parsed.clauses) == source
    anchors = [clause.anchor for clause in parsed.clauses if clause.level]
    assert len(set(anchors)) == len(anchors)
    assert all(anchors)
    excused: dict[int, list[str]] = {}
    for problem in parsed.problems:
        excused.setdefault(problem.line, []).append(problem.code)
    for index, clause in enumerate(parsed.clauses):
        assert clause.parent is None or clause.parent < index
        assert clause.level > 0 or index == 0
        if {"stray-mark", "unclear-heading"}.intersection(excused.get(clause.line, ())):
            continue
        alone = outline.parse(clause.source)
        assert len(alone.clauses) == 1
        assert _identity(alone.clauses[0]) == _identity(clause)


def _identity(clause: outline.Clause) -> tuple[object, ...]:
    return clause.source, clause.title, clause.explicit, clause.level, clause.authority, clause.tags


def check_rendering(source: str, resolve: Resolver = RESOLVER) -> Rendered:
    """The sanitiser agrees, the text is that of the HTML, blocks are unique and lie inside, offsets go there and back."""
    rendered = dialect.render(source, resolve)
    assert not [construct for construct, _ in rendered.unknown if construct == "sanitised"]
    assert safe_html.sanitised(rendered.html) == rendered.html
    assert safe_html.visible_text(rendered.html) == rendered.text
    _check_blocks(source, rendered)
    _check_offsets(rendered)
    assert dialect.render(source, resolve) == rendered
    return rendered


def _check_blocks(source: str, rendered: Rendered) -> None:
    names = [block.id for block in rendered.blocks]
    assert len(set(names)) == len(names)
    for block in rendered.blocks:
        assert 0 <= block.source_range[0] <= block.source_range[1] <= len(source)
        assert 0 <= block.text_range[0] <= block.text_range[1] <= len(rendered.text)
        assert f'data-block="{block.id}"' in rendered.html


def _check_offsets(rendered: Rendered) -> None:
    stable = rendered.stable_text
    inside = [range(start + 1, end) for start, end in rendered.resolved]
    step = max(1, len(rendered.text) // 50)
    for offset in range(0, len(rendered.text) + 1, step):
        there = rendered.to_stable(offset)
        assert 0 <= there <= len(stable)
        if not any(offset in part for part in inside):
            assert rendered.from_stable(there) == offset
