"""What the product hears: completions, grades, its own presence and awards, and the retirement of users."""

import logging
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from openedx_events.content_authoring.data import CourseData
from openedx_events.content_authoring.signals import COURSE_RERUN_COMPLETED
from openedx_events.learning.data import CohortData, CourseEnrollmentData, PersistentCourseGradeData
from openedx_events.learning.signals import (
    COHORT_MEMBERSHIP_CHANGED,
    COURSE_ENROLLMENT_CREATED,
    PERSISTENT_GRADE_SUMMARY_CHANGED,
)

from openedx_utop import tasks, tracking
from openedx_utop.attendance import api as attendance
from openedx_utop.attendance.live import api as live
from openedx_utop.attestations import api as attestations
from openedx_utop.badges import api as badges
from openedx_utop.compat import platform
from openedx_utop.enrolment import api as enrolment
from openedx_utop.events.data import AwardData, SectorData
from openedx_utop.events.signals import (
    AWARD_GRANTED,
    SECTOR_CHANGED,
    SECTOR_CHOSEN,
    company_unanswered,
    correction_effective,
    delivery_due,
    invitations_made,
    list_due,
    live_hours_changed,
    presence_credited,
    seat_withdrawn,
    validation_changed,
)
from openedx_utop.organizations import api as organizations
from openedx_utop.sectors import api as sectors
from openedx_utop.steering import api as steering

logger = logging.getLogger(__name__)


@receiver(post_save, sender="completion.BlockCompletion", dispatch_uid="utop_completion")
def on_completion(instance: Any, **_kwargs: Any) -> None:
    """A block was completed."""
    tasks.schedule_progress(instance.user_id, instance.context_key, delay=settings.UTOP_EVALUATION_DELAY_SECONDS)
    tasks.schedule_evaluation(instance.user_id, instance.context_key, delay=settings.UTOP_EVALUATION_DELAY_SECONDS)


@receiver(COHORT_MEMBERSHIP_CHANGED, dispatch_uid="utop_cohort")
def on_cohort(cohort: CohortData, **_kwargs: Any) -> None:
    """A learner's path changes; the platform tells it before it is so, hence the delay and the second look."""
    user_id, course_key = cohort.user.id, cohort.course.course_key
    tasks.schedule_progress(user_id, course_key, delay=settings.UTOP_EVALUATION_DELAY_SECONDS)
    if sectors.is_tracked(course_key):
        sectors.follow_move(user_id, course_key, cohort.name, now=timezone.now())
        tasks.schedule_recalculation(user_id, course_key, delay=settings.UTOP_EVALUATION_DELAY_SECONDS)


@receiver(COURSE_ENROLLMENT_CREATED, dispatch_uid="utop_enrolment")
def on_enrolment(enrollment: CourseEnrollmentData, **_kwargs: Any) -> None:
    """The first learner of a course with tracks finds its cohorts there, and none of the platform's own making."""
    course_key = enrollment.course.course_key
    transaction.on_commit(partial(sectors.prepare_if_tracked, course_key), robust=True)


@receiver(COURSE_RERUN_COMPLETED, dispatch_uid="utop_rerun")
def on_rerun(course: CourseData, **_kwargs: Any) -> None:
    """A re-run has the content groups of the run before it, and needs its tracks; sent in Studio."""
    sectors.copy_tracks(course.course_key)


@receiver(PERSISTENT_GRADE_SUMMARY_CHANGED, dispatch_uid="utop_grade")
def on_grade(grade: PersistentCourseGradeData, **_kwargs: Any) -> None:
    """A course grade was stored."""
    tasks.schedule_evaluation(grade.user_id, grade.course.course_key, delay=settings.UTOP_EVALUATION_DELAY_SECONDS)


@receiver(presence_credited, dispatch_uid="utop_presence")
def on_presence(course_key: CourseKey, user_ids: Sequence[int], **_kwargs: Any) -> None:
    """Time was credited; it comes every half minute, and only an action that requires time waits for it."""
    tasks.schedule_evaluations(course_key, user_ids, delay=settings.UTOP_PRESENCE_EVALUATION_DELAY_SECONDS)


@receiver(live_hours_changed, dispatch_uid="utop_live_hours")
def on_live_hours(user_id: int, course_key: CourseKey, **_kwargs: Any) -> None:
    """A half-day was signed, by the learner or by the trainer after them, or its signature was cancelled.

    It may have been held while another course recorded something.
    """
    tasks.schedule_evaluation(user_id, course_key, delay=settings.UTOP_EVALUATION_DELAY_SECONDS)
    _certify_anew(badges.awards_of(user_id))


