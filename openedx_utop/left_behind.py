"""What should have followed from something by now, and did not: a worker died, a message was lost, a key came late."""

from datetime import datetime, timedelta

from django.db.models import Q

# Its own task has had its turn by then.
GRACE = timedelta(minutes=10)
# What is older is left to `utop_reconcile`.
WINDOW = timedelta(days=31)
# One look takes up no more.
MOST = 1000


def left_behind(instant: str, *, now: datetime) -> Q:
    """That this column's instant is of the last month, and not of the last minutes; or in the future, by some clock."""
    return Q(**{f"{instant}__gt": now}) | Q(**{f"{instant}__gt": now - WINDOW, f"{instant}__lte": now - GRACE})
