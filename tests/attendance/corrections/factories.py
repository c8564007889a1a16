"""Rows of corrections, written as the database holds them."""

from datetime import UTC, date, datetime
from typing import Any

from openedx_utop.attendance.corrections.models import Correction, CorrectionDecision
from tests.attendance.conftest import course_key

LEARNER, AUTHOR, SECOND, STRANGER = 7, 20, 21, 30
COURSE, OTHER_COURSE = course_key("first"), course_key("second")
MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def written(seconds: int, **values: Any) -> Correction:
    """A correction that needs nobody else, unless told otherwise."""
    user_id = values.pop("user_id", LEARNER)
    return Correction.objects.create(
        **{
            "user_id": user_id,
            "rank": Correction.objects.filter(user_id=user_id).count() + 1,
            "course_key": COURSE,
            "day": MONDAY,
            "seconds": seconds,
            "reason_code": "incident",
            "text": "Panne du réseau.",
            "author_id": AUTHOR,
            "author_role": "staff",
            "recorded_at": NOW,
            "needs_second_person": False,
            "after_issue": False,
            **values,
        }
    )


def decided(correction: Correction, *, is_accepted: bool, **values: Any) -> CorrectionDecision:
    """What the second person said of it."""
    return CorrectionDecision.objects.create(
        correction=correction, is_accepted=is_accepted, decided_by=SECOND, **{"decided_at": NOW, **values}
    )
