"""Each learner's sector in a course: decided, recorded, and carried to the platform's group."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import ContentGroup, platform
from openedx_utop.sectors.data import NotEnrolled, SectorFacts, TrackUnavailable, UnknownSector
from openedx_utop.sectors.models import ChoiceMethod, Sector, SectorChoice
from openedx_utop.sectors.tracks import make_ready, place
from openedx_utop.sectors.tree import group_name, sectors_by_slug, tracks_of, unknown

logger = logging.getLogger(__name__)

# Two clicks may ask for the same rank; more than a few at once is not a person.
ATTEMPTS = 5


def learner_sector(user_id: int, course_key: CourseKey) -> SectorFacts | None:
    """The sector the learner holds in the course, offered still or not."""
    held = _held(user_id, course_key)
    return sectors_by_slug()[held.sector.slug] if held else None


def learner_sectors(course_key: CourseKey, user_ids: Collection[int]) -> dict[int, SectorFacts]:
    """The sector of each of these learners that holds one in the course; two queries."""
    choices = SectorChoice.objects.filter(course_key=course_key, user_id__in=user_ids).order_by("rank")
    held = dict(choices.values_list("user_id", "sector__slug"))
    tree = sectors_by_slug()
    return {user_id: tree[slug] for user_id, slug in held.items()}


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


def choose(
    user_id: int, course_key: CourseKey, slug: str, *, method: ChoiceMethod, chosen_by: int, now: datetime
) -> SectorFacts:
    """Give the learner this sector and its track; the answer is the sector that holds in the end."""
    if not platform().is_enrolled(user_id, course_key):
        raise NotEnrolled(_("You are not enrolled in this course."))
    tree = sectors_by_slug()
    _refuse_unavailable(user_id, course_key, slug, tree)
    _content_group(course_key, slug, tree)
    make_ready(user_id, course_key)
    _append(
        SectorChoice(user_id=user_id, course_key=course_key, method=method, chosen_by=chosen_by, chosen_at=now), slug
    )
    return tree[_place(user_id, course_key, slug, tree)]


def forget_learner(user_id: int) -> None:
    """Erase the learner's choices; what was awarded keeps its own frozen copy."""
    SectorChoice.objects.filter(user_id=user_id).delete()


def _held(user_id: int, course_key: CourseKey) -> SectorChoice | None:
    choices = SectorChoice.objects.filter(user_id=user_id, course_key=course_key)
    return choices.select_related("sector").order_by("-rank").first()


def _refuse_unavailable(user_id: int, course_key: CourseKey, slug: str, tree: Mapping[str, SectorFacts]) -> None:
    if slug not in tree:
        raise UnknownSector(unknown(slug))
    held = _held(user_id, course_key)
    if not tree[slug].is_offered and (held is None or held.sector.slug != slug):
        raise TrackUnavailable(_("This trade is no longer offered. Choose another one in the list."))


def _content_group(course_key: CourseKey, slug: str, tree: Mapping[str, SectorFacts]) -> ContentGroup:
    name = group_name(slug, tree, tracks_of(course_key))
    groups = (group for group in platform().content_groups(course_key) if group.name == name)
    group = next(groups, None)
    if group is None:
        logger.warning("No content group for the sector %s in %s, expected: %s", slug, course_key, name)
        raise TrackUnavailable(_("This trade is not open in this course yet. Tell your training provider."))
    return group


def _append(choice: SectorChoice, slug: str) -> None:
    """Add the choice after those before it, unless it says the same as the last; the unique rank settles a race."""
    sector_id = Sector.objects.values_list("pk", flat=True).get(slug=slug)
    for attempt in range(1, ATTEMPTS + 1):
        held = _held(choice.user_id, choice.course_key)
        if held is not None and held.sector_id == sector_id:
            return
        choice.sector_id, choice.rank = sector_id, held.rank + 1 if held else 1
        try:
            with transaction.atomic():
                choice.save(force_insert=True)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        else:
            return


def _place(user_id: int, course_key: CourseKey, slug: str, tree: Mapping[str, SectorFacts]) -> str:
    """Move the learner to the group of the choice that holds; whoever places last has seen the last choice."""
    while True:
        place(user_id, course_key, _content_group(course_key, slug, tree))
        held = _held(user_id, course_key)
        if held is None or held.sector.slug == slug:
            return slug
        slug = held.sector.slug
