"""The sectors domain's door."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.official_time import official_day
from openedx_utop.organizations.api import EmployerFacts, employer_of
from openedx_utop.sectors.choices import (
    choose,
    forget_learner,
    has_track,
    learner_sector,
    learner_sectors,
    sector_slug,
)
from openedx_utop.sectors.data import (
    CohortsInUse,
    ConflictKind,
    ImportReport,
    LineError,
    NotEnrolled,
    Proposal,
    ProposalStatus,
    Rule,
    SectorError,
    SectorFacts,
    SectorInUse,
    SectorLoop,
    TrackConflict,
    TrackUnavailable,
    UnknownSector,
)
from openedx_utop.sectors.models import ChoiceMethod, RuleKind, SectorRule
from openedx_utop.sectors.moves import follow_move, keep_in_step, reconcile_tracks
from openedx_utop.sectors.rules import matching_sectors, naf_prefixes, proposed
from openedx_utop.sectors.rules_file import decoded_lines
from openedx_utop.sectors.rules_import import import_rules
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
    "CohortsInUse",
    "ConflictKind",
    "ImportReport",
    "LineError",
    "NotEnrolled",
    "Proposal",
    "ProposalStatus",
    "SectorError",
    "SectorFacts",
    "SectorInUse",
    "SectorLoop",
    "TrackConflict",
    "TrackUnavailable",
    "UnknownSector",
    "choose_sector",
    "copy_tracks",
    "decoded_lines",
    "define_sector",
    "follow_move",
    "forget_learner",
    "has_track",
    "import_rules",
    "is_tracked",
    "keep_in_step",
    "learner_sector",
    "learner_sectors",
    "offered_sectors",
    "prepare_if_tracked",
    "proposal",
    "recalculate_grades",
    "reconcile_tracks",
    "refuses_own_change",
    "remove_sector",
    "sector_lineages",
    "sector_slug",
    "sectors",
    "set_track",
    "track_conflicts",
    "tracked_courses",
    "undecided_name",
]


def proposal(user_id: int, course_key: CourseKey, *, now: datetime) -> Proposal:
    """The sector that the learner's company leads to in this course."""
    employer = employer_of(user_id)
    matches = _matches(employer, official_day(now)) if employer else frozenset()
    status, sector, candidates = proposed(matches, offered_sectors(course_key))
    return Proposal(status, sector, candidates, _sentence(status, employer, has_candidates=bool(candidates)))


def choose_sector(user_id: int, course_key: CourseKey, slug: str, *, chosen_by: int, now: datetime) -> SectorFacts:
    """Give the learner this sector and its track; saying it again changes nothing.

    Raises NotEnrolled, UnknownSector and TrackUnavailable. Call it outside a transaction: the platform's
    own tasks must see the new group, and two choices at once must see each other.
    """
    method = ChoiceMethod.STAFF if chosen_by != user_id else _own_method(user_id, course_key, slug, now)
    return choose(user_id, course_key, slug, method=method, chosen_by=chosen_by, now=now)


def _own_method(user_id: int, course_key: CourseKey, slug: str, now: datetime) -> ChoiceMethod:
    sector = proposal(user_id, course_key, now=now).sector
    return ChoiceMethod.COMPANY if sector is not None and sector.slug == slug else ChoiceMethod.LEARNER


def _matches(employer: EmployerFacts, today: date) -> frozenset[str]:
    by_agreement = SectorRule.objects.filter(kind=RuleKind.IDCC, code=employer.idcc)
    by_activity = SectorRule.objects.filter(kind=RuleKind.NAF, code__in=naf_prefixes(employer.naf))
    rows = (by_agreement | by_activity).select_related("sector")
    rules = [Rule(row.kind, row.code, row.sector.slug, row.valid_from, row.valid_to) for row in rows]
    return matching_sectors(rules, idcc=employer.idcc, naf=employer.naf, day=today)


def _sentence(status: ProposalStatus, employer: EmployerFacts | None, *, has_candidates: bool) -> str:
    if not has_candidates:
        return _("This course is the same for every trade: there is nothing to choose.")
    if status is ProposalStatus.RESOLVED:
        return _("Your company leads to this trade. Confirm it, or choose another one.")
    if status is ProposalStatus.AMBIGUOUS:
        return _("Your company may belong to several trades. Choose yours.")
    if employer is None:
        return _("Enter the SIRET of your company, or choose your trade in the list.")
    return _("Your company is recorded, but does not tell your trade. Choose it in the list.")
