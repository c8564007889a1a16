"""Asking for another trade after the lock date, and answering."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.official_time import official_day
from openedx_utop.sectors.changes.data import (
    AlreadyAnswered,
    NotAnAdviser,
    NothingToAsk,
    ReasonMissing,
    RequestFacts,
    RequestPending,
    UnknownRequest,
)
from openedx_utop.sectors.changes.models import ChangeAnswer, ChangeRequest, Outcome
from openedx_utop.sectors.changes.reading import facts_of, lock_of
from openedx_utop.sectors.changes.rules import readable
from openedx_utop.sectors.choices import carry_out, check, learner_sector, record
from openedx_utop.sectors.data import NotEnrolled, UnknownSector
from openedx_utop.sectors.decisions import Decision
from openedx_utop.sectors.levels.choices import learner_level, offered_level
from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.models import ChoiceMethod, Sector
from openedx_utop.sectors.tree import offered_sectors, unknown


def ask(user_id: int, course_key: CourseKey, slug: str, *, reason: str, now: datetime, level: str = "") -> RequestFacts:
    """The learner asks for another sector, or keeps theirs and asks for another level; again, it is the same request.

    Raises NotEnrolled, UnknownSector, UnknownLevel, ReasonMissing, NothingToAsk, and RequestPending for one that waits.
    """
    if not platform().is_enrolled(user_id, course_key):
        raise NotEnrolled(_("You are not enrolled in this course."))
    held, wanted = learner_sector(user_id, course_key), offered_level(course_key, level) if level else None
    if slug not in {sector.slug for sector in (*offered_sectors(course_key), held) if sector}:
        raise UnknownSector(unknown(slug))
    if held is None or not lock_of(course_key, today=official_day(now)).is_locked:
        raise NothingToAsk(_("You can choose your trade by yourself: nobody has to agree."))
    if held.slug == slug and (wanted is None or wanted == learner_level(user_id, course_key)):
        raise NothingToAsk(_("This is your level already.") if wanted else _("This is your trade already."))
    if not readable(reason):
        raise ReasonMissing(_("Say in a few words why you want another trade: your adviser decides on it."))
    return facts_of([_asked(user_id, course_key, slug, wanted, reason=readable(reason), now=now)])[0]


def withdraw(uuid: UUID, *, user_id: int, now: datetime) -> RequestFacts:
    """The learner takes their request back. Raises UnknownRequest and AlreadyAnswered."""
    request = _request(uuid)
    if request.user_id != user_id:
        raise UnknownRequest(_no_such_request())
    with transaction.atomic():
        _write_answer(request, Outcome.WITHDRAWN, "", user_id, now)
    return facts_of([_request(uuid)])[0]


def refuse(uuid: UUID, course_key: CourseKey, *, reason: str, by: int, now: datetime) -> RequestFacts:
    """An adviser refuses, and says why. Raises UnknownRequest, NotAnAdviser, ReasonMissing and AlreadyAnswered."""
    request = _request_for(uuid, course_key, by)
    if not readable(reason):
        raise ReasonMissing(_("Say why: the learner reads it."))
    with transaction.atomic():
        _write_answer(request, Outcome.REFUSED, readable(reason), by, now)
    return facts_of([_request(uuid)])[0]


def accept(uuid: UUID, course_key: CourseKey, *, reason: str, by: int, now: datetime) -> RequestFacts:
    """An adviser accepts: the answer and the new choice are one commit, then the platform shows the new track.

    Raises UnknownRequest, NotAnAdviser, AlreadyAnswered, and what `choose_sector` raises. Call it outside a
    transaction.
    """
    request = _request_for(uuid, course_key, by)
    decision = Decision(
        user_id=request.user_id,
        course_key=course_key,
        slug=request.sector.slug,
        method=ChoiceMethod.REQUEST,
        chosen_by=by,
        at=now,
        reason=request.reason,
        level=Level(request.level) if request.level else None,
    )
    before = check(decision)
    with transaction.atomic():
        _write_answer(request, Outcome.ACCEPTED, readable(reason), by, now)
        change = record(decision, before)
    carry_out(decision, change, before)
    return facts_of([_request(uuid)])[0]


def _asked(
    user_id: int, course_key: CourseKey, slug: str, level: Level | None, *, reason: str, now: datetime
) -> ChangeRequest:
    """Added after those before it; of two at once the unique rank lets one through, and the other finds it."""
    asked = ChangeRequest.objects.select_related("sector", "answer")
    for _attempt in range(2):
        last = asked.filter(user_id=user_id, course_key=course_key).order_by("rank").last()
        if last is not None and not hasattr(last, "answer"):
            return _same(last, slug, level)
        try:
            with transaction.atomic():
                return ChangeRequest.objects.create(
                    user_id=user_id,
                    course_key=course_key,
                    rank=last.rank + 1 if last else 1,
                    sector=Sector.objects.get(slug=slug),
                    level=level or "",
                    reason=reason,
                    asked_at=now,
                )
        except IntegrityError:
            continue
    raise RequestPending(_pending())


def _same(waiting: ChangeRequest, slug: str, level: Level | None) -> ChangeRequest:
    if (waiting.sector.slug, waiting.level) != (slug, level or ""):
        raise RequestPending(_pending())
    return waiting


def _request(uuid: UUID) -> ChangeRequest:
    request: ChangeRequest | None = ChangeRequest.objects.select_related("sector", "answer").filter(uuid=uuid).first()
    if request is None:
        raise UnknownRequest(_no_such_request())
    return request


def _request_for(uuid: UUID, course_key: CourseKey, adviser: int) -> ChangeRequest:
    request = _request(uuid)
    if request.course_key != course_key:
        raise UnknownRequest(_no_such_request())
    if not platform().is_course_staff(adviser, course_key) or adviser == request.user_id:
        raise NotAnAdviser(_("Somebody else of the course's team has to answer this request."))
    return request


def _write_answer(request: ChangeRequest, outcome: Outcome, reason: str, by: int, now: datetime) -> None:
    try:
        with transaction.atomic():
            ChangeAnswer.objects.create(
                request=request, outcome=outcome, reason=reason, answered_by=by, answered_at=now
            )
    except IntegrityError:
        raise AlreadyAnswered(_("This request has been answered already.")) from None


def _pending() -> str:
    return _("Your request is waiting for an answer. Withdraw it to ask for something else.")


def _no_such_request() -> str:
    return _("There is no such request.")
