"""Saying no to a badge, and yes again: the learner's own decision, for which no reason is asked."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from openedx_utop.badges.awarding import award_record, awards_of
from openedx_utop.badges.choices import api as choices
from openedx_utop.badges.credentials import issue_credential, last_credential, lock_award, revoke
from openedx_utop.badges.data import AwardFacts, CredentialFacts, UnknownAward
from openedx_utop.badges.models import Award, Credential


def refuse(award_uuid: UUID, user_id: int, *, now: datetime) -> None:
    """The holder does not want the badge, made or not: it ends for everyone and is shown no more. The award stays.

    Raises UnknownAward for an award that is not the learner's, SigningKeyMissing and SigningKeyInvalid.
    """
    record = _own_award(award_uuid, user_id)
    with override(settings.LANGUAGE_CODE), transaction.atomic():
        lock_award(record.pk)
        choices.decide(user_id, record.pk, is_wanted=False, now=now)
        made = Credential.objects.filter(award=record)
        for live in made.select_for_update().filter(is_live=True):
            revoke(live.uuid, _("Withdrawn at its holder’s request."), by=user_id, now=now)
        made.update(is_shown=False, name_is_public=False)


def accept(award_uuid: UUID, user_id: int, *, now: datetime) -> CredentialFacts:
    """The holder wants the badge after all: a new one, unless the issuer had ended the former before.

    Raises UnknownAward for an award that is not the learner's, and what `issue_credential` raises.
    """
    record = _own_award(award_uuid, user_id)
    with transaction.atomic():
        lock_award(record.pk)
        choices.decide(user_id, record.pk, is_wanted=True, now=now)
        last = last_credential(record)
        return issue_credential(award_uuid, now=now, again=bool(last and last.revoked_by == user_id))


def choose(user_id: int, *, is_wanted: bool, now: datetime) -> None:
    """Whether the learner wants the badges of awards to come; those that are there stay as they are."""
    choices.decide(user_id, None, is_wanted=is_wanted, now=now)


def is_badge_refused(award_uuid: UUID) -> bool:
    """Whether the learner refuses the badge of an award; raises UnknownAward."""
    record = award_record(award_uuid)
    return choices.is_refused(record.user_id, record.pk)


def refused_awards(user_id: int) -> tuple[AwardFacts, ...]:
    """The learner's awards whose badge they refuse, the latest first."""
    records = {each.uuid: each.pk for each in Award.objects.filter(user_id=user_id)}
    return tuple(each for each in awards_of(user_id) if choices.is_refused(user_id, records[each.uuid]))


def _own_award(award_uuid: UUID, user_id: int) -> Award:
    """The row of an award of this learner; raises UnknownAward."""
    record = award_record(award_uuid)
    if record.user_id != user_id:
        raise UnknownAward(award_uuid)
    return record
