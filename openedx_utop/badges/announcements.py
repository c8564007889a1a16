"""The platform's own events about badges, for whoever listens on the event bus, and for its tracking log."""

from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from openedx_events.learning.data import BadgeData, BadgeTemplateData, UserData, UserPersonalData
from openedx_events.learning.signals import BADGE_AWARDED, BADGE_REVOKED
from openedx_events.tooling import OpenEdxPublicSignal

from openedx_utop import tracking
from openedx_utop.badges.addresses import achievement_address, credential_address, image_address
from openedx_utop.badges.models import Credential
from openedx_utop.compat import Person, platform

ORIGIN = "openedx_utop"
TRACKED: Final = {BADGE_AWARDED: tracking.BADGE_AWARDED, BADGE_REVOKED: tracking.BADGE_REVOKED}


def announce(
    signal: OpenEdxPublicSignal,
    record: Credential,
    holder: Person | None = None,
    *,
    event: str | None = None,
    replaces: UUID | None = None,
) -> None:
    """Send and note it after the commit; nothing is said of somebody whose account is gone.

    `event`: its name in the tracking log, where it is another; empty for what is noted as a part of something else.
    `replaces`: the credential in whose place this one is.
    """
    holder = holder or platform().person(record.award.user_id)
    if holder is None:
        return
    achievement = record.award.achievement
    badge = BadgeData(
        uuid=str(record.uuid),
        user=UserData(
            id=holder.user_id,
            is_active=holder.is_active,
            pii=UserPersonalData(username=holder.username, email=holder.email, name=holder.full_name),
        ),
        template=BadgeTemplateData(
            uuid=str(achievement.uuid),
            origin=ORIGIN,
            name=achievement.name,
            description=achievement.description,
            image_url=image_address(achievement.uuid),
        ),
    )
    transaction.on_commit(partial(signal.send_event, badge=badge))
    name = TRACKED[signal] if event is None else event
    if not name:
        return
    noted = partial(
        tracking.badge_changed,
        name,
        holder.user_id,
        record.award.action.course_key,
        credential=credential_address(record.uuid),
        badge=achievement_address(achievement.uuid),
        name=achievement.name,
        replaces=credential_address(replaces) if replaces else "",
    )
    transaction.on_commit(noted, robust=True)
