"""The accounts of the home page, each with a past that fits its stage."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from demo import enrolment
from demo.models import Account, Course, Enrollment, Stage
from demo.seed.history import follow_modules
from openedx_utop import api
from openedx_utop.attendance.assistance import api as assistance
from openedx_utop.enrolment.models import ListManager, SeatPlan
from openedx_utop.organizations.models import Employer


@dataclass(frozen=True)
class Character:
    """A fictitious account. `modules`: how many are finished; `days_ago`: when the first one was."""

    username: str
    first_name: str
    last_name: str
    stage: Stage
    siret: str = ""
    sector: str = ""
    modules: int = 0
    days_ago: int = 0
    mistakes: frozenset[int] = frozenset()


CAST = (
    Character("camille", "Camille", "Débutante", Stage.NEW, siret="90000000100017"),
    Character("dominique", "Dominique", "Michemin", Stage.MIDWAY, "90000001900019", "banque", 10, 20, frozenset({3})),
    Character("noa", "Noa", "Enretard", Stage.BEHIND, "90000000100017", "hotel", 2, 4),
    Character("sacha", "Sacha", "Presquefini", Stage.LAST_MODULE, "90000002700012", "sante", 15, 30, frozenset({5})),
    Character("alix", "Alix", "Exemple", Stage.FINISHED, "90000003500015", "alimentaire", 16, 34, frozenset({2, 11})),
    Character("maud", "Maud", "Formatrice", Stage.INSTRUCTOR),
    Character("yael", "Yaël", "Ressources", Stage.HR, siret="90000000100017"),
    Character("ada", "Ada", "Autrice", Stage.AUTHOR),
)


def sow_people(course: Course, *, now: datetime) -> None:
    """Accounts, then what each of them did."""
    for character in CAST:
        user = _account(character)
        if character.stage == Stage.INSTRUCTOR:
            course.staff.add(user)
            _note_contact(user, course, now)
        elif character.stage == Stage.HR:
            _let_list(user, character, course)
        elif character.stage != Stage.AUTHOR:
            enrolment.enrol(user, course)
            _live(user, character, course, now)
            _backdate_enrolment(user, character, now)
            api.remember_progress(user.pk, course.course_key, now=now)


def _let_list(user: User, character: Character, course: Course) -> None:
    """The account enrols the people of its company, which has three seats."""
    employer = Employer.objects.get(siret=character.siret)
    ListManager.objects.create(user_id=user.pk, employer=employer, course_key=course.course_key)
    SeatPlan.objects.create(course_key=course.course_key, company=character.siret, capacity=3)


def _note_contact(author: User, course: Course, now: datetime) -> None:
    """One of the team called a learner who had not been seen for some days."""
    learner = User.objects.get(username="dominique")
    contact = assistance.NewContact(
        channel=assistance.Channel.PHONE,
        direction=assistance.Direction.FROM_TEAM,
        at=(now - timedelta(days=2)).replace(hour=13, minute=30, second=0, microsecond=0),
        minutes=10,
        subject="Relance après une semaine sans connexion",
        text="Surcroît d’activité à l’agence. Reprise convenue pour lundi, un module par jour.",
    )
    assistance.log_contact(learner.pk, course.course_key, contact, author_id=author.pk, now=now)


def _backdate_enrolment(user: User, character: Character, now: datetime) -> None:
    """Whoever has a past enrolled when the action began."""
    if character.stage != Stage.NEW:
        Enrollment.objects.filter(user=user).update(created=now - timedelta(days=40))


def _account(character: Character) -> User:
    is_author = character.stage == Stage.AUTHOR
    user = User(
        username=character.username,
        first_name=character.first_name,
        last_name=character.last_name,
        email=f"{character.username}@example.org",
        is_staff=is_author,
        is_superuser=is_author,
    )
    user.set_unusable_password()
    user.save()
    Account.objects.create(user=user, stage=character.stage, siret=character.siret)
    return user


def _live(user: User, character: Character, course: Course, now: datetime) -> None:
    """A module each working day at lunch time; who has finished is awarded by the product itself."""
    if not character.sector:
        return
    first_day = (now - timedelta(days=character.days_ago)).replace(hour=11, minute=40, second=0, microsecond=0)
    api.declare_employer(user.pk, character.siret, now=first_day)
    api.choose_sector(user.pk, course.course_key, character.sector, chosen_by=user.pk, now=first_day)
    last = follow_modules(user, course.course_key, character.modules, first_day, character.mistakes)
    if character.stage == Stage.FINISHED:
        api.award_if_fulfilled(user.pk, course.course_key, now=last + timedelta(minutes=1))
