"""Django's door to every domain's admin."""

from openedx_utop.attendance import admin as attendance
from openedx_utop.attendance.addresses import admin as addresses
from openedx_utop.attendance.corrections import admin as corrections
from openedx_utop.attendance.journal import admin as journal
from openedx_utop.attestations import admin as attestations
from openedx_utop.badges import admin as badges
from openedx_utop.badges.endorsements import admin as endorsements
from openedx_utop.badges.platforms import admin as badge_platforms
from openedx_utop.badges.validations import admin as validations
from openedx_utop.enrolment import admin as enrolment
from openedx_utop.organizations import admin as organizations
from openedx_utop.sectors import admin as sectors
from openedx_utop.sectors import rule_admin as rules
from openedx_utop.training import admin as training

__all__ = [
    "addresses",
    "attendance",
    "attestations",
    "badge_platforms",
    "badges",
    "corrections",
    "endorsements",
    "enrolment",
    "journal",
    "organizations",
    "rules",
    "sectors",
    "training",
    "validations",
]
