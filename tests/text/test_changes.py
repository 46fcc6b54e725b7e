"""What class a change has: a table of pairs, and laws over real sentences."""

import random
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.text import changes, vocabulary, words
from tests.corpora import CORPORA

RULE = "## Do not lie {#do_not_lie authority=user}\n\nThe assistant must not lie to the user."

MARKUP = [
    ("## So {#so authority=user}\n", '## So {#so authority="user"}\n'),
    ("## So {#so authority=user}\n", "## So ## {#so authority=user}\n"),
    ("So {#so authority=user}\n---\n", "## So {#so authority=user}\n"),
    ("one\ntwo three", "one two\nthree"),
    ("- a\n- b\n", "* a\n* b\n"),
    ("*so* it is", "_so_ it is"),
    ("**so** it is", "__so__ it is"),
    ("a line \nmore", "a line\nmore"),
    ("a\n\n\n\nb", "a\n\nb"),
    ("# Title\n\ntext", "Title\n=====\n\ntext"),
    ("| a | b |\n|---|---|\n| 1 | 2 |\n", "| a   | b   |\n| --- | --- |\n| 1   | 2   |\n"),
    ("~~~xml\ncode\n~~~\n", "```xml\ncode\n```\n"),
    ("1. a\n2. b\n", "1. a\n1. b\n"),
    ("a\r\nb\r\n", "a\nb\n"),
    ("text", "text\n"),
    ("see &amp; go", "see \\& go"),
    ("[x](http://a.b)", "[x]( http://a.b )"),
    ("***\n", "---\n"),
]
EDITORIAL = [
    ("a judgemental tone", "a judgmental tone"),
    ("the colour of it", "the color of it"),
    ("we organise it", "we organize it"),
    ("to analyse it", "to analyze it"),
    ("its defence", "its defense"),
    ("it was cancelled", "it was canceled"),
    ("do not lie", "don't lie"),
    ("it cannot be", "it can not be"),
    ("it can't be", "it cannot be"),
    ("it's so", "it is so"),
    ("they're here", "they are here"),
    ("its so", "it's so"),
    ("First, look", "First look"),
    ("look; then go", "look, then go"),
    ("so it is", "so it is."),
    ('a "word" here', "a “word” here"),
    ("a—b", "a --- b"),
    ("user’s wish", "user's wish"),
    ("e-mail it", "email it"),
    ("a real world case", "a real-world case"),
    ("**must** go", "must go"),
    ("the `AGENTS` file", "the AGENTS file"),
    ("a answer", "an answer"),
    ("the answer is", "an answer is"),
    ("answer is", "the answer is"),
    ("A user asks", "The user asks"),
    ("the examples is here", "the examples are here"),
    ("it have been", "it has been"),
    ("the rule which says", "the rule that says"),
    ("one example shows", "one examples shows"),
    ("lie[^abcd].", "lie."),
    ("lie[^abcd].", "lie[^efgh]."),
    ("One thing. Another thing.", "One thing.\n\nAnother thing."),
    ("Hello World", "Hello world"),
    ("(see below)", "see below"),
    ("café", "cafe\u0301"),
    (RULE, RULE + "[^abcd]"),
    (RULE.replace("Do not lie", "Do not lie:"), RULE),
]
CORRECTIONS = [
    ("to recieve it", "to receive it"),
    ("it occured then", "it occurred then"),
    ("teh answer", "the answer"),
    ("Teh answer", "The answer"),
    ("So it goes. Recieving it is fine.", "So it goes. Receiving it is fine."),
    ("a seperate answer", "a separate answer"),
    ("a definately good plan", "a definitely good plan"),
    ("the enviroment here", "the environment here"),
    ("an accomodation", "an accommodation"),
    ("an acc ident", "an accident"),
    ("alot to do", "a lot to do"),
]
SUBSTANTIVE = [
    # negation
    ("It may lie.", "It may not lie."),
    ("Do not lie.", "Do lie."),
    ("never lie", "ever lie"),
    ("lie", "don't lie"),
    ("no user", "a user"),
    ("with it", "without it"),
    ("lawful use", "unlawful use"),
    ("legal use", "illegal use"),
    ("possible use", "impossible use"),
    ("a careful answer", "a careless answer"),
    ("not A but B", "A but not B"),
    ("neither of them", "either of them"),
    ("one or another", "one nor another"),
    ("compliant use", "non-compliant use"),
    ("it cannot go", "it can go"),
    ("It should now lie.", "It should not lie."),
    ("avoid it", "do it"),
    # numbers
    ("in 5 days", "in 6 days"),
    ("in five days", "in six days"),
    ("1,000 users", "10,00 users"),
    ("version 1.5", "version 15"),
    ("-5 degrees", "5 degrees"),
    ("3-5 times", "35 times"),
    ("10% of it", "10 of it"),
    ("first answer", "second answer"),
    ("once", "twice"),
    ("$5", "£5"),
    ("x < 5", "x > 5"),
    ("a day", "two day"),
    ("under-18", "under-16"),
    # modals
    ("It must go.", "It should go."),
    ("It must go.", "It MUST go."),
    ("It may go.", "It might go."),
    ("It should go.", "It goes."),
    ("You can go.", "You could go."),
    ("It will go.", "It would go."),
    ("It shall go.", "It will go."),
    ("it'll go", "it goes"),
    ("It may be so.", "Maybe so."),
    ("may be", "maybe"),
    ("is required", "is recommended"),
    ("is OPTIONAL", "is optional"),
    ("SHOULD NOT", "SHOULD"),
    ("needs to", "has to"),
    # quantifiers
    ("all users", "users"),
    ("some answers", "any answers"),
    ("every answer", "each answer"),
    ("few answers", "a few answers"),
    ("little time", "a little time"),
    ("only then", "then"),
    ("always so", "often so"),
    ("generally so", "so"),
    ("more than", "less than"),
    ("at least", "at most"),
    ("exactly one", "about one"),
    ("most answers", "the most answers"),
    ("any one", "anyone"),
    # conditions
    ("if it asks", "when it asks"),
    ("unless asked", "if asked"),
    ("before it", "after it"),
    ("and then", "or then"),
    ("except here", "expect here"),
    ("until then", "since then"),
    ("from users", "to users"),
    ("because of", "despite"),
    ("and/or", "and or"),
    ("so, unless asked", "so"),
    # parties
    ("ask the user", "ask the developer"),
    ("OpenAI says", "Anthropic says"),
    ("a user", "users"),
    ("you go", "they go"),
    ("the system prompt", "the prompt"),
    ("help US staff", "help us staff"),
    ("option A or B", "option or B"),
    ("minors", "miners"),
    # verdicts
    ("<assistant> <!-- GOOD -->", "<assistant> <!-- BAD -->"),
    ("<!-- OK: so -->", "<!-- GOOD: so -->"),
    ("~~~xml\n<assistant> <!-- BAD -->\nx\n~~~\n", "~~~xml\n<assistant> <!-- GOOD -->\nx\n~~~\n"),
    # look-alikes
    ("prescribe it", "proscribe it"),
    ("a casual link", "a causal link"),
    ("refuse it", "reuse it"),
    ("adapt it", "adopt it"),
    ("include it", "exclude it"),
    ("an increase", "a decrease"),
    ("with consent", "with content"),
    ("overwrite", "override"),
    ("moral", "amoral"),
    ("immorality", "immortality"),
    ("a lost cause", "a lots cause"),
    ("the lost paths", "the lots paths"),
    ("a filled form", "a filed form"),
    ("a polled group", "a poled group"),
    ("a scored wall", "a scoured wall"),
    ("a liver disease", "a livre disease"),
    ("a demon process", "a daemon process"),
    ("the analyses it", "the analyzes it"),
    ("a redaction of it", "a reaction of it"),
    ("a prescription", "a proscription"),
    ("run the trial", "run the trail"),
    ("a sacred text", "a scared text"),
    ("the united parts", "the untied parts"),
    ("a marital matter", "a martial matter"),
    ("the altar of it", "the alter of it"),
    ("a cavalry of it", "a calvary of it"),
    ("an unknown flurb", "an unknown flurbb"),
    # words joined and divided
    ("in active use", "inactive use"),
    ("it is every day", "it is everyday"),
    ("in action now", "inaction now"),
    ("for going there", "forgoing there"),
    ("re-sign it", "resign it"),
    ("re-cover it", "recover it"),
    ("the over sight", "the oversight"),
    # names, acronyms, Roman numerals, code, addresses
    ("the NSA asks", "the NAS asks"),
    ("ask Marian there", "ask Marina there"),
    ("ask Johnson there", "ask Jonhson there"),
    ("see Title XIX here", "see Title XXI here"),
    ("see part xiv here", "see part xvi here"),
    ("the Polish rules", "the polish rules"),
    ("run `rm -r x` now", "run `rm r x` now"),
    ("run `ls -Al` now", "run `ls -al` now"),
    ("the `recieve` call", "the `receive` call"),
    ("[x](#Safety)", "[x](#safety)"),
    ("[x](#recieve)", "[x](#receive)"),
    ("see https://a.b/recieve now", "see https://a.b/receive now"),
    ("[x]: #Safety\n\ntext", "[x]: #safety\n\ntext"),
    ("mail seperate@a.org", "mail separate@a.org"),
    ("```python\nif a:\n    b()\nc()\n```\n", "```python\nif a:\n    b()\n    c()\n```\n"),
    # parties, one and many
    ("a reviewer asks", "a customer asks"),
    ("ask the reviewer", "ask the reviewers"),
    ("ask the auditor", "ask the editor"),
    ("its employer", "its employee"),
    ("the trustees", "the trusties"),
    ("this file here", "these files here"),
    ("the month of May", "the month of may"),
    # a pause at a negation
    ("Decline, not answer.", "Decline not, answer."),
    ("No, it may go.", "No it may go."),
    ("# T {#a .one}\n", "# T {#a .ones}\n"),
    # names, links, structure, signs
    (RULE, RULE.replace("{#do_not_lie", "{#never_lie")),
    (RULE, RULE.replace("## ", "### ")),
    (RULE, RULE.replace("Do not lie", "Be honest")),
    ("[x](#a)", "[x](#b)"),
    ("[x](https://a.b)", "[x](https://a.c)"),
    ("Is it so?", "Is it so."),
    ("it is ~~not~~ so", "it is not so"),
    ("a rule", "<!-- a rule -->"),
    ("a rule", "> a rule"),
    ("a rule", "    a rule"),
    ("- a\n- b\n  - c\n", "- a\n- b\n- c\n"),
    ('!!! meta "C"\n    A remark.\n\n    A rule.\n', '!!! meta "C"\n    A remark.\n\nA rule.\n'),
    ("[x]: http://a.b\n\ntext", "[x]: http://a.c\n\ntext"),
    ("you may go", "you may\u202e go"),
    ("must go", "mu\u200bst go"),
    ("answer", "p\u0430nswer"),
    ("A. B.", "B. A."),
    ("text", ""),
    ("", "text"),
]
AUTHORITY = [
    (RULE, RULE.replace("authority=user", "authority=root")),
    (RULE, RULE.replace(" authority=user", "")),
    (RULE.replace(" authority=user", ""), RULE),
    (RULE, RULE.replace("authority=user", "authority=guideline").replace("must", "should")),
    ("# T {#a authority=root}\n", '# T {#a authority="system"}\n'),
    ("T {#a authority=user}\n=====\n\nText.\n", "T {#a authority=root}\n=====\n\nText.\n"),
    ("A title\nof two lines {authority=user}\n---\n", "A title\nof two lines {authority=root}\n---\n"),
    ("# T {#a authority=root} ##\n", "# T {#a authority='user'} ##\n"),
    ("\n\n# T {#a authority=root}\n", "\n\n# T {#a authority=user}\n"),
]
TABLE = [
    *((old, new, "markup") for old, new in MARKUP),
    *((old, new, "editorial") for old, new in EDITORIAL),
    *((old, new, "substantive") for old, new in SUBSTANTIVE),
    *((old, new, "authority") for old, new in AUTHORITY),
]
SENTENCES = [
    sentence
    for sentence in words.sentences((CORPORA / "model_spec" / "2025-12-18.md").read_text(encoding="utf-8"))
    if 8 <= len(words.words(sentence)) <= 40 and sentence[0].isalpha()
]
FORCEFUL = sorted(vocabulary.DECISIVE)


