"""Sessions with a set time: one that the room signed, one that begins now, one to come."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User

from demo.models import Course
from openedx_utop.attendance.live import api as live

TRAINER = "maud"
SIGNERS = ("dominique", "sacha", "alix")
# As long as can begin at any hour: what begins before noon ends by two.
HALF_DAY = timedelta(hours=2)


def sow_sessions(course: Course, *, now: datetime) -> None:
    """Planned, signed and registered for through the product's own door."""
    trainer = User.objects.get(username=TRAINER)
    past = (now - timedelta(days=18)).replace(hour=8, minute=0, second=0, microsecond=0)
    _sign(_plan(course, trainer, "Prise en main à la médiathèque", past), trainer)
    _plan(course, trainer, "Atelier du jour", now.replace(second=0, microsecond=0))
    closing = (now + timedelta(days=7)).replace(hour=13, minute=0, second=0, microsecond=0)
    session = _plan(course, trainer, "Séance de clôture", closing, link="https://visio.example.org/cloture")
    live.register(User.objects.get(username=SIGNERS[0]).pk, session.uuid, now=now)


def _plan(course: Course, trainer: User, title: str, start: datetime, *, link: str = "") -> live.Session:
    plan = live.Plan(
        title=title,
        modality="remote_live" if link else "onsite_group",
        place="" if link else "Médiathèque, 1 rue de l’Exemple, 99999 Ville-Fictive",
        link=link,
        capacity=12 if link else None,
        trainer_id=trainer.pk,
        module_key=None,
        half_days=(live.HalfDay(start, start + HALF_DAY),),
    )
    return live.session(live.plan_session(plan, course_key=course.course_key, by=trainer.pk, now=start))


def _sign(session: live.Session, trainer: User) -> None:
    (slot,) = session.slots
    code = live.code_on_show(slot.uuid, slot.start)
    for number, username in enumerate(SIGNERS):
        moment = slot.start + timedelta(seconds=40 * number)
        live.sign_with_code(User.objects.get(username=username).pk, slot.uuid, code, now=moment)
    live.sign_as_trainer(trainer.pk, slot.uuid, now=slot.end)
