"""Levels turned on and off for a course: their content groups, and every restricted block brought in step."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import ContentGroup, platform
from openedx_utop.sectors.authoring.axes import Axes, axes_of, carried_over
from openedx_utop.sectors.authoring.data import Cells, Change, ChangedMeanwhile, LevelInUse, Origin, Plan, Row, Touch
from openedx_utop.sectors.authoring.groups import make_tracks
from openedx_utop.sectors.authoring.reading import columns_of, finished_units, read_plan
from openedx_utop.sectors.authoring.rules import changes, touches
from openedx_utop.sectors.authoring.versions import changed
from openedx_utop.sectors.authoring.writing import write
from openedx_utop.sectors.levels.data import Level, LevelGroups, Offer, OneLevelAlone
from openedx_utop.sectors.levels.models import CourseLevel, LevelGroup
from openedx_utop.sectors.levels.reading import level_groups
from openedx_utop.sectors.levels.rules import offer_after
from openedx_utop.sectors.models import Track
from openedx_utop.sectors.tree import tracks_of

LONGEST_NAME = 255

Names = Mapping[tuple[str, Level], str]


@dataclass(frozen=True)
class LevelReview:
    """What other levels would change: the offer before and after, the course then, each block and whom it touches."""

    before: Offer
    after: Offer
    then: Plan
    changes: tuple[Change, ...]
    touches: Mapping[str, Touch]
    learners: int


def review_levels(course_key: CourseKey, plan: Plan, wanted: Collection[Level]) -> LevelReview:
    """What these levels would change, before it is written. Raises OneLevelAlone and LevelInUse."""
    groups, tracks = level_groups(course_key), tracks_of(course_key)
    offer = _offer(groups.offer, wanted)
    names = _names(plan, groups.names, offer)
    columns = columns_of(_with_new(course_key, names), tracks, LevelGroups(offer, names))
    then = replace(plan, columns=columns, levels=tuple(level.value for level in offer.levels))
    cells = cells_after(plan, axes_of(plan), then)
    learners = platform().learners_by_group(course_key)
    found = changes(plan.cells, cells)
    done = finished_units(course_key, plan, frozenset(change.name for change in found)) if any(learners) else {}
    return LevelReview(
        before=groups.offer,
        after=offer,
        then=replace(then, cells=cells),
        changes=found,
        touches=touches(plan, cells, learners, done),
        learners=sum(len(members) for members in learners.values()),
    )


def set_levels(
    course_key: CourseKey, wanted: Collection[Level], *, base: Cells, by: int, now: datetime
) -> tuple[Row, ...]:
    """Give the course these levels and no others; again, it changes nothing. The answer are the units that stay drafts.

    Raises OneLevelAlone, LevelInUse, and ChangedMeanwhile if the author had other cells before them.
    """
    plan = read_plan(course_key)
    if changes(base, plan.cells):
        raise ChangedMeanwhile(changed())
    review_levels(course_key, plan, wanted)
    return _keep(course_key, plan, _offer(level_groups(course_key).offer, wanted), by=by, now=now)


def open_tracks(course_key: CourseKey, slugs: Collection[str], *, by: int, now: datetime) -> tuple[str, ...]:
    """Make tracks, at each level of the course; what is for a level whatever the trade is for theirs, too."""
    before = read_plan(course_key)
    made = make_tracks(course_key, slugs, by=by)
    offer = level_groups(course_key).offer
    if made and offer.is_on:
        _keep(course_key, before, offer, by=by, now=now)
    return made


def cells_after(plan: Plan, before: Axes, then: Plan) -> dict[str, frozenset[int]]:
    """The cells that say the same with other trades and levels. Raises LevelInUse for a block that nobody would see."""
    after = axes_of(then)
    said = {name: carried_over(groups, before, after) for name, groups in plan.cells.items()}
    titles = [row.title for row in plan.rows if row.name in said and plan.cells[row.name] and not said[row.name]]
    if titles:
        sentence = _("Only a level that you remove may see these: {blocks}. Say first who else is to see them.")
        raise LevelInUse(sentence.format(blocks=", ".join(titles)))
    return {name: groups for name, groups in said.items() if groups is not None}


def _offer(former: Offer, wanted: Collection[Level]) -> Offer:
    offer = offer_after(former, wanted)
    if len(offer.levels) == 1:
        raise OneLevelAlone(_("Tick two levels at least, or none: a level alone divides nobody."))
    return offer


def _keep(course_key: CourseKey, before: Plan, offer: Offer, *, by: int, now: datetime) -> tuple[Row, ...]:
    """The groups first: they do no harm if the rest fails. Then all the rest, or nothing."""
    groups = level_groups(course_key)
    names = _names(read_plan(course_key), groups.names, offer)
    known = {group.name for group in platform().content_groups(course_key)}
    missing = [name for name in names.values() if name not in known]
    if missing:
        platform().add_content_groups(course_key, missing, by=by)
    with transaction.atomic():
        _record(course_key, names, offer)
        plan = read_plan(course_key)
        cells = cells_after(plan, axes_of(before), plan)
        if not changes(plan.cells, cells):
            return ()
        return write(course_key, base=plan.cells, cells=cells, origin=Origin.LEVELS, by=by, now=now)


def _record(course_key: CourseKey, names: Names, offer: Offer) -> None:
    tracks = Track.objects.filter(course_key=course_key)
    for (track_name, level), name in names.items():
        for track in tracks.filter(group_name=track_name):
            LevelGroup.objects.get_or_create(track=track, level=level, defaults={"group_name": name})
    CourseLevel.objects.filter(course_key=course_key).exclude(level__in=offer.levels).delete()
    for level in offer.levels:
        is_default = level == offer.default
        CourseLevel.objects.update_or_create(course_key=course_key, level=level, defaults={"is_default": is_default})


def _names(plan: Plan, known: Names, offer: Offer) -> dict[tuple[str, Level], str]:
    """A group for each trade at each level, but for the default one, which is that of the trade's own group."""
    tracks = [column.name for column in plan.trades if column.is_track]
    wanted = [(track, level) for track in tracks for level in offer.levels if level != offer.default]
    return {**known, **{way: level_group_name(*way) for way in wanted if way not in known}}


def level_group_name(track: str, level: Level) -> str:
    """What the group of a trade at a level is called, in the installation's language."""
    with override(settings.LANGUAGE_CODE):
        ending = f" · {level.label}"
    return track[: LONGEST_NAME - len(ending)] + ending


def _with_new(course_key: CourseKey, names: Names) -> list[ContentGroup]:
    """The groups that the course would have; the new ones under numbers that are free."""
    groups = list(platform().content_groups(course_key))
    known = {group.name for group in groups}
    first = max((group.group_id for group in groups), default=0) + 1
    new = [name for name in names.values() if name not in known]
    partition = groups[0].partition_id if groups else 0
    return [*groups, *(ContentGroup(partition, number, name) for number, name in enumerate(new, first))]