@receiver(validation_changed, dispatch_uid="utop_validation")
def on_validation(user_id: int, course_key: CourseKey, **_kwargs: Any) -> None:
    """Somebody validated the learner, or took it back: then they wait again."""
    tasks.schedule_evaluation(user_id, course_key, delay=settings.UTOP_EVALUATION_DELAY_SECONDS)


@receiver(correction_effective, dispatch_uid="utop_correction")
def on_correction(user_id: int, course_key: CourseKey, **_kwargs: Any) -> None:
    """A correction of time counts: the conditions may hold now, and what was certified has to be certified anew."""
    tasks.schedule_evaluation(user_id, course_key, delay=settings.UTOP_EVALUATION_DELAY_SECONDS)
    _certify_anew(award for award in badges.awards_of(user_id) if award.course_key == course_key)


def _certify_anew(awards: Iterable[badges.AwardFacts]) -> None:
    for award in awards:
        tasks.issue_attestation.delay(str(award.uuid))


@receiver(SECTOR_CHOSEN, dispatch_uid="utop_sector_chosen")
@receiver(SECTOR_CHANGED, dispatch_uid="utop_sector_changed")
def on_sector(choice: SectorData, **_kwargs: Any) -> None:
    """The learner's path is another: what they have done of it, and whether that fulfils the conditions."""
    tasks.schedule_progress(choice.user_id, choice.course_key, delay=settings.UTOP_EVALUATION_DELAY_SECONDS)
    tasks.schedule_evaluation(choice.user_id, choice.course_key, delay=settings.UTOP_EVALUATION_DELAY_SECONDS)


@receiver(AWARD_GRANTED, dispatch_uid="utop_tracked_award")
def track_award(award: AwardData, **_kwargs: Any) -> None:
    """For the platform's tracking log."""
    who, where = award.user_id, award.course_key
    tracking.award_granted(who, where, award=award.uuid, achievement=award.achievement, scope=award.scope)


@receiver(SECTOR_CHOSEN, dispatch_uid="utop_tracked_sector")
@receiver(SECTOR_CHANGED, dispatch_uid="utop_tracked_change")
def track_sector(choice: SectorData, **_kwargs: Any) -> None:
    """For the platform's tracking log."""
    event = tracking.SECTOR_CHANGED if choice.former_sector else tracking.SECTOR_CHOSEN
    about = {"sector": choice.sector, "former": choice.former_sector, "method": choice.method}
    tracking.sector_changed(event, choice.user_id, choice.course_key, **about)


@receiver(AWARD_GRANTED, dispatch_uid="utop_award")
def on_award(award: AwardData, **_kwargs: Any) -> None:
    """An award calls for a badge and a certificate."""
    tasks.issue_credential.delay(str(award.uuid))
    tasks.issue_attestation.delay(str(award.uuid))


@receiver(invitations_made, dispatch_uid="utop_invitations")
def on_invitations(uuids: Sequence[UUID], **_kwargs: Any) -> None:
    """People were invited. A broker that is down loses nothing: `utop_reconcile` sends what was not."""
    tasks.schedule_invitations(uuids)


@receiver(list_due, dispatch_uid="utop_list")
def on_list(uuid: UUID, **_kwargs: Any) -> None:
    """Lines of a list are left to do. Without a broker, its page and `utop_reconcile` go on with them."""
    tasks.schedule_list(uuid)


@receiver(seat_withdrawn, dispatch_uid="utop_seat_withdrawn")
def on_seat_withdrawn(uuid: UUID, **_kwargs: Any) -> None:
    """Whose seat was taken back is told."""
    tasks.schedule_notice(uuid)


def on_mailings_retirement(email: str, **_kwargs: Any) -> None:
    """The platform forgets an address (connected by `apps.py`)."""
    enrolment.forget_address(email, now=timezone.now())


@receiver(delivery_due, dispatch_uid="utop_delivery")
def on_delivery(delivery_id: int, **_kwargs: Any) -> None:
    """Something is owed to a badge platform."""
    tasks.schedule_delivery(delivery_id)


@receiver(company_unanswered, dispatch_uid="utop_company")
def on_company_unanswered(siret: str, **_kwargs: Any) -> None:
    """The register was down when a learner named their company; an unreachable broker must not cost them the page."""
    try:
        tasks.schedule_company(siret)
    except Exception:
        logger.exception("The look-up of a company could not be put off; `utop_look_up_companies` makes up for it")


def on_retirement(user: Any, **_kwargs: Any) -> None:
    """The platform retires a user: forget what the law does not keep (connected by `apps.py`, to more than one step:
    what steps there are is the operator's to say, and a second time changes nothing).
    """
    for domain in (organizations, sectors, attendance, live, badges, attestations, steering, enrolment):
        domain.forget_learner(user.pk)
    address = platform().address_before_retirement(user.pk)
    if address:
        enrolment.forget_address(address, now=timezone.now())
