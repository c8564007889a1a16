"""What an operator enters: provider, sectors, rules, companies, the training action and its badge."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from demo.badge_platform import BADGE, NAME
from demo.fakes.endorser import endorsement
from demo.models import Course
from openedx_utop.badges.addresses import achievement_address
from openedx_utop.badges.endorsements.api import keep
from openedx_utop.badges.models import Achievement, Skill
from openedx_utop.badges.platforms.models import PlatformAchievement
from openedx_utop.organizations.models import Employer, Provider
from openedx_utop.sectors.api import set_track
from openedx_utop.sectors.models import Sector
from openedx_utop.signing_keys import key_from_seed, new_seed
from openedx_utop.training.models import TrainingAction

RULES = Path(__file__).resolve().parent / "sector_rules.csv"

# Slug → name, which is also the name of the course's content group.
SECTORS = {
    "sante": "Santé et action sociale",
    "ess": "Économie sociale et solidaire",
    "hotel": "Hôtellerie et restauration",
    "banque": "Banque et assurance",
    "alimentaire": "Industrie alimentaire",
}
# SIRET, name, IDCC. The numbers satisfy the checksum and belong to nobody.
COMPANIES = (
    ("90000000100017", "Auberge d’essai (données fictives)", "1979"),
    ("90000001900019", "Banque d’essai (données fictives)", "2120"),
    ("90000002700012", "Foyer d’essai (données fictives)", "0413"),
    ("90000003500015", "Conserverie d’essai (données fictives)", "7001"),
)


def sow_operator(course: Course, *, today: date) -> None:
    """Everything that must be there before the learners come."""
    for slug, name in SECTORS.items():
        Sector.objects.create(slug=slug, name=name)
        set_track(course.course_key, slug, name)
    call_command("utop_import_idcc", "--opco", stdout=StringIO())
    call_command("utop_import_idcc", RULES, stdout=StringIO())
    for siret, name, idcc in COMPANIES:
        Employer.objects.create(siret=siret, name=name, idcc=idcc)
    _sow_action(course, today)


def _sow_action(course: Course, today: date) -> None:
    provider = Provider.objects.create(
        name="Organisme d’essai (données fictives)",
        siret="90000004300010",
        activity_number="99999999999",
        address="1 rue de l’Exemple\n99999 Ville-Fictive",
        email="formation@example.org",
        url="https://example.org/",
        representative="Andrea Exemple",
        representative_title="Direction pédagogique",
        colour="#0b5d57",
        second_colour="#ffd166",
    )
    action = TrainingAction.objects.create(
        course_key=course.course_key,
        provider=provider,
        title=course.title,
        objectives=(
            "Repérer ce que le numérique peut changer dans sa petite entreprise, choisir par où commencer, protéger"
            " ses données et mesurer les résultats dans son métier."
        ),
        starts_on=today - timedelta(days=42),
        ends_on=today + timedelta(days=120),
        required_grade=Decimal(60),
        required_minutes=60,
    )
    achievement = Achievement.objects.create(
        action=action,
        name="Transition numérique de la TPE-PME",
        description="Sait conduire les premières étapes de la transition numérique d’une petite entreprise.",
        criteria=(
            "Avoir suivi les huit modules communs et les huit modules de son métier, répondu juste à au moins 60 % des"
            " questions et passé au moins une heure sur la plateforme."
        ),
    )
    call_command("utop_import_skills", stdout=StringIO())
    achievement.skills.set(Skill.objects.filter(framework="DigComp 2.2", code__in=["4.2", "5.2"]))
    PlatformAchievement.objects.create(achievement=achievement, platform=NAME, badge=BADGE)
    _sow_endorsement(achievement)


def _sow_endorsement(achievement: Achievement) -> None:
    """An organisation whose key is its name, so that the demonstration asks no server for it."""
    key = key_from_seed(new_seed())
    did = f"did:key:{key.multikey}"
    profile = {"id": did, "type": ["Profile"], "name": "OPCO d’essai (données fictives)", "url": "https://example.org/"}
    signed = endorsement(did, key, achievement_address(achievement.uuid), issuer=profile)
    keep(achievement.uuid, json.dumps(signed, ensure_ascii=False), by=None, now=timezone.now())
