"""The record and the platform kept in step: moves made around the product are recorded, lost places given back."""

import logging
from contextlib import suppress
from datetime import datetime
from functools import partial

from django.db import transaction
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.choices import Decision, decide, learner_sector, learner_sectors
from openedx_utop.sectors.data import SectorError, SectorFacts
from openedx_utop.sectors.models import ChoiceMethod
from openedx_utop.sectors.tracks import is_placing, make_ready, own_group, place, prepare_quietly
from openedx_utop.sectors.tree import group_name, sectors_by_slug, tracks_of

logger = logging.getLogger(__name__)

# Who decided, where the platform does not tell: no account has this id.
NOBODY = 0


def follow_move(user_id: int, course_key: CourseKey, cohort_name: str, *, now: datetime) -> None:
    """Record, once it is committed, that the platform moves the learner to a cohort; the product's own moves are."""
    if not is_placing():
        move = partial(record_move, user_id, course_key, cohort_name, moved_by=platform().asker(), now=now)
        transaction.on_commit(move, robust=True)


def record_move(user_id: int, course_key: CourseKey, cohort_name: str, *, moved_by: int | None, now: datetime) -> bool:
    """Record that the platform put the learner into a track's cohort, if that is where they are; whether it was so.

    To be called after the commit: the platform announces a move before it writes it, and a move that is lost, too.
    """
    cohort = platform().cohort_of(user_id, course_key)
    slug = _sector_of(user_id, course_key)
    if cohort is None or cohort.name != cohort_name or slug is None or _is_in_step(user_id, course_key):
        return False
    return _recorded(user_id, course_key, slug, moved_by=moved_by, now=now)


def keep_in_step(user_id: int, course_key: CourseKey) -> None:
    """Give a learner who stands in no track the place back that the record says: the platform takes people out of
    cohorts without a word. Whoever stands in another track is left to `reconcile_tracks`: the record may be under way.
    """
    held = learner_sector(user_id, course_key)
    if held is None or _sector_of(user_id, course_key) is not None:
        return
    if platform().is_enrolled(user_id, course_key):
        _give_back(user_id, course_key, held.slug)


def _give_back(user_id: int, course_key: CourseKey, slug: str) -> None:
    """Into the cohort of the sector, unless the learner stands in one that serves another purpose."""
    group = own_group(course_key, group_name(slug, sectors_by_slug(), tracks_of(course_key)))
    if group is None:
        return
    with suppress(SectorError):
        make_ready(user_id, course_key)
        logger.warning("Learner %s of %s was not in the cohort of %s", user_id, course_key, slug)
        place(user_id, course_key, group)


def reconcile_tracks(course_key: CourseKey, *, now: datetime) -> int:
    """Prepare the course, and bring its enrolled learners and their record in step; how many were not."""
    prepare_quietly(course_key)
    tree, tracks = sectors_by_slug(), tracks_of(course_key)
    groups = {(group.partition_id, group.group_id): group.name for group in platform().content_groups(course_key)}
    members = platform().cohort_members(course_key)
    learners = platform().enrolled_learners(course_key)
    held = learner_sectors(course_key, learners)
    astray = 0
    for user_id in learners:
        link = members.get(user_id)
        name = groups.get(link) if link else None
        wanted = group_name(held[user_id].slug, tree, tracks) if user_id in held else None
        found = name if name in tracks.values() else None
        if found != wanted:
            astray += 1
            _settle(user_id, course_key, held.get(user_id), now)
    return astray


def _settle(user_id: int, course_key: CourseKey, held: SectorFacts | None, now: datetime) -> None:
    """The record wins; without one, what the platform shows is recorded."""
    shown = _sector_of(user_id, course_key)
    if held is not None:
        _give_back(user_id, course_key, held.slug)
    elif shown is not None:
        _recorded(user_id, course_key, shown, moved_by=None, now=now)


def _is_in_step(user_id: int, course_key: CourseKey) -> bool:
    tracks = tracks_of(course_key)
    if not tracks:
        return True
    held = learner_sector(user_id, course_key)
    wanted = group_name(held.slug, sectors_by_slug(), tracks) if held else None
    group = platform().group_of(user_id, course_key)
    name = group.name if group is not None and group.name in tracks.values() else None
    return name == wanted


def _sector_of(user_id: int, course_key: CourseKey) -> str | None:
    """The sector whose track the platform shows the learner."""
    group = platform().group_of(user_id, course_key)
    tracks = tracks_of(course_key)
    return next((slug for slug in sectors_by_slug() if group is not None and tracks.get(slug) == group.name), None)


def _recorded(user_id: int, course_key: CourseKey, slug: str, *, moved_by: int | None, now: datetime) -> bool:
    method = ChoiceMethod.LEARNER if moved_by == user_id else ChoiceMethod.STAFF
    decision = Decision(user_id, course_key, slug, method=method, chosen_by=moved_by or NOBODY, at=now)
    try:
        decide(decision)
    except SectorError as refusal:
        logger.warning("Learner %s of %s is in the track of %s, unrecorded: %s", user_id, course_key, slug, refusal)
        return False
    return True
