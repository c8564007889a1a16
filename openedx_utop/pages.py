"""Pages that speak of several domains: the learner's own, and the staff's for the corrections of one learner."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance import api as attendance
from openedx_utop.attendance.corrections import pages as corrections
from openedx_utop.attestations import api as attestations
from openedx_utop.badges import api as badges
from openedx_utop.badges.expiry.api import Expired
from openedx_utop.badges.validations import api as validations
from openedx_utop.compat import Course, platform
from openedx_utop.enrolment import api as enrolment
from openedx_utop.outcomes import Outcome, outcomes
from openedx_utop.sectors import api as sectors
from openedx_utop.training import api as training
from openedx_utop.visitors import visitor_id


@dataclass(frozen=True)
class Part:
    """The badge of a part of a training action, as the page shows it: what is missing, or the badge."""

    achievement: badges.AchievementFacts
    evaluation: training.Evaluation
    award: badges.AwardFacts | None
    credential: badges.CredentialFacts | None
    is_badge_refused: bool
    expired: Expired | None

    @property
    def is_theirs(self) -> bool:
        """Nothing of another trade is shown."""
        return bool(self.award or self.evaluation.path)


@dataclass(frozen=True)
class Training:
    """One training action of the learner, as the page shows it."""

    course: Course
    evaluation: training.Evaluation
    time: attendance.CourseTime
    sector: sectors.SectorFacts | None
    level: sectors.Level | None
    award: badges.AwardFacts | None
    credential: badges.CredentialFacts | None
    attestation: attestations.AttestationFacts | None
    former_attestations: tuple[attestations.AttestationFacts, ...]
    parts: tuple[Part, ...]
    is_badge_refused: bool
    expired: Expired | None
    erased: attestations.ErasedFacts | None

    @property
    def modules_done(self) -> int:
        """Number of completed modules."""
        return sum(module.is_complete for module in self.evaluation.path)


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`/utop/`: everything that concerns the signed-in learner."""
    user_id = visitor_id(request)
    mine = platform().enrolled_courses(user_id)
    trainings = [_training(user_id, action) for action in training.actions() if action.course_key in mine]
    context = {
        "trainings": trainings,
        "listed_by_me": _courses(enrolment.managed_courses(user_id)),
        "validated_by_me": _courses(validations.asked_of(user_id)),
    }
    return render(request, "openedx_utop/home/home.html", context)


def _courses(keys: Iterable[CourseKey]) -> list[Course]:
    found = (platform().course(key) for key in keys)
    return [course for course in found if course]


def _training(user_id: int, action: training.Action) -> Training:
    course_key = action.course_key
    time = attendance.course_time(user_id, course_key)
    made = {each.award.achievement.uuid: each for each in outcomes(user_id, course_key)}
    reached = next((each for each in made.values() if each.award.is_whole), None)
    (_achievement, whole), *others = badges.evaluations(user_id, action, time=time)
    parts = [_part(badge, standing, made.get(badge.uuid)) for badge, standing in others]
    return Training(
        course=platform().course(course_key) or Course(course_key, action.title, ""),
        evaluation=whole,
        time=time,
        sector=sectors.learner_sector(user_id, course_key),
        level=sectors.learner_level(user_id, course_key),
        award=reached.award if reached else None,
        credential=reached.credential if reached else None,
        attestation=reached.attestation if reached else None,
        former_attestations=reached.former_attestations if reached else (),
        parts=tuple(part for part in parts if part.is_theirs),
        is_badge_refused=bool(reached and reached.is_badge_refused),
        expired=reached.expired if reached else None,
        erased=reached.erased if reached else None,
    )


def _part(achievement: badges.AchievementFacts, evaluation: training.Evaluation, reached: Outcome | None) -> Part:
    if reached is None:
        return Part(achievement, evaluation, None, None, is_badge_refused=False, expired=None)
    refused = reached.is_badge_refused
    return Part(achievement, evaluation, reached.award, reached.credential, refused, reached.expired)


def _credential(user_id: int, award_uuid: UUID) -> badges.CredentialFacts | None:
    return next((each for each in badges.credentials_of(user_id) if each.award.uuid == award_uuid), None)


def _attestation(user_id: int, award_uuid: UUID) -> attestations.AttestationFacts | None:
    return next((each for each in attestations.attestations_of(user_id) if each.award_uuid == award_uuid), None)


@login_required
@require_POST
def publish_name(request: HttpRequest, award_uuid: UUID) -> HttpResponse:
    """The holder decides whether their full name is shown to whoever verifies the badge and the certificate."""
    user_id, is_public = visitor_id(request), request.POST.get("public") == "1"
    credential, attestation = _credential(user_id, award_uuid), _attestation(user_id, award_uuid)
    if credential is None and attestation is None:
        raise Http404
    if credential is not None:
        badges.show_name(credential.uuid, user_id, public=is_public)
    if attestation is not None:
        attestations.show_name(attestation.uuid, user_id, public=is_public)
    messages.success(
        request,
        _("Your full name is now shown on the verification pages.")
        if is_public
        else _("Your full name is no longer shown on the verification pages."),
    )
    return redirect("openedx_utop:my-badges" if request.POST.get("page") == "badges" else "openedx_utop:home")


@login_required
@require_POST
def correct_holder(request: HttpRequest) -> HttpResponse:
    """The holder has badges issued anew in the name and for the address of today, and certificates with them."""
    user_id = visitor_id(request)
    try:
        for credential in badges.credentials_of(user_id):
            if credential.revocation is None:
                _correct(credential, user_id, timezone.now())
    except (badges.SigningKeyMissing, badges.SigningKeyInvalid):
        messages.error(request, _("The platform cannot sign at the moment: please come back later."))
    except badges.BadgeRefused:
        messages.error(request, _("You want no badge any more. Say on this page that you do, and ask again."))
    else:
        messages.success(request, _("Your badges are issued anew. Their former links lead to them."))
    return redirect("openedx_utop:my-badges")


def _correct(credential: badges.CredentialFacts, user_id: int, now: datetime) -> None:
    with transaction.atomic():
        new = badges.correct(credential.uuid, user_id, now=now)
        if new.uuid != credential.uuid and _attestation(user_id, new.award.uuid):
            _attest_anew(new.award, now)


def _attest_anew(award: badges.AwardFacts, now: datetime) -> None:
    attestations.issue_attestation(
        award_uuid=award.uuid,
        user_id=award.user_id,
        course_key=award.course_key,
        awarded_at=award.awarded_at,
        evaluation=award.evaluation,
        now=now,
        in_todays_name=True,
    )


@transaction.non_atomic_requests
@login_required
def corrections_of(request: HttpRequest, course_key: CourseKey, user_id: int) -> HttpResponse:
    """The staff's page of one learner's corrections, which must know whether a certificate was issued."""
    is_issued = attestations.is_attested(user_id, course_key)
    return corrections.record(request, course_key, user_id, document_issued=is_issued)
