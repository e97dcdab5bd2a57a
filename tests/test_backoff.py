"""Delays between attempts."""

from neckguard.backoff import Backoff


def test_delays_grow_up_to_the_last_and_begin_anew_after_a_success() -> None:
    backoff = Backoff(1.0, 5.0)
    assert [backoff.next() for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    backoff.reset()
    assert [backoff.next() for _ in range(2)] == [1.0, 2.0]


def test_they_may_grow_faster() -> None:
    backoff = Backoff(1.0, 300.0, factor=4)
    assert [backoff.next() for _ in range(6)] == [1.0, 4.0, 16.0, 64.0, 256.0, 300.0]
