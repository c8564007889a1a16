"""System checks that tell the operator what is missing."""

from django.core.checks import register

from openedx_utop.badges.checks import check_signing_key

register(check_signing_key)
