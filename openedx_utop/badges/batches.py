"""Many awards at once: what learners are owed, made and signed in one transaction for each portion of them.

What is left out here is left to the task of each award: somebody whose account is gone, or what cannot be signed.
"""

import logging
import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import override
from opaque_keys.edx.keys import CourseKey
from openedx_events.learning.signals import BADGE_AWARDED

from openedx_utop.attendance.api import course_times
from openedx_utop.badges.achievements import achievements_of
from openedx_utop.badges.announcements import announce
from openedx_utop.badges.awarding import facts_of, new_award, still_due, tell
from openedx_utop.badges.choices import api as choices
from openedx_utop.badges.data import AwardFacts, Tally, UnsignableDocument
from openedx_utop.badges.evaluating import Learner
from openedx_utop.badges.issuing import Draft, Signer, can_hold
from openedx_utop.badges.models import Achievement, Award, Credential
from openedx_utop.badges.platforms import api as platforms
from openedx_utop.badges.statuses import Place, free_places
from openedx_utop.compat import Person, platform
from openedx_utop.organizations.api import provider
from openedx_utop.sectors.api import is_tracked, learner_levels, learner_sectors
from openedx_utop.signing_keys import SigningKeyInvalid, SigningKeyMissing
from openedx_utop.training.api import Action, action_for, estimates

PORTION = 200
# Others at work on the same learners make a transaction give way; the next attempt sees what they did.
ATTEMPTS = 5

logger = logging.getLogger(__name__)


def learners_in_portions(course_key: CourseKey, size: int = PORTION) -> list[Sequence[int]]:
    """The enrolled learners of a course, a portion at a time, in no order: two commands at once seldom meet."""
    learners = platform().enrolled_learners(course_key)
    cut = [learners[start : start + size] for start in range(0, len(learners), size)]
    random.shuffle(cut)
    return cut


def award_learners(user_ids: Sequence[int], course_key: CourseKey, *, now: datetime) -> Tally:
    """Award these learners what they are owed in a course, and sign the badges that they lack; all of it, or nothing.

    May be called again, and twice at once. Without a key that signs, the awards are made and their badges owed.
    """
    action = action_for(course_key)
    if action is None:
        return Tally(len(user_ids))
    due, failed = _due(user_ids, action, now)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return Tally(len(user_ids), failed) + _kept(user_ids, action, due, now)
        except (IntegrityError, OperationalError):
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def issue_all(awards: Sequence[Award], action: Action, *, now: datetime) -> int:
    """Sign the badges that these awards of an action lack; how many. Call it in a transaction that holds their rows.

    Raises SigningKeyMissing and SigningKeyInvalid.
    """
    signer, lacking = Signer(now=now), _lacking(awards)
    holders = platform().persons({award.user_id for award in lacking})
    places = free_places(provider(action.provider_id).revocation_method, len(lacking), now=now)
    with override(settings.LANGUAGE_CODE):
        owed = zip(lacking, facts_of(lacking, action), places, strict=True)
        tried = [(award, _draft(facts, holders.get(award.user_id), place, signer)) for award, facts, place in owed]
    drafts = [(award, draft) for award, draft in tried if draft]
    signed = signer.signed([draft for _award, draft in drafts])
    records = [Credential(award=award, **columns) for (award, _), columns in zip(drafts, signed, strict=True)]
    Credential.objects.bulk_create(records)
    platforms.post_issues([record.uuid for record in records], now=now)
    announce(BADGE_AWARDED, *records, holders=holders)
    return len(records)


def _due(user_ids: Sequence[int], action: Action, now: datetime) -> tuple[list[Award], int]:
    """The awards that these learners are owed, not stored yet, and for how many that could not be told."""
    achievements = achievements_of(action)
    records = Award.objects.filter(user_id__in=user_ids, action_id=action.action_id)
    held = set(records.values_list("user_id", "achievement_id"))
    owed = [user for user in user_ids if any((user, each.achievement_id) not in held for each in achievements)]
    of_all: dict[str, Any] = {
        "durations": estimates(action),
        **({} if is_tracked(action.course_key) else {"has_track": True}),
    }
    times, sectors = course_times(owed, action.course_key), learner_sectors(action.course_key, owed)
    levels = learner_levels(action.course_key, owed)
    due: list[Award] = []
    failed = 0
    for user_id in owed:
        own = {"sector": sectors.get(user_id), "level": levels.get(user_id)}
        learner = Learner(user_id, action, now=now, time=times[user_id], **own, **of_all)
        missing = [each for each in achievements if (user_id, each.achievement_id) not in held]
        try:
            due += filter(None, (new_award(learner, each, now=now) for each in missing))
        except Exception:
            logger.exception("What learner %s is owed in %s could not be told", user_id, action.course_key)
            failed += 1
    return due, failed


def _kept(user_ids: Sequence[int], action: Action, due: Sequence[Award], now: datetime) -> Tally:
    """Store these awards where nobody was quicker, and sign whatever badges the learners' awards lack."""
    Award.objects.bulk_create(filter(still_due, due), ignore_conflicts=True)
    own = {award.uuid for award in due}
    # The rows alone are locked: those of the action and its achievements are everybody's.
    records = list(Award.objects.select_for_update().filter(user_id__in=user_ids, action_id=action.action_id))
    _attach(records)
    made = [record for record in records if record.uuid in own]
    for record in made:
        tell(record)
    try:
        signed = issue_all(records, action, now=now)
    except (SigningKeyMissing, SigningKeyInvalid):
        signed = 0
    return Tally(held=len(records), made=len(made), signed=signed)


def _attach(records: Iterable[Award]) -> None:
    """The achievements and their actions, each read once."""
    numbers = {record.achievement_id for record in records}
    known = Achievement.objects.select_related("action").in_bulk(numbers)
    for record in records:
        record.achievement = known[record.achievement_id]
        record.action = record.achievement.action


def _lacking(awards: Sequence[Award]) -> list[Award]:
    """Those that never had a badge, for what was revoked stays so, and whose learners want it."""
    records = Credential.objects.filter(award__in=[award.pk for award in awards])
    signed = set(records.values_list("award_id", flat=True))
    lacking = [award for award in awards if award.pk not in signed]
    reluctant = choices.reluctant({award.user_id for award in lacking})
    return [
        award
        for award in lacking
        if award.user_id not in reluctant or not choices.is_refused(award.user_id, award.pk, for_update=True)
    ]


def _draft(award: AwardFacts, holder: Person | None, place: Place, signer: Signer) -> Draft | None:
    if not can_hold(holder):
        return None
    try:
        return signer.draft(award, holder, place)
    except UnsignableDocument:
        logger.exception("The badge of award %s cannot be signed", award.uuid)
        return None
