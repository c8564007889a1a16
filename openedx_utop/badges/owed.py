"""Awards whose badge was never signed: what a dead worker, a lost message or a missing key left behind."""

from datetime import datetime
from uuid import UUID

from openedx_utop.badges.choices import api as choices
from openedx_utop.badges.issuing import Signer, can_hold
from openedx_utop.badges.models import Award
from openedx_utop.compat import platform
from openedx_utop.left_behind import MOST, left_behind
from openedx_utop.signing_keys import SigningKeyInvalid, SigningKeyMissing


def owed_badges(*, now: datetime) -> tuple[UUID, ...]:
    """The awards of the last month that lack a badge which can be signed now, the oldest first, 1,000 at most.

    None without a key. An award that a clock put into the future is one of them.
    """
    try:
        Signer(now=now)
    except (SigningKeyMissing, SigningKeyInvalid):
        return ()
    late = Award.objects.filter(left_behind("awarded_at", now=now))
    unsigned = late.filter(credentials=None).order_by("pk").values_list("uuid", "user_id")
    learners = {user_id for _uuid, user_id in unsigned}
    reluctant, people = choices.reluctant(learners), platform().persons(learners)
    owed = [uuid for uuid, user_id in unsigned if user_id not in reluctant and can_hold(people.get(user_id))]
    return tuple(owed[:MOST])


def awards_to_certify(*, now: datetime) -> tuple[tuple[UUID, int], ...]:
    """The awards of a whole action of the last month, each with its learner, the oldest first."""
    late = Award.objects.filter(left_behind("awarded_at", now=now), achievement__is_whole=True)
    return tuple(late.order_by("pk").values_list("uuid", "user_id"))