def test_the_table_is_long_enough():
    assert len(TABLE) >= 120


@pytest.mark.parametrize(("old", "new", "expected"), TABLE)
def test_class(old, new, expected):
    assert changes.classify(old, new).name == expected
    assert changes.classify(new, old).name == expected


@pytest.mark.parametrize(("old", "new"), CORRECTIONS)
def test_a_slip_is_editorial_where_it_is_corrected_and_not_where_it_is_made(old, new):
    assert changes.classify(old, new).name == "editorial"
    assert changes.classify(new, old).name == "substantive"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It must lie.", "It must not lie.", [("new", "not", "negation")]),
        ("It must go.", "It should go.", [("old", "must", "modal"), ("new", "should", "modal")]),
        (AUTHORITY[0][0], AUTHORITY[0][1], [("old", "user", "authority"), ("new", "root", "authority")]),
        ("the user", "any user", [("new", "any", "quantifier")]),
    ],
)
def test_the_words_that_decided_are_named(old, new, expected):
    assert [tuple(word) for word in changes.classify(old, new).words] == expected


def test_classes_are_ordered():
    names = [changes.ChangeClass(name) for name in changes.NAMES]
    assert sorted(names, key=lambda one: one) == names
    assert names[2] < names[3] <= names[3] > names[0]
    assert max(names).name == "authority"


