"""Awards whose badge was never signed: what a dead worker, a lost message or a missing key left behind."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from openedx_utop.badges.choices import api as choices
from openedx_utop.badges.issuing import Signer, can_hold
from openedx_utop.badges.models import Award
from openedx_utop.compat import platform
from openedx_utop.signing_keys import SigningKeyInvalid, SigningKeyMissing

# The award's own task has had its turn by then.
GRACE = timedelta(minutes=10)
# What is older is left to `utop_reconcile`.
WINDOW = timedelta(days=31)
MOST = 1000


def owed_badges(*, now: datetime) -> tuple[UUID, ...]:
    """The awards of the last month that lack a badge which can be signed now, the oldest first, 1,000 at most.

    None without a key. An award that a clock put into the future is one of them.
    """
    try:
        Signer(now=now)
    except (SigningKeyMissing, SigningKeyInvalid):
        return ()
    late = Q(awarded_at__gt=now) | Q(awarded_at__gt=now - WINDOW, awarded_at__lte=now - GRACE)
    unsigned = Award.objects.filter(late, credentials=None).order_by("pk").values_list("uuid", "user_id")
    learners = {user_id for _uuid, user_id in unsigned}
    reluctant, people = choices.reluctant(learners), platform().persons(learners)
    owed = [uuid for uuid, user_id in unsigned if user_id not in reluctant and can_hold(people.get(user_id))]
    return tuple(owed[:MOST])
