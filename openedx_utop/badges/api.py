"""The badges domain's door."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.api import total_seconds
from openedx_utop.badges import keys, proofs, rules
from openedx_utop.badges.addresses import issuer
from openedx_utop.badges.baking import baked
from openedx_utop.badges.data import (
    AwardFacts,
    CredentialFacts,
    HolderGone,
    SigningKeyInvalid,
    SigningKeyMissing,
    UnknownAchievement,
    UnknownAward,
    UnknownCredential,
)
from openedx_utop.badges.issuing import achievement_said, signed_credential
from openedx_utop.badges.models import Achievement, Award, Credential
from openedx_utop.compat import platform
from openedx_utop.events.data import AwardData
from openedx_utop.events.signals import AWARD_GRANTED
from openedx_utop.sectors.api import has_track, learner_sector
from openedx_utop.training.api import Action, Evaluation, action_for, evaluate

__all__ = [
    "AwardFacts",
    "CredentialFacts",
    "HolderGone",
    "SigningKeyInvalid",
    "SigningKeyMissing",
    "UnknownAchievement",
    "UnknownAward",
    "UnknownCredential",
    "achievement_document",
    "achievement_image",
    "all_awards",
    "award",
    "award_all",
    "award_if_fulfilled",
    "awards_of",
    "credential",
    "credential_png",
    "credentials_of",
    "evaluation",
    "forget_learner",
    "issue_credential",
    "issuer_document",
    "proof_holds",
    "show_name",
]

IMAGE = Path(__file__).parent.parent / "static" / "openedx_utop" / "badge.png"


def evaluation(user_id: int, course_key: CourseKey) -> Evaluation | None:
    """Where the learner stands against the conditions of the course's action; None if it has no action."""
    action = action_for(course_key)
    return _evaluation(user_id, action) if action else None


def award_if_fulfilled(user_id: int, course_key: CourseKey, *, now: datetime) -> AwardFacts | None:
    """The learner's award, made now if the conditions hold and it is not there yet; None if they do not hold.

    Two calls at once make one award, and announce it once, after the commit.
    """
    action = action_for(course_key)
    if action is None:
        return None
    earlier = Award.objects.select_related("action").filter(user_id=user_id, action_id=action.action_id).first()
    if earlier:
        return _award(earlier)
    # The cheapest condition first: this is asked after every burst of activity.
    if total_seconds(user_id, course_key) < action.required_seconds:
        return None
    reached = _evaluation(user_id, action)
    return _grant(user_id, reached, now) if reached.is_fulfilled else None


def award_all(course_key: CourseKey, *, now: datetime) -> tuple[AwardFacts, ...]:
    """The awards of every enrolled learner who fulfils the conditions, made now where they were still owed."""
    learners = platform().enrolled_learners(course_key)
    found = (award_if_fulfilled(user_id, course_key, now=now) for user_id in learners)
    return tuple(award for award in found if award)


def award(uuid: UUID) -> AwardFacts:
    """One award; raises UnknownAward."""
    return _award(_award_record(uuid))


def all_awards() -> Iterator[AwardFacts]:
    """Every award, the oldest first, read in portions."""
    return (_award(record) for record in Award.objects.select_related("action").order_by("pk").iterator())


def awards_of(user_id: int) -> tuple[AwardFacts, ...]:
    """The learner's awards, the latest first."""
    records = Award.objects.select_related("action").filter(user_id=user_id).order_by("-awarded_at")
    return tuple(_award(record) for record in records)


def issue_credential(award_uuid: UUID, *, now: datetime) -> CredentialFacts:
    """The award's credential, signed now if it is not there yet; two calls at once leave one.

    Raises UnknownAward, SigningKeyMissing, SigningKeyInvalid, and HolderGone once the account is gone.
    """
    record = _award_record(award_uuid)
    stored = Credential.objects.filter(award=record).first()
    if stored is None:
        values = signed_credential(_award(record), now=now)
        stored, _created = Credential.objects.get_or_create(award=record, defaults=values)
    return _credential(stored)


