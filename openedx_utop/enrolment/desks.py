"""Who may enrol whom: the course's staff anybody, a company's manager the people of that company."""

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.enrolment.data import Desk
from openedx_utop.enrolment.models import ListManager, SeatPlan
from openedx_utop.organizations.api import InvalidSiret, check_siret
from openedx_utop.organizations.models import Employer


def desks(user_id: int, course_key: CourseKey) -> tuple[Desk, ...]:
    """The desks that somebody may sit at in this course, the first one first; empty if it is none of their business."""
    if platform().is_course_staff(user_id, course_key):
        plans = SeatPlan.objects.filter(course_key=course_key).order_by("company")
        companies = {"", *plans.values_list("company", flat=True)}
        names = _names(companies)
        return tuple(Desk(user_id, course_key, each, names.get(each, ""), is_staff=True) for each in sorted(companies))
    managed = ListManager.objects.filter(user_id=user_id, course_key=course_key).select_related("employer")
    return tuple(
        Desk(user_id, course_key, each.employer.siret, str(each.employer), is_staff=False)
        for each in managed.order_by("employer__siret")
    )


def desk(user_id: int, course_key: CourseKey, company: str | None = None) -> Desk | None:
    """One of them: of this company, or the first. The staff may name a company that has no seats yet."""
    open_to = desks(user_id, course_key)
    if company is None or not open_to:
        return next(iter(open_to), None)
    found = next((each for each in open_to if each.company == company), None)
    if found is None and open_to[0].is_staff:
        try:
            siret = check_siret(company).value
        except InvalidSiret:
            return None
        return Desk(user_id, course_key, siret, _names({siret}).get(siret, ""), is_staff=True)
    return found


def managed_courses(user_id: int) -> tuple[CourseKey, ...]:
    """The courses in which somebody enrols the people of a company."""
    rows = ListManager.objects.filter(user_id=user_id).order_by("course_key")
    return tuple(dict.fromkeys(key for key in rows.values_list("course_key", flat=True) if key))


def company_name(siret: str) -> str:
    """What the company is called, or its number."""
    return _names({siret}).get(siret, siret)


def _names(sirets: set[str]) -> dict[str, str]:
    rows = Employer.objects.filter(siret__in=sirets - {""}).values_list("siret", "register_name", "name")
    return {siret: official or declared for siret, official, declared in rows}
