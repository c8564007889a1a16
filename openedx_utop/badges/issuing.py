"""Signing the credential of an award: gathers the facts once; what it returns is stored as it is."""

import json
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import override

from openedx_utop.badges import addresses, rules
from openedx_utop.badges.data import AwardFacts, HolderGone
from openedx_utop.badges.endorsements.embedding import embedded
from openedx_utop.badges.models import Achievement, Skill
from openedx_utop.badges.proofs import signed
from openedx_utop.badges.statuses import Place, free_place
from openedx_utop.badges.tokens import token, token_key
from openedx_utop.compat import Person, platform
from openedx_utop.official_time import official_day
from openedx_utop.organizations.api import provider
from openedx_utop.signing_keys import signing_key
from openedx_utop.training.api import Action, action_of

SALT_BYTES = 8


def signed_credential(award: AwardFacts, *, now: datetime, renewed_at: datetime | None = None) -> dict[str, Any]:
    """The columns of a new credential, in the language of the installation; valid from the award on, or its renewal.

    Raises SigningKeyMissing, SigningKeyInvalid, and HolderGone.
    """
    key, other_key = signing_key(), token_key()
    holder = _holder(award.user_id)
    method = provider(award.action.provider_id).revocation_method
    identifier, place = uuid.uuid4(), free_place(method, now=now)
    with override(settings.LANGUAGE_CODE):
        content = _content(identifier, award, holder, place, renewed_at)
        document = signed(rules.credential_document(content), key, created=rules.instant(now))
    return {
        "uuid": identifier,
        "document": json.dumps(document, ensure_ascii=False),
        "token": token(document, other_key) if other_key else "",
        "issued_at": now,
        "holder_name": holder.full_name.strip() or holder.username,
        "status_list_id": place.list_id,
        "status_index": place.index,
        "expires_at": content.expires_at,
    }


def achievement_said(record: Achievement) -> rules.Achievement:
    """What the badge says, with its addresses, and what others say of it."""
    action = action_of(record.action)
    said = rules.Achievement(
        address=addresses.achievement_address(record.uuid),
        image=addresses.picture_address(record.image.sha256) if record.image else addresses.image_address(record.uuid),
        name=record.name,
        description=record.description,
        criteria=record.criteria,
        required_grade=action.required_grade,
        alignments=_alignments(record.skills.all()),
        validity_months=record.validity_months,
        level=record.get_level_display(),
        trade=record.sector.name if record.sector else "",
    )
    return replace(said, endorsements=embedded(record.pk, said, now=timezone.now()))


def _alignments(skills: Iterable[Skill]) -> tuple[rules.Alignment, ...]:
    return tuple(rules.Alignment(skill.framework, skill.code, skill.name, iri_to_uri(skill.url)) for skill in skills)


def _holder(user_id: int) -> Person:
    holder = platform().person(user_id)
    if holder is None or not holder.email:
        raise HolderGone(user_id)
    return holder


def _content(
    identifier: uuid.UUID, award: AwardFacts, holder: Person, place: Place, renewed_at: datetime | None
) -> rules.Content:
    return rules.Content(
        address=addresses.credential_address(identifier),
        subject=uuid.uuid4().urn,
        status=place.entry,
        issuer=issuer_said(award.action),
        achievement=achievement_said(_achievement(award.action)),
        action=award.action,
        email=holder.email,
        salt=secrets.token_hex(SALT_BYTES),
        awarded_at=award.awarded_at,
        awarded_on=official_day(award.awarded_at),
        evaluation=award.evaluation,
        renewed_at=renewed_at,
    )


def issuer_said(action: Action) -> rules.Issuer:
    """Who signs, as the badge says it."""
    facts = provider(action.provider_id)
    url = iri_to_uri(facts.url or settings.LMS_ROOT_URL)
    return rules.Issuer(addresses.issuer(), facts.name, url, facts.email)


def _achievement(action: Action) -> Achievement:
    texts = {"name": action.title, "description": rules.description(action), "criteria": rules.criteria(action)}
    known = Achievement.objects.select_related("action", "image", "sector")
    record, _is_new = known.get_or_create(action_id=action.action_id, defaults=texts)
    return record
