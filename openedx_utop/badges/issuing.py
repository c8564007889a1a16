"""Signing the credential of an award: gathers the facts once; what it returns is stored as it is."""

import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeGuard

from django.conf import settings
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import override

from openedx_utop.badges import addresses, rules
from openedx_utop.badges.achievements import achievement_facts, module_titles
from openedx_utop.badges.criteria import criteria
from openedx_utop.badges.data import AwardFacts, HolderGone
from openedx_utop.badges.endorsements.covering import with_what_fits
from openedx_utop.badges.endorsements.embedding import embedded, embedded_of_issuer
from openedx_utop.badges.evidence import narrative
from openedx_utop.badges.models import Achievement, Skill
from openedx_utop.badges.moulds import Badge, badge_of
from openedx_utop.badges.pictures import shipped_digest
from openedx_utop.badges.proofs import Texts, signed_text
from openedx_utop.badges.statuses import Place, free_place
from openedx_utop.badges.tokens import Claims, token, token_key
from openedx_utop.badges.versions import keep_version
from openedx_utop.compat import Person, platform
from openedx_utop.official_time import official_day
from openedx_utop.organizations.api import ProviderFacts, provider
from openedx_utop.signing_keys import signing_key
from openedx_utop.training.api import Action, action_of

SALT_BYTES = 8
LONGEST_NAME = 255


def signed_credential(award: AwardFacts, *, now: datetime, renewed_at: datetime | None = None) -> dict[str, Any]:
    """The columns of a new credential, in the language of the installation; valid from the award on, or its renewal.

    Raises SigningKeyMissing, SigningKeyInvalid, TokenKeyInvalid, and HolderGone.
    """
    signer, holder = Signer(now=now), platform().person(award.user_id)
    if not can_hold(holder):
        raise HolderGone(award.user_id)
    with override(settings.LANGUAGE_CODE):
        place = free_place(provider(award.action.provider_id).revocation_method, now=now)
        (columns,) = signer.signed([signer.draft(award, holder, place, renewed_at=renewed_at)])
    return columns


def can_hold(holder: Person | None) -> TypeGuard[Person]:
    """Whether there is somebody, whom an address tells from others."""
    return bool(holder and holder.email)


def name_of(holder: Person) -> str:
    """As a credential keeps it, beside what is signed."""
    return rules.cleaned(holder.full_name).strip()[:LONGEST_NAME] or holder.username


@dataclass(frozen=True)
class Draft:
    """A credential that lacks its proofs: its other columns, what it says, and what its claims say again."""

    columns: Mapping[str, Any]
    texts: Texts
    claims: Claims


class Signer:
    """Signs credentials, all at one moment: what they share is read once. Use it in the language of the installation.

    Raises SigningKeyMissing, SigningKeyInvalid and TokenKeyInvalid.
    """

    def __init__(self, *, now: datetime) -> None:
        self._now, self._created = now, rules.instant(now)
        self._key, self._token_key = signing_key(), token_key()
        self._badges: dict[int, Badge] = {}

    def draft(self, award: AwardFacts, holder: Person, place: Place, *, renewed_at: datetime | None = None) -> Draft:
        """A new credential of the award, which takes this place in its status list; raises UnsignableDocument."""
        identifier, badge, salt = uuid.uuid4(), self._badge(award), secrets.token_hex(SALT_BYTES)
        valid_from = renewed_at or award.awarded_at
        expires_at = rules.expiry(valid_from, badge.achievement)
        own = rules.Particulars(
            address=addresses.credential_address(identifier),
            subject=uuid.uuid4().urn,
            status=place.entry,
            identity_hash=rules.identity_hash(holder.email.strip().lower(), salt),
            salt=salt,
            valid_from=rules.instant(valid_from),
            valid_until=rules.instant(expires_at) if expires_at else None,
            result=rules.result(award.evaluation),
            narrative=rules.cleaned(narrative(award.action, award.evaluation, official_day(award.awarded_at))),
        )
        columns = {
            "uuid": identifier,
            "issued_at": self._now,
            "holder_name": name_of(holder),
            "status_list_id": place.list_id,
            "status_index": place.index,
            "expires_at": expires_at,
        }
        claims = Claims(badge.issuer.id, own.address, own.subject, own.valid_from, own.valid_until)
        return Draft(columns, badge.texts(own), claims)

    def signed(self, drafts: Sequence[Draft]) -> list[dict[str, Any]]:
        """The columns of these credentials.

        First all proofs of one kind, then all of the other: in turns they push each other's tables, and everything
        else, out of the processor's caches, and take half as long again.
        """
        key, other = self._key, self._token_key
        documents = [signed_text(each.texts, each.claims.issuer, key, created=self._created) for each in drafts]
        tokens = [token(each.texts.json, each.claims, other) if other else "" for each in drafts]
        signed = zip(drafts, documents, tokens, strict=True)
        return [{**each.columns, "document": document, "token": jwt} for each, document, jwt in signed]

    def _badge(self, award: AwardFacts) -> Badge:
        """What every award of its badge says."""
        number = award.achievement.achievement_id or 0
        if number not in self._badges:
            record = _achievement(award)
            self._badges[number] = badge_of(*said_together(award.action, record))
            keep_version(record.pk, self._badges[number].achievement)
        return self._badges[number]


def achievement_said(record: Achievement) -> rules.Achievement:
    """What the badge says, with its addresses, and what others say of it."""
    endorsements = embedded(record.pk, partial(_said, record), now=timezone.now())
    return replace(_said(record), endorsements=endorsements)


def _said(record: Achievement) -> rules.Achievement:
    action = action_of(record.action)
    facts = achievement_facts(record, action)
    return rules.Achievement(
        address=addresses.achievement_address(record.uuid),
        image=addresses.picture_address(record.image.sha256 if record.image else shipped_digest()),
        name=record.name,
        description=record.description,
        criteria=record.criteria or criteria(action, facts.conditions, module_titles(facts, action)),
        required_grade=facts.conditions.required_grade,
        alignments=_alignments(record.skills.all()),
        validity_months=record.validity_months,
        level=record.get_level_display(),
        trade=record.sector.name if record.sector else "",
    )


def _alignments(skills: Iterable[Skill]) -> tuple[rules.Alignment, ...]:
    return tuple(rules.Alignment(skill.framework, skill.code, skill.name, iri_to_uri(skill.url)) for skill in skills)


def said_together(action: Action, record: Achievement) -> tuple[rules.Issuer, rules.Achievement]:
    """What a badge says of its issuer and of itself, each with what others say of it."""
    issuer, achievement = issuer_said(action), achievement_said(record)
    return with_what_fits(issuer, achievement), achievement


def issuer_said(action: Action) -> rules.Issuer:
    """Who signs: the training provider, in the name of this installation, and what others say of it."""
    said = provider_said(provider(action.provider_id))
    return replace(said, endorsements=embedded_of_issuer(action.provider_id, said, now=timezone.now()))


def provider_said(facts: ProviderFacts) -> rules.Issuer:
    """A training provider as badges name it."""
    return rules.Issuer(addresses.issuer(), facts.name, iri_to_uri(facts.url or settings.LMS_ROOT_URL), facts.email)


def _achievement(award: AwardFacts) -> Achievement:
    return Achievement.objects.select_related("action", "image", "sector").get(awards__uuid=award.uuid)