def credential(uuid: UUID) -> CredentialFacts:
    """One credential; raises UnknownCredential."""
    record = Credential.objects.select_related("award__action").filter(uuid=uuid).first()
    if record is None:
        raise UnknownCredential(uuid)
    return _credential(record)


def credentials_of(user_id: int) -> tuple[CredentialFacts, ...]:
    """The learner's credentials, the latest first."""
    records = Credential.objects.select_related("award__action").filter(award__user_id=user_id).order_by("-issued_at")
    return tuple(_credential(record) for record in records)


def credential_png(uuid: UUID) -> bytes:
    """The badge's picture with the signed credential inside; raises UnknownCredential."""
    return baked(achievement_image(), credential(uuid).document)


def achievement_image() -> bytes:
    """The badge's picture, a PNG."""
    return IMAGE.read_bytes()


def achievement_document(uuid: UUID) -> dict[str, Any]:
    """What a badge says, as JSON-LD; raises UnknownAchievement."""
    record = Achievement.objects.select_related("action").filter(uuid=uuid).first()
    if record is None:
        raise UnknownAchievement(uuid)
    return rules.achievement_document(achievement_said(record))


def issuer_document() -> dict[str, Any]:
    """The DID document of this installation; raises SigningKeyMissing and SigningKeyInvalid."""
    return keys.issuer_document(issuer(), keys.signing_key().multikey)


def proof_holds(document: str) -> bool:
    """Whether a credential's text carries this installation's signature, unaltered.

    Raises SigningKeyMissing and SigningKeyInvalid.
    """
    multikey = keys.signing_key().multikey
    try:
        read = json.loads(document)
    except ValueError:
        return False
    return isinstance(read, dict) and proofs.holds(read, multikey=multikey)


def show_name(uuid: UUID, user_id: int, public: bool) -> None:
    """Let the holder show or hide the full name to whoever verifies; raises UnknownCredential for anyone else."""
    if not Credential.objects.filter(uuid=uuid, award__user_id=user_id).update(name_is_public=public):
        raise UnknownCredential(uuid)


def forget_learner(user_id: int) -> None:
    """Stop showing the name; awards and credentials stay as evidence."""
    Credential.objects.filter(award__user_id=user_id).update(name_is_public=False)


def _evaluation(user_id: int, action: Action) -> Evaluation:
    return evaluate(
        user_id,
        action,
        has_track=has_track(user_id, action.course_key),
        presence_seconds=total_seconds(user_id, action.course_key),
    )


def _grant(user_id: int, reached: Evaluation, now: datetime) -> AwardFacts:
    figures = rules.frozen(reached, learner_sector(user_id, reached.action.course_key))
    with transaction.atomic():
        record, is_new = Award.objects.select_related("action").get_or_create(
            user_id=user_id,
            action_id=reached.action.action_id,
            defaults={"awarded_at": now, "evaluation": figures},
        )
        if is_new:
            data = AwardData(record.uuid, user_id, reached.action.course_key, now)
            transaction.on_commit(partial(AWARD_GRANTED.send_event, award=data))
    return _award(record)


def _award_record(uuid: UUID) -> Award:
    record = Award.objects.select_related("action").filter(uuid=uuid).first()
    if record is None:
        raise UnknownAward(uuid)
    return record


def _award(record: Award) -> AwardFacts:
    # An action with awards cannot be deleted.
    action = cast(Action, action_for(record.action.course_key))
    return AwardFacts(
        uuid=record.uuid,
        user_id=record.user_id,
        course_key=action.course_key,
        action=action,
        awarded_at=record.awarded_at,
        evaluation=record.evaluation,
    )


def _credential(record: Credential) -> CredentialFacts:
    return CredentialFacts(
        uuid=record.uuid,
        award=_award(record.award),
        document=record.document,
        issued_at=record.issued_at,
        holder_name=record.holder_name,
        name_is_public=record.name_is_public,
    )
