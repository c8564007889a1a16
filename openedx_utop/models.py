"""Django's door to every domain's models."""

from openedx_utop.attendance.assistance.models import AssistanceContact
from openedx_utop.attendance.models import IdleAccommodation, LearnerClock, Presence
from openedx_utop.attestations.models import Attestation
from openedx_utop.badges.models import Achievement, Award, Credential, StatusList
from openedx_utop.organizations.models import Employer, Employment, Provider
from openedx_utop.sectors.models import Sector, SectorChoice, SectorRule, Track
from openedx_utop.steering.models import Progress
from openedx_utop.training.models import ModuleEstimate, TrainingAction

__all__ = [
    "Achievement",
    "AssistanceContact",
    "Attestation",
    "Award",
    "Credential",
    "Employer",
    "Employment",
    "IdleAccommodation",
    "LearnerClock",
    "ModuleEstimate",
    "Presence",
    "Progress",
    "Provider",
    "Sector",
    "SectorChoice",
    "SectorRule",
    "StatusList",
    "Track",
    "TrainingAction",
]
