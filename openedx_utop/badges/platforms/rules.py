"""When to try again."""

from datetime import timedelta

FIRST_DELAY_SECONDS = 60
LONGEST_DELAY_SECONDS = 6 * 3600
# With the delays above: more than two days of silence, after which a person should look.
ATTEMPTS = 20


def delay(attempts: int, *, jitter: float, retry_after: int | None = None) -> timedelta | None:
    """How long to wait after so many attempts; None: give up. `jitter` is in [0, 1).

    Never under a minute, for an order whose answer was lost may still be under way at the platform.
    """
    if attempts >= ATTEMPTS:
        return None
    longest = min(FIRST_DELAY_SECONDS * 2 ** (attempts - 1), LONGEST_DELAY_SECONDS)
    seconds = longest * (1 + jitter) / 2
    return timedelta(seconds=max(FIRST_DELAY_SECONDS, seconds, min(retry_after or 0, LONGEST_DELAY_SECONDS)))
