"""What our events carry."""

from datetime import datetime
from uuid import UUID

import attr
from opaque_keys.edx.keys import CourseKey


@attr.s(frozen=True, auto_attribs=True)
class AwardData:
    """A learner fulfilled the conditions of an achievement: of a training action (`scope`: action), or of a part of it.

    `achievement`: its public identifier; `scope`: action, block or module.
    """

    uuid: UUID
    user_id: int
    course_key: CourseKey
    awarded_at: datetime
    achievement: UUID
    scope: str


@attr.s(frozen=True, auto_attribs=True)
class SectorData:
    """A learner holds a sector in a course: its slug, and that of the one they held before, empty for the first.

    `level`, `former_level`: by which the course treats them, empty in a course without levels; the sector is the same
    where only the level changes. `method`: company, learner, staff, request or import; `chosen_by`: the LMS user id
    of who decided.
    """

    user_id: int
    course_key: CourseKey
    sector: str
    former_sector: str
    method: str
    chosen_by: int
    chosen_at: datetime
    level: str = ""
    former_level: str = ""


@attr.s(frozen=True, auto_attribs=True)
class SeatData:
    """A seat in a course and the account that has it, or had it. `company`: a SIRET, empty for a seat of no company.

    `changed_by`: the LMS user id of who accepted it, or took it back.
    """

    uuid: UUID
    user_id: int
    course_key: CourseKey
    company: str
    changed_by: int
    changed_at: datetime
