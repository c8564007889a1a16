"""The tracks of a course on the platform: cohorts made ready, other people's cohorts left alone, learners placed."""

import logging
from contextlib import suppress
from contextvars import ContextVar
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import ContentGroup, platform
from openedx_utop.sectors.conflicts import TrackConflict, conflicts_between, foreign_cohorts
from openedx_utop.sectors.data import CohortsInUse
from openedx_utop.sectors.levels.copying import copy_levels
from openedx_utop.sectors.models import Track
from openedx_utop.sectors.track_table import Link, TrackTable, link_to, track_table
from openedx_utop.sectors.tree import tracks_of

logger = logging.getLogger(__name__)

# The languages in which the product speaks.
TRANSLATED = ("en", "fr")

_placing: ContextVar[bool] = ContextVar("utop_placing", default=False)


def undecided_name() -> str:
    """The name, in the installation's language, of the cohort and content group of learners without a sector."""
    with override(settings.LANGUAGE_CODE):
        return _("No sector yet")


@cache
def undecided_names() -> frozenset[str]:
    """That name in every language of ours: a group keeps its own when the installation's language changes."""
    names = set()
    for language in TRANSLATED:
        with override(language):
            names.add(_("No sector yet"))
    return frozenset(names)


def track_conflicts(course_key: CourseKey) -> tuple[TrackConflict, ...]:
    """What the course uses cohorts for that tracks would disturb, or that disturbs tracks; empty: nothing."""
    host = platform()
    return conflicts_between(
        host.cohorts(course_key),
        ours=own_links(track_table(course_key)),
        divides_discussions=host.divides_discussions(course_key),
        hides_grouped_content=host.hides_grouped_content(course_key),
    )


def make_ready(user_id: int, table: TrackTable) -> None:
    """Prepare the course for the learner's move; raises CohortsInUse rather than take anybody from another's cohort.

    Whoever is in a cohort of ours is in a course that was prepared, unless cohorts were turned off since.
    """
    course_key, ours = table.course_key, own_links(table)
    cohort, is_cohorted = platform().cohort_of(user_id, course_key), platform().is_cohorted(course_key)
    if cohort is not None and cohort.group in ours and is_cohorted:
        return
    cohorts = platform().cohorts(course_key)
    if not is_cohorted or not any(each.group in ours for each in cohorts):
        prepare(course_key)
    if cohort is not None and cohort.name in {foreign.name for foreign in foreign_cohorts(cohorts, ours)}:
        logger.warning("Learner %s of %s stays in the cohort “%s”, no track's", user_id, course_key, cohort.name)
        raise CohortsInUse(_foreign_cohort())


def own_links(table: TrackTable) -> frozenset[Link]:
    """The content groups of the tracks, of their levels and of the undecided."""
    names = {*table.names, *undecided_names()}
    return frozenset(link_to(group) for group in table.groups if group.name in names)


def prepare(course_key: CourseKey) -> None:
    """Turn cohorts on in a course with tracks, undecided learners gathered in one; a second call changes nothing.

    Raises CohortsInUse, all the reasons in one sentence, where cohorts serve another purpose.
    """
    found = [conflict for conflict in track_conflicts(course_key) if conflict.blocks]
    if found:
        logger.warning("No tracks in %s: %s", course_key, [conflict.kind for conflict in found])
        raise CohortsInUse(" ".join(conflict.message for conflict in found))
    names = undecided_names()
    group = next((group for group in platform().content_groups(course_key) if group.name in names), None)
    platform().gather_undecided(course_key, undecided_name(), link_to(group) if group else None)


def prepare_if_tracked(course_key: CourseKey) -> None:
    """Prepare a course that has tracks and no cohorts."""
    if is_tracked(course_key) and not platform().is_cohorted(course_key):
        prepare_quietly(course_key)


def prepare_quietly(course_key: CourseKey) -> None:
    """Prepare the course, unless cohorts serve another purpose there: nobody waits for an answer, it is logged."""
    with suppress(CohortsInUse):
        prepare(course_key)


def place(user_id: int, course_key: CourseKey, group: ContentGroup) -> None:
    """Move the learner into the group's cohort, known to the product as its own doing."""
    token = _placing.set(True)
    try:
        platform().place_in_group(user_id, course_key, group)
    finally:
        _placing.reset(token)


def is_placing() -> bool:
    """Whether the move in hand is the product's own."""
    return _placing.get()


def refuses_own_change(user_id: int, course_key: CourseKey) -> bool:
    """Whether a change of cohort is a learner's own, around the product, in a course with tracks."""
    if is_placing() or platform().asker() != user_id or not tracks_of(course_key):
        return False
    return not platform().is_course_staff(user_id, course_key)


def recalculate_grades(user_id: int, course_key: CourseKey) -> None:
    """Have the platform compute the learner's grades over their path of today."""
    platform().recalculate_grades(user_id, course_key)


def copy_tracks(course_key: CourseKey) -> int:
    """Give a re-run the tracks of the run it was made from, where its content groups bear the names; how many.

    With them go its levels.
    """
    source = platform().earlier_run(course_key)
    if source is None:
        return 0
    names = {group.name for group in platform().content_groups(course_key)}
    known = Track.objects.filter(course_key=course_key).values("sector")
    tracks = Track.objects.filter(course_key=source, group_name__in=names).exclude(sector__in=known)
    copies = [Track(course_key=course_key, sector_id=track.sector_id, group_name=track.group_name) for track in tracks]
    made = len(Track.objects.bulk_create(copies, ignore_conflicts=True))
    copy_levels(source, course_key, names)
    return made


def is_tracked(course_key: CourseKey) -> bool:
    """Whether the course has tracks; one query."""
    return Track.objects.filter(course_key=course_key).exists()


def tracked_courses() -> tuple[CourseKey, ...]:
    """The courses that have tracks."""
    keys = Track.objects.order_by("course_key").values_list("course_key", flat=True).distinct()
    return tuple(course_key for course_key in keys if course_key is not None)


def _foreign_cohort() -> str:
    return _(
        "Your place in this course depends on a group of another kind, so your trade cannot be chosen here. "
        "Tell your training provider."
    )
