"""The bounded memory of a process."""

from reviews.web.pages.memory import Memory


def memory(most: int) -> Memory[str]:
    return Memory(most, size=len)


def test_what_was_put_is_got_and_replaced():
    kept = memory(100)
    kept.put("a", "one")
    kept.put("a", "other")
    assert kept.get("a") == "other"
    assert kept.get("b") is None


def test_the_least_used_goes_first():
    kept = memory(9)
    kept.put("a", "aaa")
    kept.put("b", "bbb")
    kept.put("c", "ccc")
    kept.get("a")
    kept.put("d", "ddd")
    assert [kept.get(name) for name in "abcd"] == ["aaa", None, "ccc", "ddd"]


def test_one_that_is_too_large_alone_is_kept_until_the_next():
    kept = memory(5)
    kept.put("large", "x" * 50)
    assert kept.get("large") == "x" * 50
    kept.put("small", "x")
    assert (kept.get("large"), kept.get("small")) == (None, "x")


def test_replacing_frees_what_was_there_before():
    kept = memory(10)
    for _ in range(20):
        kept.put("a", "x" * 6)
    kept.put("b", "x" * 4)
    assert (kept.get("a"), kept.get("b")) == ("x" * 6, "x" * 4)


def test_everything_can_be_forgotten():
    kept = memory(10)
    kept.put("a", "x")
    kept.clear()
    assert kept.get("a") is None
