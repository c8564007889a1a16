"""A learner at the end of a path: sixteen modules over four weeks, an employer, connections, frozen figures."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.api import course_time
from openedx_utop.attendance.corrections.models import Correction
from openedx_utop.attendance.live.models import LiveSession, LiveSignature, LiveSlot, TrainerSignature
from openedx_utop.badges.data import AchievementFacts, Reached, Scope
from openedx_utop.badges.evidence import frozen
from openedx_utop.compat import Person
from openedx_utop.organizations.api import declare_employer
from openedx_utop.organizations.models import Provider
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.training.api import Evaluation, Module, Sessions, action_for
from openedx_utop.training.models import TrainingAction
from tests.host import InMemoryPlatform
from tests.presences import store_presence

COURSE = CourseKey.from_string("course-v1:UTOP+TPEPME+2027")
CAMILLE, STRANGER, TEACHER = 7, 8, 9
START = datetime(2027, 1, 4, 8, 12, tzinfo=UTC)
AWARDED = datetime(2027, 1, 29, 17, 5, tzinfo=UTC)
HOTELS = SectorFacts("hotellerie", "Hôtellerie et restauration", parent=None, level=0, is_offered=True)


@dataclass(frozen=True)
class Names:
    """The texts that can be long or strange."""

    learner: str = "Camille Dubœuf-N’Guyen"
    provider: str = "Campus Numérique d’Essai"
    employer: str = "Auberge du Pré Salé"
    action: str = "Réussir la transition numérique de sa TPE-PME"
    module: str = "Protéger ses données"


def usage_key(rank: int) -> UsageKey:
    return COURSE.make_usage_key("sequential", f"module{rank}")


def training_action(names: Names) -> TrainingAction:
    provider = Provider.objects.create(
        name=names.provider,
        siret="90000000100017",
        activity_number="11755555575",
        address="12 rue de la République\n69002 Lyon",
        representative="Hélène Martin-Lefèvre",
        representative_title="directrice générale",
    )
    return TrainingAction.objects.create(
        course_key=COURSE,
        provider=provider,
        title=names.action,
        objectives="- Situer son entreprise\n- Protéger ses données\n\n- Bâtir un plan d’action chiffré",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )


def path(count: int, names: Names) -> tuple[Module, ...]:
    return tuple(
        Module(
            usage_key=usage_key(rank),
            title=f"{names.module} {rank + 1}",
            section_title=f"Semaine {rank // 4 + 1}",
            estimated_seconds=900,
            is_complete=True,
            completed_at=START + timedelta(days=rank, minutes=14),
            earned=3.0,
            possible=4.0 if rank else 0.0,
        )
        for rank in range(count)
    )


def spend(key: UsageKey, start: datetime, **length: float) -> None:
    store_presence(
        user_id=CAMILLE,
        course_key=COURSE,
        module_key=key,
        unit_key=COURSE.make_usage_key("vertical", "unit"),
        client="tab",
        start=start,
        end=start + timedelta(**length),
    )


def attend(start: datetime, length: timedelta, *, trainer_signs: bool = True) -> None:
    """An afternoon on site, signed by Camille, and by the trainer too."""
    session = LiveSession.objects.create(
        course_key=COURSE, title="Clôture", modality="onsite_group", created_by=TEACHER, created_at=START
    )
    slot = LiveSlot.objects.create(session=session, start=start, end=start + length)
    span = [int(instant.timestamp() * 1000) for instant in (start, start + length)]
    LiveSignature.objects.create(
        slot=slot, user_id=CAMILLE, rank=1, method="code", intervals=[span], signed_by=CAMILLE, signed_at=start
    )
    if trainer_signs:
        TrainerSignature.objects.create(slot=slot, user_id=TEACHER, signed_at=start)


def correct(day: date, seconds: int, key: UsageKey | None = None) -> None:
    Correction.objects.create(
        user_id=CAMILLE,
        course_key=COURSE,
        day=day,
        module_key=key,
        seconds=seconds,
        reason_code="outage",
        text="Panne du réseau de l’entreprise",
        author_id=TEACHER,
        author_role="staff",
        recorded_at=AWARDED,
        needs_second_person=False,
        after_issue=False,
        rank=Correction.objects.count() + 1,
    )


def finished_path(host: InMemoryPlatform, names: Names | None = None, modules: int = 16) -> dict[str, Any]:
    """The arguments of `issue_attestation` for Camille, all there is behind them in place."""
    names = names or Names()
    training_action(names)
    host.people[CAMILLE] = Person(CAMILLE, "camille", names.learner, "camille@example.fr", "fr")
    declare_employer(CAMILLE, "90000000200015", name=names.employer, now=START)
    for rank in range(modules):
        spend(usage_key(rank), START + timedelta(days=rank), minutes=13, seconds=10 + rank)
    action = action_for(COURSE)
    assert action is not None
    evaluation = Evaluation(
        action,
        action.conditions,
        path(modules, names),
        grade=75.0,
        presence_seconds=12_760,
        certified_seconds=12_760,
        realised_seconds=14_400,
        missing=(),
    )
    whole = AchievementFacts(None, None, Scope.ACTION, names.action, (), action.conditions)
    return award(evaluation=frozen(Reached(evaluation, course_time(CAMILLE, COURSE), Sessions(), None), HOTELS, whole))


def award(**values: Any) -> dict[str, Any]:
    return {
        "award_uuid": UUID("6f1c9d1e-3a74-4c0d-9d0e-2f5d5a7a9b11"),
        "user_id": CAMILLE,
        "course_key": COURSE,
        "awarded_at": AWARDED,
        "now": AWARDED + timedelta(seconds=20),
        **values,
    }
