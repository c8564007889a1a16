"""The record and the platform kept in step: moves made around the product are recorded, lost places given back."""

import logging
from contextlib import suppress
from datetime import datetime
from functools import partial

from django.db import transaction
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.choices import decide, learner_slug, slugs_chosen
from openedx_utop.sectors.data import SectorError
from openedx_utop.sectors.decisions import Decision
from openedx_utop.sectors.levels.choices import held_level, held_levels
from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.misplaced import is_moved
from openedx_utop.sectors.models import ChoiceMethod
from openedx_utop.sectors.track_table import Link, TrackTable, track_table
from openedx_utop.sectors.tracks import is_placing, make_ready, place, prepare_quietly

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
    if cohort is None or cohort.name != cohort_name:
        return False
    table, held = track_table(course_key), learner_slug(user_id, course_key)
    shown, level = table.shown(cohort.group), held_level(user_id, course_key)
    if shown is None or (held is not None and table.wanted(held, level) == shown):
        return False
    return _recorded(user_id, table, cohort.group, held, moved_by=moved_by, now=now)


def keep_in_step(user_id: int, course_key: CourseKey) -> None:
    """Give a learner who stands in no track the place back that the record says: the platform takes people out of
    cohorts without a word. So with who stands in the trade's own group since before the course had their level.
    Whoever stands in another track is left to `reconcile_tracks`: the record may be under way.
    """
    held = learner_slug(user_id, course_key)
    if held is None:
        return
    cohort, table = platform().cohort_of(user_id, course_key), track_table(course_key)
    shown = table.shown(cohort.group if cohort else None)
    is_lost = shown is None or (table.levels.names and shown == table.track(held))
    if is_lost and platform().is_enrolled(user_id, course_key):
        level = held_level(user_id, course_key)
        if shown != table.wanted(held, level):
            _give_back(user_id, table, held, level)


def reconcile_tracks(course_key: CourseKey, *, now: datetime) -> int:
    """Prepare the course, and bring its enrolled learners and their record in step; how many were not.

    Whom somebody has put into another trade's track without our hearing of it stays there, for an adviser to decide.
    """
    prepare_quietly(course_key)
    table, members = track_table(course_key), platform().cohort_members(course_key)
    learners = platform().enrolled_learners(course_key)
    chosen, levels = slugs_chosen(course_key, learners), held_levels(course_key, learners)
    astray = 0
    for user_id in learners:
        link, slugs, level = members.get(user_id), chosen.get(user_id, ()), levels.get(user_id)
        if table.shown(link) == (table.wanted(slugs[-1], level) if slugs else None):
            continue
        astray += 1
        if is_moved(table, slugs, link):
            logger.warning("Learner %s of %s is in another trade's track, unrecorded", user_id, course_key)
        elif slugs:
            _give_back(user_id, table, slugs[-1], level)
        elif link is not None and table.shown(link):
            _recorded(user_id, table, link, None, moved_by=None, now=now)
    return astray


def _give_back(user_id: int, table: TrackTable, slug: str, level: Level | None) -> None:
    """Into the cohort of the sector, unless the learner stands in one that serves another purpose."""
    group = table.group_of(slug, level)
    if group is None:
        return
    with suppress(SectorError):
        make_ready(user_id, table)
        logger.warning("Learner %s of %s was not in the cohort of %s", user_id, table.course_key, slug)
        place(user_id, table.course_key, group)


def _recorded(
    user_id: int, table: TrackTable, link: Link | None, held: str | None, *, moved_by: int | None, now: datetime
) -> bool:
    """The trade's own group says the default level to who holds the trade, and leaves others the one they have told."""
    slug = table.sector_shown(link)
    if slug is None:
        return False
    holds_it = held is not None and table.track(held) == table.tracks[slug]
    decision = Decision(
        user_id,
        table.course_key,
        held if held is not None and holds_it else slug,
        method=ChoiceMethod.LEARNER if moved_by == user_id else ChoiceMethod.STAFF,
        chosen_by=moved_by or NOBODY,
        at=now,
        level=table.level_shown(link) or (table.levels.offer.default if holds_it else None),
    )
    try:
        decide(decision)
    except SectorError as refusal:
        logger.warning(
            "Learner %s of %s is in the track of %s, unrecorded: %s", user_id, decision.course_key, slug, refusal
        )
        return False
    return True
