"""Keeps the process small, so that the demonstration fits beside what else a newcomer's machine runs."""

import ctypes
import gc
import sys

M_ARENA_MAX = -8


# nltk, which the problem block loads for chemical formulas, takes all of scipy.stats (50 MB, over a second) for one
# statistical test, if it is there; edxval is the platform's store of videos, which the video block uses if it is there.
UNUSED = ("scipy.stats", "edxval")


def spare_unused_packages() -> None:
    """Treat them as not installed. To be called before the published blocks are loaded."""
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def share_arenas() -> None:
    """One pool of memory for all threads instead of one each, where the C library is glibc."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, 2)


def give_back() -> None:
    """What was needed once only, where the C library is glibc."""
    gc.collect()
    if malloc_trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        malloc_trim(0)
