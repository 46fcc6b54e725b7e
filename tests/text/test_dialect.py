"""What each construct of the dialect becomes."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.text import conversations, dialect, markdown, outline
from reviews.text.dialect import Answer, Comparison, Example, Message, Rendered, Resolver

RESOLVE = Resolver(
    titles={"target": "The target", "two-words": "Two words"},
    definitions={"ref": "https://example.org/r", "^far": ""},
    images={"img/a.png": "/media/a.png"},
    names=frozenset({"place"}),
)


def render(source: str) -> Rendered:
    return dialect.render(source, RESOLVE)


def bare(source: str) -> str:
    """The HTML without the names of blocks and without the line ends between elements."""
    return re.sub(r' data-block="[^"]*"', "", render(source).html).rstrip("\n")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            "Some *soft* **hard** ~~gone~~ `code`.",
            "<p>Some <em>soft</em> <strong>hard</strong> <del>gone</del> <code>code</code>.</p>",
        ),
        ("a\nb  \nc", "<p>a\nb<br>\nc</p>"),
        ("# One {#one authority=root}", '<h1 class="clause-title">One</h1>'),
        ("Two\n---", '<h2 class="clause-title">Two</h2>'),
        ("> # In a quote", '<blockquote><p class="heading heading-1">In a quote</p>\n</blockquote>'),
        ("***", "<hr>"),
        ("- a\n- b", "<ul><li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li>\n<li>b</li>\n</ol>'),
        ("- [x] a\n- [ ] b", "<ul><li>☑ a</li>\n<li>☐ b</li>\n</ul>"),
        ("```py\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("    \n    a", "<pre><code>a</code></pre>"),
        ("~~~\n\na\n~~~", "<pre><code>\na\n</code></pre>"),
        (
            "|a|b|\n|:-|-:|\n|1|2|",
            '<div class="table-scroll" tabindex="0"><table><thead><tr>'
            '<th class="align-left">a</th>\t<th class="align-right">b</th>\t</tr>\n'
            '</thead><tbody><tr><td class="align-left">1</td>\t'
            '<td class="align-right">2</td>\t</tr>\n</tbody></table></div>',
        ),
        (
            "|a|\n|-|\n|1|2|",
            '<div class="table-scroll" tabindex="0"><table><thead><tr><th>a</th>\t</tr>\n'
            "</thead><tbody><tr><td>1</td>\t<td>2</td></tr>\n</tbody></table></div>",
        ),
        (
            "[a](https://example.org/?a=1&b)",
            '<p><a href="https://example.org/?a=1&amp;b" rel="noopener noreferrer">a</a></p>',
        ),
        (
            "<mail@example.org>",
            '<p><a href="mailto:mail@example.org" rel="noopener noreferrer">mail@example.org</a></p>',
        ),
        (
            "[a][ref] and [b][none]",
            '<p><a href="https://example.org/r" rel="noopener noreferrer">a</a> and [b][none]</p>',
        ),
        ("[a](primer.md)", '<p><span class="link-plain" title="primer.md">a</span></p>'),
        ("[a](#target) [b](#Two words)", '<p><a href="#target">a</a> [b](#Two words)</p>'),
        ("[a](#place) [b](#else)", '<p><a href="#in-place">a</a> <a href="#else">b</a></p>'),
        ("[?](#target)", '<p><a class="ref" href="#target">The target</a></p>'),
        ("[?](#Two-Words)", '<p><a class="ref" href="#two-words">Two words</a></p>'),
        ("[?](#gone)", '<p><span class="ref-missing">? (gone)</span></p>'),
        ("word[^abcd]:", '<p>word<span class="evaltag" title="Evaluation abcd">abcd</span>:</p>'),
        (
            "word[^far] and[^far]",
            '<p>word<a class="footnote-ref" href="#in-^far" id="in-^far-mark">[far]</a>'
            ' and<a class="footnote-ref" href="#in-^far">[far]</a></p>',
        ),
        (
            "a[^1]\n\n[^1]: note",
            '<p>a<a class="footnote-ref" href="#in-^1" id="in-^1-mark">[1]</a></p>\n<div class="footnote">'
            '<p class="footnote-label"><a href="#in-^1-mark" id="in-^1">[1]</a></p>\n<p>note</p>\n</div>',
        ),
        ("![alt](https://example.org/x.png)", '<p><span class="image-remote">Image: alt (example.org)</span></p>'),
        ("![alt](img/a.png)", '<p><img src="/media/a.png" alt="alt"></p>'),
        ("![alt](img/b.png)", '<p><span class="image-remote">Image: alt (img/b.png)</span></p>'),
        (
            "a\u202eb\u200b",
            '<p>a<span class="control" title="U+202E">[U+202E]</span>b'
            '<span class="control" title="U+200B">[U+200B]</span></p>',
        ),
        ("👨\u200d🍳 می\u200cخواهم", '<p dir="auto">👨\u200d🍳 می\u200cخواهم</p>'),
        ("x\u200dy", '<p>x<span class="control" title="U+200D">[U+200D]</span>y</p>'),
        ("H<sub>2</sub>O <b>b", "<p>H<sub>2</sub>O <b>b</b></p>"),
        ("a<br>b", "<p>a<br>\nb</p>"),
        ('<a name="p"></a>a', '<p><a id="in-p"></a>a</p>'),
        ("a <settings> b", "<p>a &lt;settings&gt; b</p>"),
        ("a <!-- b --> c", "<p>a  c</p>"),
        ("<div align=center onclick=x>\na <b>b</b>\n</div>", "<div><div>\na <b>b</b>\n</div></div>"),
        ("<section-x>\na\n</section-x>", '<p class="literal">&lt;section-x&gt;\na\n&lt;/section-x&gt;</p>'),
        (
            '!!! meta "Commentary"\n    One.\n\n    - two\n\nAfter.',
            '<aside class="admonition admonition-meta"><p class="admonition-title">Commentary'
            "</p>\n<p>One.</p>\n<ul><li>two</li>\n</ul>\n</aside>\n<p>After.</p>",
        ),
        (
            "!!! odd\n\ttext",
            '<aside class="admonition admonition-note"><p class="admonition-title">Odd</p>\n<p>text</p>\n</aside>',
        ),
        (
            "Before\n!!! note\n    in\nafter",
            '<p>Before</p>\n<aside class="admonition admonition-note">'
            '<p class="admonition-title">Note</p>\n<p>in</p>\n</aside>\n<p>after</p>',
        ),
        (
            "!!! note\n    a\n    !!! tip\n        b",
            '<aside class="admonition admonition-note"><p class="admonition-title">Note</p>\n<p>a</p>\n'
            '<aside class="admonition admonition-tip">'
            '<p class="admonition-title">Tip</p>\n<p>b</p>\n</aside>\n</aside>',
        ),
        (
            "> [!WARNING]\n> a",
            '<aside class="admonition admonition-warning"><p class="admonition-title">Warning</p>\n<p>a</p>\n</aside>',
        ),
        ("!!!", "<p>!!!</p>"),
        ("~~~\n!!! note\n~~~", "<pre><code>!!! note\n</code></pre>"),
        ("---\ntitle: x\n---\n", '<pre class="front-matter"><code>---\ntitle: x\n---\n</code></pre>'),
        ("a\r\nb\rc", "<p>a\nb\nc</p>"),
        ("", ""),
    ],
)
def test_constructs(source: str, html: str):
    assert bare(source) == html


CONVERSATION = """**Example**: a *title*

