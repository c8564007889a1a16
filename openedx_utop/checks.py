"""System checks that tell the operator what is missing."""

from django.core.checks import Tags, register

from openedx_utop.attendance.checks import check_beats, check_idle_limits, check_recorder
from openedx_utop.attendance.journal.checks import check_protection
from openedx_utop.badges.checks import check_signing_key
from openedx_utop.sectors.checks import check_teams_switch

register(check_beats)
register(check_idle_limits)
register(check_recorder)
register(check_signing_key)
register(check_protection, Tags.database)
register(check_teams_switch, Tags.database)
