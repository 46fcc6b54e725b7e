"""The page of one comment: reading its earlier texts, editing it, withdrawing it."""

import pytest

from reviews.actions import comments
from reviews.models import Comment
from tests.factories import NOW, make_thread
from tests.factories.conduct import later
from tests.web.views.conftest import words


def page_of(world, comment, then=""):
    return f"/{world.spec.slug}/threads/{comment.thread.public_id}/comments/{comment.public_id}/{then}"


@pytest.fixture
def comment(world):
    return make_thread(world.spec, by=world.member, about="honesty", body="Why is it so?").comments.get()


def test_an_edited_comment_says_so_and_shows_its_earlier_texts_to_everybody(world, browser_of, comment):
    client = browser_of("member")
    thread_url = f"/{world.spec.slug}/threads/{comment.thread.public_id}/"
    assert f'href="{page_of(world, comment)}">Edit</a>' in client.get(thread_url).content.decode()
    assert "Why is it so?</textarea>" in client.get(page_of(world, comment)).content.decode()

    answer = client.post(page_of(world, comment, "edit"), {"body": "Why is it *not* so?"})

    assert (answer.status_code, answer["Location"]) == (303, f"{thread_url}#comment-{comment.public_id}")
    shown = browser_of("nobody").get(thread_url).content.decode()
    assert "Why is it <em>not</em> so?" in shown
    assert f'href="{page_of(world, comment)}#versions"' in shown
    assert ">Edit</a>" not in shown
    page = browser_of("nobody").get(page_of(world, comment))
    assert "Why is it so?" in words(page)
    assert "<textarea" not in page.content.decode()


def test_withdrawing_asks_first_and_then_shows_the_text_to_nobody(world, browser_of, comment):
    comments.edit(comment, body="Why is it not so?", by=world.member, now=later(hours=1))
    client = browser_of("member")

    question = client.post(page_of(world, comment, "withdraw"))
    assert (question.status_code, "Withdraw the comment?" in words(question)) == (200, True)
    assert Comment.objects.get().withdrawn_at is None
    assert client.post(page_of(world, comment, "withdraw"), {"confirmed": "1"}).status_code == 303

    for who in ("member", "owner", "nobody"):
        for address in (page_of(world, comment), f"/{world.spec.slug}/threads/{comment.thread.public_id}/"):
            shown = browser_of(who).get(address).content.decode()
            assert "Withdrawn by its author." in shown
            assert "Why is it" not in shown
            assert ">Edit</a>" not in shown
    assert browser_of("owner").get(f"/{world.spec.slug}/threads/?state=all&q=Why+is").context["rows"] == []


def test_an_edit_that_came_too_late_gives_back_what_was_written(world, browser_of, comment):
    comments.withdraw(comment, by=world.member, now=NOW)

    answer = browser_of("member").post(page_of(world, comment, "edit"), {"body": "Better words"})

    assert answer.status_code == 409
    assert "What you wrote" in words(answer)
    assert "Better words" in answer.content.decode()


def test_a_text_that_cannot_be_stored_stays_in_the_form(world, browser_of, comment):
    answer = browser_of("member").post(page_of(world, comment, "edit"), {"body": "y" * 20_001})

    assert (answer.status_code, "This text is too long." in words(answer)) == (422, True)
    assert "y" * 20_001 in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("nobody", 403), ("stranger", 403), ("owner", 403), ("moderator", 403)])
def test_other_people_change_nothing(world, browser_of, comment, who, status):
    sent = {"body": "Mine", "confirmed": "1"}
    for verb in ("edit", "withdraw"):
        assert browser_of(who).post(page_of(world, comment, verb), sent).status_code == status
    assert Comment.objects.get().body == "Why is it so?"


def test_an_internal_comment_is_not_there_for_outsiders(world, browser_of):
    hidden = make_thread(world.spec, by=world.member, about="honesty", visibility="internal").comments.get()
    comments.edit(hidden, body="Between us", by=world.member, now=NOW)

    for who in ("nobody", "stranger"):
        assert browser_of(who).get(page_of(world, hidden)).status_code == 404
        for verb in ("edit", "withdraw"):
            assert browser_of(who).post(page_of(world, hidden, verb), {"body": "x"}).status_code == 404
    assert "Internal" in words(browser_of("owner").get(page_of(world, hidden)))


def test_a_comment_of_another_thread_is_not_there(world, browser_of, comment):
    other = make_thread(world.spec, by=world.member, about="jokes")
    address = f"/{world.spec.slug}/threads/{other.public_id}/comments/{comment.public_id}/"

    assert browser_of("member").get(address).status_code == 404