~~~xml
<system>
Be kind.
</system>
<user comment="in Korean">
`&lt;p&gt;` or
    <settings> & # no title
</user>
<assistant recipient="python" end_turn="false"> <!-- thinking -->
import this
</assistant>
[...]
<comparison>
<assistant> <!-- GOOD: *kind*, see [?](#target) -->
Hello
</assistant>
<assistant recipient="x"> <!-- BAD[#target]: rude -->
Go
</assistant>
<assistant> <!-- OK -->
Hm
</assistant>
<assistant>
None
</assistant>
</comparison>
~~~
"""


def test_an_example_is_understood():
    (example,) = render(CONVERSATION).examples
    system, user, tool, between = example.messages
    (comparison,) = example.comparisons
    assert example.title == "a title"
    assert [type(turn) for turn in example.turns] == [Message] * 4 + [Comparison]
    assert (system.role, system.text) == ("system", "\nBe kind.\n")
    assert user.attributes == (("comment", "in Korean"),)
    assert (tool.attributes, tool.note) == ((("recipient", "python"), ("end_turn", "false")), "thinking")
    assert (between.role, between.text) == ("", "[...]")
    assert [(answer.verdict, answer.violates, answer.rationale) for answer in comparison.answers] == [
        ("good", "", "*kind*, see [?](#target)"),
        ("bad", "target", "rude"),
        ("ok", "", ""),
        ("", "", ""),
    ]


def test_an_example_is_shown():
    role = '<p class="message-role">{}</p>\n'
    message = '<div class="message message-{}">' + role + '<div class="message-body"><p>{}</p>\n</div>{}</div>\n'
    answer = '<div class="answer answer-{}">{}<div class="message-body"><p>{}</p>\n</div>{}</div>\n'
    assert bare(CONVERSATION) == (
        '<section class="example"><p class="example-title">Example: a <em>title</em></p>\n'
        + message.format("system", "System", "Be kind.", "")
        + message.format(
            "user", "User · comment: in Korean", "<code>&lt;p&gt;</code> or\n    &lt;settings&gt; &amp; # no title", ""
        )
        + message.format(
            "assistant", "Assistant → python · end_turn: false", "import this", '<p class="rationale">thinking</p>\n'
        )
        + '<p class="interlude">[...]</p>\n<div class="answers answers-4">'
        + answer.format(
            "good",
            '<p class="verdict">✓ Good</p>\n',
            "Hello",
            '<p class="rationale"><em>kind</em>, see <a class="ref" href="#target">The target</a></p>\n',
        )
        + answer.format(
            "bad",
            '<p class="verdict">✕ Bad · conflicts with <a class="ref" href="#target">The target</a></p>\n'
            '<p class="message-role">Assistant → x</p>\n',
            "Go",
            '<p class="rationale">rude</p>\n',
        )
        + answer.format("ok", '<p class="verdict">○ OK</p>\n', "Hm", "")
        + answer.format("plain", "", "None", "")
        + "</div>\n</section>"
    )


@pytest.mark.parametrize(
    "body",
    [
        "<user>\na",
        "<user>\na\n</assistant>",
        "<comparison>\n</comparison>",
        "<comparison>\nwords\n</comparison>",
        "<comparison>\n<comparison>\n</comparison>\n</comparison>",
        "<user>\na\n</user>\n*</comparison>\n</comparison>",
        "<user a=b>\na\n</user>",
        "</user>",
    ],
)
def test_a_malformed_example_is_code_and_said_to_be(body: str):
    source = f"Text.\n\n**Example**: x\n\n~~~xml\n{body}\n~~~\n"
    result = render(source)
    assert result.unknown == (("example", 5),)
    assert result.examples == ()
    assert result.text == f"Text.\nExample: x\n{body}\n\n"


def test_an_example_inside_a_list_knows_its_places():
    source = "- **Example**: x\n\n  ~~~xml\n  <user>\n  Héllo *you*\n  </user>\n  ~~~\n"
    result = render(source)
    found = {block.kind: source[slice(*block.source_range)] for block in result.blocks}
    assert found["message"] == "<user>\n  Héllo *you*\n  </user>"
    assert found["paragraph"].strip() == "Héllo *you*"


def test_blocks_know_their_places_in_source_and_text():
    source = "# Títle\n\nOne “two”.\r\n\r\n- a\n- b *c*\n\n|h|\n|-|\n|x|\n\n!!! note\n    in **side**\n"
    result = render(source)
    places = [
        (block.kind, source[slice(*block.source_range)].strip(), result.text[slice(*block.text_range)].strip())
        for block in result.blocks
    ]
    assert places == [
        ("heading", "# Títle", "Títle"),
        ("paragraph", "One “two”.", "One “two”."),
        ("list", "- a\n- b *c*", "a\nb c"),
        ("list-item", "- a", "a"),
        ("list-item", "- b *c*", "b c"),
        ("table", "|h|\n|-|\n|x|", "h\t\nx"),
        ("table-row", "|h|", "h"),
        ("table-row", "|x|", "x"),
        ("admonition", "!!! note\n    in **side**", "Note\nin side"),
        ("paragraph", "in **side**", "in side"),
    ]


def test_a_block_keeps_its_name_while_it_is_unchanged():
    before = {block.source_range: block.id for block in render("One.\n\nTwo.\n\nTwo.\n").blocks}
    after = {block.source_range: block.id for block in render("New.\n\nOne.\n\nTwo, too.\n\nTwo.\n").blocks}
    names = list(before.values())
    assert len(set(names)) == 3
    assert names[0] in after.values()
    assert names[1] in after.values()


def test_stable_offsets_do_not_move_when_a_target_gets_another_title():
    source = "See [?](#target) and [?](#gone), then this."
    short, long = (
        render(source),
        dialect.render(source, Resolver(titles={"target": "T", "gone": "A much longer title"})),
    )
    assert short.stable_text == long.stable_text == "See \ufffc and \ufffc, then this.\n"
    for result in (short, long):
        at = result.text.index("then")
        assert result.to_stable(at) == result.stable_text.index("then")
        assert result.from_stable(result.to_stable(at)) == at
    start, end = short.resolved[0]
    assert short.text[start:end] == "The target"
    assert short.to_stable(start + 3) == 4


def test_what_a_rendering_depends_on():
    source = (
        "[?](#a) [b](#b) [c][ref]\n\n**Example**: x\n\n~~~xml\n<comparison>\n"
        "<assistant> <!-- BAD[#d] -->\nx\n</assistant>\n</comparison>\n~~~\n"
    )
    assert dialect.dependencies(source) == ("a", "b", "d")
    first = dialect.cache_key(source, Resolver(titles={"a": "A"}))
    assert first == dialect.cache_key(source, Resolver(titles={"a": "A", "z": "Z"}, definitions={"zz": "/z"}))
    others = [
        dialect.cache_key(source + " ", Resolver(titles={"a": "A"})),
        dialect.cache_key(source, Resolver(titles={"a": "B"})),
        dialect.cache_key(source, Resolver(titles={"a": "A", "d": "D"})),
        dialect.cache_key(source, Resolver(titles={"a": "A"}, definitions={"ref": "/x"})),
        dialect.cache_key(source, Resolver(titles={"a": "A"}, names=frozenset({"b"}))),
    ]
    assert len({first, *others}) == 6


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("[?](#a)", ("a",)),
        ("[?](<#two words>)", ("two words", "two-words")),
        ("[b](#f(x) 'title')", ("f(x)", "fx")),
        ("[b](#a\\_b&amp;c)", ("a_b&c", "a_bc")),
        ("[b](#Claude%E2%80%99s)", ("Claude%E2%80%99s", "Claude’s", "claudes")),
        ("[b](#%2541)", ("%2541", "%41", "41", "A", "a")),
        ("<a HREF='#x'>", ("x",)),
        ("[r]: <#y z>", ("y z", "y-z")),
    ],
)
def test_a_reference_is_known_under_every_name_that_it_may_mean(source, names):
    assert dialect.dependencies(source) == names


@pytest.mark.parametrize(
    ("source", "labels"),
    [
        ("[a][B  c] [^N]", ("^n", "a", "b c")),
        ("[out [in] side] [x](#y)", ("in", "x")),
        (r"\[no] [a \] b] \\[yes]", (r"a \] b", "yes")),
        ("[two\nlines] []", ("two lines",)),
        (f"[{'x' * 1000}]", ()),
    ],
)
def test_labels_are_what_stands_between_brackets(source, labels):
    assert dialect.needs(source).labels == labels


@pytest.mark.parametrize("piece", ["[", "\\[", "[a\\", "](#(", "](<#", "href = ", "]: #", "!["])
def test_what_a_source_needs_is_found_in_one_walk(piece):
    began = process_time()
    dialect.needs(piece * (200_000 // len(piece)))
    assert process_time() - began < 0.5


def test_references_tags_and_terms_are_collected_in_order():
    result = render(
        "**Term**: a[^abc1] [?](#target)\n\n- **Other:** [x](#two-words) [^abc2]\n- no **third**: [y](https://a.org)"
    )
    assert result.references == ("target", "two-words")
    assert result.evaluation_tags == ("abc1", "abc2")
    assert result.terms == ("Term", "Other")


def test_a_resolver_of_an_outline_knows_its_titles():
    parsed = outline.parse("# One {#one}\n\n[r]: https://a.org\n\n# Claude’s Way\n")
    resolve = Resolver.of(parsed, images={"a.png": "/a.png"})
    assert resolve.titles == {"one": "One", "claudes-way": "Claude’s Way"}
    assert resolve.definitions == {"r": "https://a.org"}
    assert [resolve.find(name) for name in ("one", "claude’s-way", "Claude%E2%80%99s-Way", "no")] == [
        "one",
        "claudes-way",
        "claudes-way",
        "",
    ]


def test_answers_are_messages():
    assert issubclass(Answer, Message)
    assert Example(title="", turns=()).messages == ()


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("ab é1.- \n\t\"'<>&;[]()!|=#:~+_*`\\é日’"), max_size=30))
def test_paragraphs_taken_the_short_way_are_what_the_parser_sees(text: str):
    found = conversations.paragraphs(text)
    if found:
        assert [words for _, words in found] == [text[start : start + len(words)] for start, words in found]
        events = [event for event, _ in markdown.events(text)]
        short = [[{"Start": "Paragraph"}, {"Text": words}, {"End": "Paragraph"}] for _, words in found]
        assert events == [event for paragraph in short for event in paragraph]


def test_what_is_nested_too_deep_keeps_its_text():
    for depth in range(30, 50):
        result = render("> " * depth + "|a|b|\n" + "> " * depth + "|-|-|\n" + "> " * depth + "|c|d|e|\n")
        assert re.findall("[a-z]", result.text) == ["a", "b", "c", "d", "e"]
        assert ("sanitised", 1) not in result.unknown
