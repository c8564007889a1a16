"""What our events carry."""

from datetime import datetime
from uuid import UUID

import attr
from opaque_keys.edx.keys import CourseKey


@attr.s(frozen=True, auto_attribs=True)
class AwardData:
    """A learner fulfilled the conditions of a training action."""

    uuid: UUID
    user_id: int
    course_key: CourseKey
    awarded_at: datetime
