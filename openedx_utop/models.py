"""Django's door to every domain's models."""

from openedx_utop.attendance.addresses.models import ConnectionAddress
from openedx_utop.attendance.assistance.models import AssistanceContact
from openedx_utop.attendance.corrections.models import Contest, ContestAnswer, Correction, CorrectionDecision
from openedx_utop.attendance.journal.models import JournalChain, JournalPen, JournalRow, JournalSeal
from openedx_utop.attendance.live.models import (
    LiveRegistration,
    LiveSession,
    LiveSessionChange,
    LiveSignature,
    LiveSlot,
    SigningAttempts,
    TrainerSignature,
)
from openedx_utop.attendance.models import IdleAccommodation, LearnerClock, Presence, PresencePlace
from openedx_utop.attestations.models import Attestation, ErasedAttestation
from openedx_utop.badges.choices.models import BadgeChoice
from openedx_utop.badges.endorsements.models import Endorsement, FormerText, GivenEndorsement
from openedx_utop.badges.expiry.models import ExpiryReminder
from openedx_utop.badges.models import (
    Achievement,
    AchievementImage,
    AchievementVersion,
    Award,
    Credential,
    Skill,
    SkillImport,
    StatusList,
)
from openedx_utop.badges.platforms.models import Delivery, PlatformAchievement
from openedx_utop.badges.validations.models import Awaited, Validation
from openedx_utop.enrolment.models import EnrolmentLine, EnrolmentList, Invitation, ListManager, Seat, SeatPlan
from openedx_utop.organizations.models import (
    EligibilityDecision,
    Employer,
    Employment,
    Provider,
    RegisterAnswer,
    WithoutCompany,
)
from openedx_utop.sectors.authoring.models import TrackPlanVersion
from openedx_utop.sectors.changes.models import ChangeAnswer, ChangeRequest
from openedx_utop.sectors.levels.models import CourseLevel, LevelChoice, LevelGroup
from openedx_utop.sectors.models import Sector, SectorChoice, Track
from openedx_utop.sectors.rulebook.models import AgreementOpco, RuleImport, SectorRule
from openedx_utop.steering.models import Progress
from openedx_utop.training.models import AttendancePolicy, ModuleEstimate, TrainingAction

__all__ = [
    "Achievement",
    "AchievementImage",
    "AchievementVersion",
    "AgreementOpco",
    "AssistanceContact",
    "AttendancePolicy",
    "Attestation",
    "Awaited",
    "Award",
    "BadgeChoice",
    "ChangeAnswer",
    "ChangeRequest",
    "ConnectionAddress",
    "Contest",
    "ContestAnswer",
    "Correction",
    "CorrectionDecision",
    "CourseLevel",
    "Credential",
    "Delivery",
    "EligibilityDecision",
    "Employer",
    "Employment",
    "Endorsement",
    "EnrolmentLine",
    "EnrolmentList",
    "ErasedAttestation",
    "ExpiryReminder",
    "FormerText",
    "GivenEndorsement",
    "IdleAccommodation",
    "Invitation",
    "JournalChain",
    "JournalPen",
    "JournalRow",
    "JournalSeal",
    "LearnerClock",
    "LevelChoice",
    "LevelGroup",
    "ListManager",
    "LiveRegistration",
    "LiveSession",
    "LiveSessionChange",
    "LiveSignature",
    "LiveSlot",
    "ModuleEstimate",
    "PlatformAchievement",
    "Presence",
    "PresencePlace",
    "Progress",
    "Provider",
    "RegisterAnswer",
    "RuleImport",
    "Seat",
    "SeatPlan",
    "Sector",
    "SectorChoice",
    "SectorRule",
    "SigningAttempts",
    "Skill",
    "SkillImport",
    "StatusList",
    "Track",
    "TrackPlanVersion",
    "TrainerSignature",
    "TrainingAction",
    "Validation",
    "WithoutCompany",
]
