"""Whose a change of trade is."""

from datetime import date

LONGEST_REASON = 1000


def is_locked(locked_from: date | None, day: date) -> bool:
    """Whether a change takes an adviser on this day; a first choice never does."""
    return locked_from is not None and locked_from <= day


def readable(reason: str) -> str:
    """What was said, less the space around it and what no database keeps; empty if nothing was."""
    return reason.replace("\0", "").strip()[:LONGEST_REASON]
