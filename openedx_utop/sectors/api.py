"""The sectors domain's door."""

from datetime import datetime

from opaque_keys.edx.keys import CourseKey

from openedx_utop.official_time import official_day
from openedx_utop.sectors.changes import api as changes
from openedx_utop.sectors.changes.rules import readable
from openedx_utop.sectors.choices import decide, forget_choices, has_track, learner_sector, learner_sectors, sector_slug
from openedx_utop.sectors.conflicts import ConflictKind, TrackConflict
from openedx_utop.sectors.data import (
    CohortsInUse,
    Confidence,
    NotEnrolled,
    Proposal,
    ProposalMethod,
    ProposalStatus,
    SectorError,
    SectorFacts,
    SectorInUse,
    SectorLocked,
    SectorLoop,
    TrackUnavailable,
    UnknownSector,
)
from openedx_utop.sectors.decisions import Decision
from openedx_utop.sectors.differences import Difference, differences
from openedx_utop.sectors.impact import Impact, impact_of
from openedx_utop.sectors.levels.choices import (
    LevelDecision,
    forget_levels,
    held_level,
    learner_level,
    learner_levels,
    level_history,
    of_level,
    offered_level,
    parsed_level,
    record_level,
)
from openedx_utop.sectors.levels.data import Level, LevelFacts, Offer, UnknownLevel
from openedx_utop.sectors.levels.reading import offer_of
from openedx_utop.sectors.looking import sector_looked_as
from openedx_utop.sectors.misplaced import Misplaced, misplaced
from openedx_utop.sectors.models import ChoiceMethod
from openedx_utop.sectors.moves import follow_move, keep_in_step, reconcile_tracks
from openedx_utop.sectors.panel import choice_panel, own_learner
from openedx_utop.sectors.proposals import company_proposal, proposal
from openedx_utop.sectors.rulebook.api import (
    SHIPPED_OPCOS,
    ImportReport,
    LineError,
    StaleImport,
    Table,
    decoded_lines,
    import_rules,
)
from openedx_utop.sectors.tracks import (
    copy_tracks,
    is_tracked,
    prepare_if_tracked,
    recalculate_grades,
    refuses_own_change,
    track_conflicts,
    tracked_courses,
    undecided_name,
)
from openedx_utop.sectors.tree import (
    define_sector,
    offered_sectors,
    remove_sector,
    sector_lineages,
    sectors,
    set_track,
)

__all__ = [
    "SHIPPED_OPCOS",
    "ChoiceMethod",
    "CohortsInUse",
    "Confidence",
    "ConflictKind",
    "Difference",
    "Impact",
    "ImportReport",
    "Level",
    "LevelFacts",
    "LineError",
    "Misplaced",
    "NotEnrolled",
    "Offer",
    "Proposal",
    "ProposalMethod",
    "ProposalStatus",
    "SectorError",
    "SectorFacts",
    "SectorInUse",
    "SectorLocked",
    "SectorLoop",
    "StaleImport",
    "Table",
    "TrackConflict",
    "TrackUnavailable",
    "UnknownLevel",
    "UnknownSector",
    "choice_panel",
    "choose_level",
    "choose_sector",
    "copy_tracks",
    "decoded_lines",
    "define_sector",
    "differences",
    "follow_move",
    "forget_learner",
    "has_track",
    "held_level",
    "impact_of",
    "import_rules",
    "is_tracked",
    "keep_in_step",
    "learner_level",
    "learner_levels",
    "learner_sector",
    "learner_sectors",
    "level_history",
    "misplaced",
    "of_level",
    "offer_of",
    "offered_sectors",
    "own_learner",
    "prepare_if_tracked",
    "proposal",
    "recalculate_grades",
    "reconcile_tracks",
    "refuses_own_change",
    "remove_sector",
    "sector_lineages",
    "sector_looked_as",
    "sector_slug",
    "sectors",
    "set_track",
    "track_conflicts",
    "tracked_courses",
    "undecided_name",
]


def choose_sector(
    user_id: int,
    course_key: CourseKey,
    slug: str,
    *,
    chosen_by: int,
    now: datetime,
    reason: str = "",
    method: ChoiceMethod | None = None,
    level: str | None = None,
) -> SectorFacts:
    """Give the learner this sector and its track, and this level if one is given; saying it again changes nothing.

    `method` is found out where it is not given. Learners replace a sector or a level by themselves until the lock date
    only. Raises NotEnrolled, UnknownSector, UnknownLevel, TrackUnavailable and SectorLocked. Call it outside a
    transaction: the platform's own tasks must see the new group, and two choices at once must see each other.
    """
    is_own = chosen_by == user_id
    own_method = _own_method(user_id, course_key, slug, now) if is_own else ChoiceMethod.STAFF
    return decide(
        Decision(
            user_id=user_id,
            course_key=course_key,
            slug=slug,
            method=method or own_method,
            chosen_by=chosen_by,
            at=now,
            reason=readable(reason),
            may_change=not is_own or not changes.lock_of(course_key, today=official_day(now)).is_locked,
            level=offered_level(course_key, level) if level else None,
        )
    )


def choose_level(
    user_id: int,
    course_key: CourseKey,
    level: str,
    *,
    chosen_by: int,
    now: datetime,
    method: ChoiceMethod,
    reason: str = "",
) -> None:
    """Note the learner's level, whether the course asks for it or not yet; it counts as soon as it does.

    Raises UnknownLevel, and what `choose_sector` raises. Call it outside a transaction.
    """
    told = parsed_level(level)
    held = learner_sector(user_id, course_key)
    if held is not None and told in offer_of(course_key).levels:
        choose_sector(
            user_id, course_key, held.slug, chosen_by=chosen_by, now=now, reason=reason, method=method, level=level
        )
    else:
        record_level(LevelDecision(user_id, course_key, told, method, chosen_by, at=now, reason=readable(reason)))


def forget_learner(user_id: int) -> None:
    """Erase the learner's choices and requests; what was awarded keeps its own frozen copy."""
    forget_choices(user_id)
    forget_levels(user_id)
    changes.forget_learner(user_id)


def _own_method(user_id: int, course_key: CourseKey, slug: str, now: datetime) -> ChoiceMethod:
    sector = company_proposal(user_id, course_key, now=now).sector
    return ChoiceMethod.COMPANY if sector is not None and sector.slug == slug else ChoiceMethod.LEARNER
