"""A badge whose holder has another name or address since: found out, and issued anew at the holder's wish.

Not by itself: whoever follows a link that was shared finds the former one revoked, and names are changed back.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from openedx_utop.badges.credentials import credential, credentials_of, end, issue_credential, lock_award
from openedx_utop.badges.data import CredentialFacts, UnknownCredential
from openedx_utop.badges.issuing import can_hold, name_of
from openedx_utop.badges.models import Credential
from openedx_utop.badges.rules import identity_hash
from openedx_utop.compat import Person, platform


@dataclass(frozen=True)
class Outdated:
    """How a badge names its holder, and how the account does today; `is_address_other`: it is of another e-mail."""

    name: str
    name_today: str
    is_address_other: bool


def outdated(found: CredentialFacts, holder: Person | None) -> Outdated | None:
    """What of a live badge is no longer its holder's; None if nothing is, or nobody is there to hold another."""
    if found.revocation or not can_hold(holder):
        return None
    name, is_address_other = name_of(holder), not _is_addressed_to(found.document, holder)
    if name == found.holder_name and not is_address_other:
        return None
    return Outdated(found.holder_name, name, is_address_other)


def correct(uuid: UUID, user_id: int, *, now: datetime) -> CredentialFacts:
    """A badge in the holder's name and for the address of today, in place of this one; the same if nothing changed.

    However often and by how many at once it is asked, one is made; what was revoked meanwhile stays so. Raises
    UnknownCredential for one that is not the learner's, and what `issue_credential` raises.
    """
    found = credential(uuid)
    if found.award.user_id != user_id:
        raise UnknownCredential(uuid)
    if outdated(found, platform().person(user_id)) is None:
        return found
    record = Credential.objects.select_related("award__action", "award__achievement").get(uuid=uuid)
    with override(settings.LANGUAGE_CODE), transaction.atomic():
        lock_award(record.award_id)
        # Nobody's: to the holder's own revocations a badge is a refused one.
        reason = _("Replaced: the name or the address of its holder was corrected.")
        if not end(record, reason, by=None, now=now, event=""):
            return found
        return issue_credential(found.award.uuid, now=now, again=True)


def successor(former: CredentialFacts) -> CredentialFacts | None:
    """The badge of the same award that holds in place of a revoked one; None if there is none that may be shown.

    After a refusal there is none: its holder wanted nobody to be led anywhere.
    """
    if former.revocation is None or former.revocation.by_holder:
        return None
    of_award = (each for each in credentials_of(former.award.user_id) if each.award.uuid == former.award.uuid)
    return next((each for each in of_award if each.revocation is None and each.is_shown), None)


def _is_addressed_to(document: str, holder: Person) -> bool:
    identities = json.loads(document)["credentialSubject"]["identifier"]
    address = holder.email.strip().lower()
    return any(each["identityHash"] == identity_hash(address, each.get("salt", "")) for each in identities)
