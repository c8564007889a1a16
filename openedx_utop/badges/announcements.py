"""The platform's own events about badges, for whoever listens on the event bus, and for its tracking log."""

from collections.abc import Mapping
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
    *records: Credential,
    holders: Mapping[int, Person] | None = None,
    event: str | None = None,
    replaces: UUID | None = None,
) -> None:
    """Send and note it after the commit; nothing is said of somebody whose account is gone.

    `event`: its name in the tracking log, where it is another; empty for what is noted as a part of something else.
    `replaces`: the credential in whose place this one is.
    """
    if holders is None:
        holders = platform().persons({record.award.user_id for record in records})
    name = TRACKED[signal] if event is None else event
    for record in records:
        holder = holders.get(record.award.user_id)
        if holder:
            transaction.on_commit(partial(_send, signal, record, holder), robust=True)
            if name:
                transaction.on_commit(partial(_note, name, record, replaces), robust=True)


def _send(signal: OpenEdxPublicSignal, record: Credential, holder: Person) -> None:
    # What an event holds is not put together for nobody.
    if signal.has_listeners():
        signal.send_event(badge=_badge(record, holder))


def _badge(record: Credential, holder: Person) -> BadgeData:
    achievement = record.award.achievement
    return BadgeData(
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


def _note(event: str, record: Credential, replaces: UUID | None) -> None:
    award = record.award
    tracking.badge_changed(
        event,
        award.user_id,
        award.action.course_key,
        credential=credential_address(record.uuid),
        badge=achievement_address(award.achievement.uuid),
        name=award.achievement.name,
        replaces=credential_address(replaces) if replaces else "",
    )
