"""What goes wrong in an outside service, on demand, and how many questions a second it takes."""

import threading
import time
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What happens to a request instead of an answer; LATENCY comes before the answer."""

    LATENCY = "latency"
    SERVER_ERROR = "server_error"
    TOO_MANY = "too_many"
    MALFORMED = "malformed"
    EMPTY = "empty"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Trouble:
    """A fault as it is ordered: for how many requests (None: until it is lifted), and how long in seconds."""

    fault: Fault
    times: int | None = None
    seconds: float = 1


class Faults:
    """The trouble ordered at the moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: Trouble | None = None

    def order(self, fault: Fault, *, times: int | None = None, seconds: float = 1) -> None:
        """Have it happen from now on."""
        with self._lock:
            self._ordered = Trouble(fault, times, seconds)

    def lift(self) -> None:
        """Work again."""
        with self._lock:
            self._ordered = None

    @property
    def ordered(self) -> Trouble | None:
        """What would happen to the next request."""
        return self._ordered

    def next(self) -> Trouble | None:
        """What happens to this request."""
        with self._lock:
            trouble = self._ordered
            if trouble is not None and trouble.times is not None:
                left = trouble.times - 1
                self._ordered = Trouble(trouble.fault, left, trouble.seconds) if left else None
            return trouble


class Bucket:
    """So many questions a second, and as many at once; `rate` None: any number."""

    def __init__(self, rate: float | None) -> None:
        self.rate = rate
        self._lock = threading.Lock()
        self._tokens, self._filled_at = rate or 0.0, time.monotonic()

    def take(self) -> bool:
        """Whether there is one left."""
        if self.rate is None:
            return True
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self.rate, self._tokens + (now - self._filled_at) * self.rate)
            self._filled_at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
