"""Neither more requests than a register allows, nor a queue of people in front of one that is down.

Kept in the site's cache, so that all processes share it where the cache is shared.
"""

import time
from typing import Any

from django.core.cache import cache

from openedx_utop.organizations.register.data import NoAnswer

# Seconds that nobody asks after a failure, and during which only one asks at a time afterwards.
REST = 60
LONGEST_REST = 600
SUSPECT = 600
PROBE = 30


class Pace:
    """The turns of one register."""

    def __init__(self, register: str) -> None:
        self._resting, self._suspect, self._probe, self._second = (
            f"utop.{register}.{name}" for name in ("resting", "suspect", "probe", "second")
        )

    def take_turn(self, *, rate: int, patience: float) -> None:
        """Wait for a turn, `patience` seconds at most, at `rate` turns a second; raises NoAnswer without one."""
        self._refuse_while_down()
        deadline = time.monotonic() + patience
        while not self._is_granted(rate):
            if time.monotonic() >= deadline:
                raise NoAnswer("too many questions at once")
            time.sleep(1 - time.time() % 1)

    def answered(self) -> None:
        """The register works."""
        cache.delete_many([self._suspect, self._probe])

    def failed(self, *, rest: float = REST) -> None:
        """Leave the register alone for `rest` seconds, ten minutes at most."""
        cache.set(self._resting, True, min(max(rest, 1), LONGEST_REST))
        cache.set(self._suspect, True, SUSPECT + LONGEST_REST)
        cache.delete(self._probe)

    def is_resting(self) -> bool:
        """Whether the register is left alone at the moment."""
        return bool(cache.get(self._resting))

    def wait_until_back(self) -> None:
        """Wait until the register may be asked again, ten minutes at most."""
        deadline = time.monotonic() + LONGEST_REST
        while self.is_resting() and time.monotonic() < deadline:
            time.sleep(0.5)

    def _refuse_while_down(self) -> None:
        state: dict[str, Any] = cache.get_many([self._resting, self._suspect])
        if self._resting in state:
            raise NoAnswer("left alone after a failure")
        if self._suspect in state and not cache.add(self._probe, True, PROBE):
            raise NoAnswer("somebody else is trying it after a failure")

    def _is_granted(self, rate: int) -> bool:
        key = f"{self._second}.{int(time.time())}"
        if cache.add(key, 1, timeout=5):
            return True
        try:
            return cache.incr(key) <= rate
        except ValueError:  # Evicted meanwhile.
            return True
