"""Actions that only those listed may join: what to say to who asks without a seat."""

from datetime import datetime

from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.enrolment.eligibility import employer_refused
from openedx_utop.enrolment.seats import accepted_by
from openedx_utop.organizations.api import provider
from openedx_utop.training.api import Action, action_for


def refusal(user_id: int, course_key: CourseKey, *, now: datetime) -> str | None:
    """The sentence that says what to do, for somebody who enrols themselves in a closed action without a seat.

    None lets them in: the action is open, they hold a seat, they are enrolled, somebody else enrols them, or the
    course's staff invited them in the platform's own way, which account activation carries out.
    """
    action = action_for(course_key)
    if action is None or not action.is_closed or platform().acting_user() != user_id:
        return None
    if accepted_by(user_id, course_key).exists() or platform().is_enrolled(user_id, course_key):
        return None
    if platform().is_invited(user_id, course_key) or platform().is_course_staff(user_id, course_key):
        return None
    return employer_refused(user_id, now=now) or _sentence(action)


def _sentence(action: Action) -> str:
    """To be read wherever the platform shows it, so without a link."""
    address = provider(action.provider_id).email
    if not address:
        return _(
            "This training is for people whom their company or an adviser has listed. If you received an invitation,"
            " open its link; else ask your company's HR to list you."
        )
    return _(
        "This training is for people whom their company or an adviser has listed. If you received an invitation, open"
        " its link; else ask your company's HR to list you, or write to %(address)s."
    ) % {"address": address}
