"""Each learner's sector in a course: decided, recorded, and carried to the platform's group."""

import logging
from collections import defaultdict
from collections.abc import Collection
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import ContentGroup, platform
from openedx_utop.events.data import SectorData
from openedx_utop.events.signals import SECTOR_CHANGED, SECTOR_CHOSEN
from openedx_utop.sectors.data import NotEnrolled, SectorFacts, SectorLocked, TrackUnavailable, UnknownSector
from openedx_utop.sectors.decisions import Before, Decision
from openedx_utop.sectors.levels.choices import held_level, record_level
from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.levels.rules import effective
from openedx_utop.sectors.models import SectorChoice
from openedx_utop.sectors.track_table import TrackTable, track_table
from openedx_utop.sectors.tracks import make_ready, place
from openedx_utop.sectors.tree import group_name, sectors_by_slug, tracks_of, unknown

logger = logging.getLogger(__name__)

# Two clicks may ask for the same rank; more than a few at once is not a person.
ATTEMPTS = 5


def learner_sector(user_id: int, course_key: CourseKey) -> SectorFacts | None:
    """The sector the learner holds in the course, offered still or not."""
    held = _held(user_id, course_key)
    return sectors_by_slug()[held.sector.slug] if held else None


def learner_slug(user_id: int, course_key: CourseKey) -> str | None:
    """The slug of that sector; one query."""
    held = _held(user_id, course_key)
    return held.sector.slug if held else None


def learner_sectors(course_key: CourseKey, user_ids: Collection[int]) -> dict[int, SectorFacts]:
    """The sector of each of these learners that holds one in the course; two queries."""
    choices = SectorChoice.objects.filter(course_key=course_key, user_id__in=user_ids).order_by("rank")
    held = dict(choices.values_list("user_id", "sector__slug"))
    tree = sectors_by_slug()
    return {user_id: tree[slug] for user_id, slug in held.items()}


def slugs_chosen(course_key: CourseKey, user_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The sectors that each of these learners was given in the course, in order; the last one holds. One query."""
    chosen: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    choices = SectorChoice.objects.filter(course_key=course_key, user_id__in=user_ids).order_by("rank")
    for user_id, slug in choices.values_list("user_id", "sector__slug"):
        chosen[user_id] += (slug,)
    return dict(chosen)


def sector_slug(course_key: CourseKey, learner: OuterRef) -> Subquery:
    """The slug of the sector a learner holds, NULL for none, for use inside a query over learners."""
    choices = SectorChoice.objects.filter(course_key=course_key, user_id=learner)
    return Subquery(choices.order_by("-rank").values("sector__slug")[:1])


def has_track(user_id: int, course_key: CourseKey) -> bool:
    """Whether the learner's path is known: they hold a sector that has a track, or the course has no tracks."""
    tracks = tracks_of(course_key)
    if not tracks:
        return True
    held = _held(user_id, course_key)
    return held is not None and group_name(held.sector.slug, sectors_by_slug(), tracks) is not None


def decide(decision: Decision) -> SectorFacts:
    """Give the learner this sector and its track; the answer is the sector that holds in the end."""
    before = check(decision)
    return carry_out(decision, record(decision, before), before)


def check(decision: Decision) -> Before:
    """What is there before the decision. Raises NotEnrolled, UnknownSector or TrackUnavailable for what cannot be."""
    if not platform().is_enrolled(decision.user_id, decision.course_key):
        raise NotEnrolled(_("You are not enrolled in this course."))
    table = track_table(decision.course_key)
    before = Before(table, _held(decision.user_id, decision.course_key), _level(decision, table))
    _refuse_unavailable(decision.slug, before)
    _content_group(decision.slug, before.level, before.table)
    make_ready(decision.user_id, before.table)
    return before


def record(decision: Decision, before: Before) -> SectorData | None:
    """Add what is chosen after what was before; None if the learner goes the same way. Raises SectorLocked."""
    after = effective(decision.level or before.level, before.table.levels.offer)
    if before.held is not None and after != before.counts_as and not decision.may_change:
        raise SectorLocked(_("The date to change your level by yourself has passed. Ask your adviser."))
    former = _record_sector(decision, before)
    if decision.level is not None:
        record_level(decision.level_decision(decision.level))
    if former == decision.slug and after == before.counts_as:
        return None
    return decision.announcement(former, (before.counts_as, after))


def carry_out(decision: Decision, change: SectorData | None, before: Before) -> SectorFacts:
    """Have the platform show the track of the sector that holds, and announce the change, if it is one."""
    try:
        return _place(decision, before.table)
    finally:
        if change is not None:
            signal = SECTOR_CHANGED if change.former_sector else SECTOR_CHOSEN
            transaction.on_commit(partial(signal.send_event, choice=change))


def forget_choices(user_id: int) -> None:
    """Erase what sectors the learner held."""
    SectorChoice.objects.filter(user_id=user_id).delete()


def _record_sector(decision: Decision, before: Before) -> str:
    """Add the choice of sector, if it is one, and tell the sector that was held before, empty for none.

    The unique rank settles a race, and whoever lost it looks again at what is held: `before` may be old.
    """
    choice, held = decision.row(before.table.sector_ids[decision.slug]), before.held
    for attempt in range(1, ATTEMPTS + 1):
        if held is not None and held.sector.slug == decision.slug:
            break
        if held is not None and not decision.may_change:
            raise SectorLocked(_("The date to change your trade by yourself has passed. Ask your adviser."))
        choice.rank = held.rank + 1 if held else 1
        if _is_saved(choice, is_last_attempt=attempt == ATTEMPTS):
            break
        held = _held(decision.user_id, decision.course_key)
    return held.sector.slug if held else ""


def _held(user_id: int, course_key: CourseKey) -> SectorChoice | None:
    choices = SectorChoice.objects.filter(user_id=user_id, course_key=course_key)
    return choices.select_related("sector").order_by("-rank").first()


def _refuse_unavailable(slug: str, before: Before) -> None:
    tree, held = before.table.tree, before.held
    if slug not in tree:
        raise UnknownSector(unknown(slug))
    if not tree[slug].is_offered and (held is None or held.sector.slug != slug):
        raise TrackUnavailable(_("This trade is no longer offered. Choose another one in the list."))


def _level(decision: Decision, table: TrackTable) -> Level | None:
    """The level that was last decided, where the course asks for it."""
    return held_level(decision.user_id, decision.course_key) if table.levels.offer.is_on else None


def _content_group(slug: str, level: Level | None, table: TrackTable) -> ContentGroup:
    group = table.group_of(slug, level)
    if group is None:
        wanted = table.wanted(slug, level)
        logger.warning("No content group for the sector %s in %s, expected: %s", slug, table.course_key, wanted)
        raise TrackUnavailable(_("This trade is not open in this course yet. Tell your training provider."))
    return group


def _is_saved(choice: SectorChoice, *, is_last_attempt: bool) -> bool:
    """Whether the rank was free."""
    try:
        with transaction.atomic():
            choice.save(force_insert=True)
    except IntegrityError:
        if is_last_attempt:
            raise
        return False
    return True


def _place(decision: Decision, table: TrackTable) -> SectorFacts:
    """Move the learner to the group of the choice that holds; whoever places last has seen the last choice."""
    slug, level = decision.slug, _level(decision, table)
    while True:
        place(decision.user_id, decision.course_key, _content_group(slug, level, table))
        held, now = _held(decision.user_id, decision.course_key), _level(decision, table)
        if now == level and (held is None or held.sector.slug == slug):
            return table.tree[slug]
        slug, level = held.sector.slug if held else slug, now
        table = track_table(decision.course_key)
