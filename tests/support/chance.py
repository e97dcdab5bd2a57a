"""Seeded chance, for as long as a family of faults may take."""

import os
import random
import time
from collections.abc import Iterator

SECONDS = float(os.environ.get("NECKGUARD_TEST_FAULTS", "4"))
"""How long each family of faults goes on."""


class Chance(random.Random):
    """Draws faults; NECKGUARD_TEST_SEED draws the same ones again."""

    def __init__(self) -> None:
        seed = int(os.environ.get("NECKGUARD_TEST_SEED") or time.time_ns() % 10**9)
        super().__init__(seed)
        print(f"to see it again: NECKGUARD_TEST_SEED={seed}")  # noqa: T201 - shown where the test fails
        self._end = time.monotonic() + SECONDS

    def rounds(self) -> Iterator[int]:
        """One number after the other until the time is over; two at least."""
        number = 0
        while number < 2 or time.monotonic() < self._end:
            yield number
            number += 1

    def one_in(self, count: int) -> bool:
        """Whether it happens this time."""
        return self.randrange(count) == 0