@given(st.text(max_size=200))
def test_no_change_is_none(text):
    assert changes.classify(text, text) == changes.ChangeClass("none")


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_is_judged(a, b):
    assert changes.classify(a, b).name in changes.NAMES


@given(st.sampled_from(SENTENCES), st.sampled_from(FORCEFUL), st.randoms(use_true_random=False))
def test_a_forceful_word_put_into_a_real_sentence_is_never_editorial(sentence, word, chance):
    parts = sentence.split(" ")
    at = chance.randrange(len(parts))
    changed = " ".join([*parts[:at], word, *parts[at:]])
    assert changes.classify(sentence, changed).name == "substantive"
    assert changes.classify(changed, sentence).name == "substantive"


def test_a_forceful_word_changed_in_a_real_sentence_is_never_editorial():
    chance = random.Random(20260)
    for _ in range(1500):
        parts = chance.choice(SENTENCES).split(" ")
        places = [i for i, part in enumerate(parts) if part.isalpha() and part.lower() in vocabulary.DECISIVE]
        if not places:
            continue
        at = chance.choice(places)
        other = chance.choice(FORCEFUL)
        if other == parts[at].lower():
            continue
        changed = " ".join([*parts[:at], other, *parts[at + 1 :]])
        assert changes.classify(" ".join(parts), changed).name == "substantive", (parts[at], other)


@pytest.mark.parametrize(
    "text", ["The café may say no. Größe zählt.\n", "# Ångström\n\n10 Ω, 3 Å.\n", "한국어 ガ\n", "`é` is kept\n"]
)
def test_letters_that_are_only_composed_in_another_way_are_editorial(text):
    signs = text.replace("Ω", "\u2126").replace("Å", "\u212b")
    for other in {normalize("NFD", text), signs} - {text}:
        assert changes.classify(text, other).name == "editorial"
        assert changes.classify(other, text).name == "editorial"


def test_another_word_among_letters_composed_in_another_way_counts():
    text = "The café may say no.\n"
    assert changes.classify(text, normalize("NFD", text.replace("may", "must"))).name == "substantive"


def test_an_address_or_anchor_that_is_composed_in_another_way_leads_elsewhere():
    for text in ("[x](https://example.org/caf\u00e9)\n", "# Caf\u00e9 {#caf\u00e9}\n"):
        assert changes.classify(text, normalize("NFD", text)).name == "substantive"
