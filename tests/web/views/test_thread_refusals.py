"""Forms of threads that were refused: what was written is given back, in the form or above it."""

import pytest

from reviews.actions import threads
from tests.factories import NOW, make_thread
from tests.web.views.conftest import hidden, words
from tests.web.views.test_threads import HTMX, comment_on, page_of, sent


def test_a_move_that_came_too_late_gives_back_what_was_written(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty")
    threads.move(thread, verb="resolve", by=world.member, now=NOW)

    answer = browser_of("editor").post(
        page_of(world, thread, "moves"), {"move": "decline", "reason": "A long explanation"}
    )

    assert answer.status_code == 409
    assert "A resolved thread can't be declined." in words(answer).replace("&#x27;", "'")
    assert "What you wrote" in words(answer)
    assert "A long explanation" in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(("body", "status"), [("x" * 20_001, 422), ("Other words.", 409)])
def test_a_refused_reply_stays_in_its_form(world, browser_of, headers, body, status):
    thread = make_thread(world.spec, by=world.member, about="honesty")
    client = browser_of("member")
    client.post(page_of(world, thread, "replies"), {"body": "First words.", "key": "once"})

    answer = client.post(page_of(world, thread, "replies"), {"body": body, "key": "once"}, headers=headers)

    html = answer.content.decode()
    assert answer.status_code == status
    assert f"\n{body}</textarea>" in html
    assert '<details class="thread-reply" open>' in html
    assert hidden(answer, "key") != "once"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_form_sent_again_with_other_words_keeps_them(world, browser_of, headers):
    client = browser_of("member")
    client.post(comment_on(world), sent())

    answer = client.post(comment_on(world), sent(body="Other words"), headers=headers)

    assert (answer.status_code, ">Other words</textarea>" in answer.content.decode()) == (409, True)
    assert hidden(answer, "key") != "key-1"
