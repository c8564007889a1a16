"""The other facts that enter the journal, one row each: what was signed, corrected, contested, and by which policy.

Words that people wrote may name somebody, and addresses are kept for a time only: a row has the SHA-256 of such, the
live record has the rest.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from openedx_utop.attendance.addresses.models import ConnectionAddress
from openedx_utop.attendance.assistance.models import AssistanceContact
from openedx_utop.attendance.corrections.models import Contest, ContestAnswer, Correction, CorrectionDecision
from openedx_utop.attendance.journal.models import NO_LEARNER, JournalRow
from openedx_utop.attendance.live.models import LiveSession, LiveSessionChange, LiveSignature, TrainerSignature
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.training.models import AttendancePolicy


@dataclass(frozen=True)
class Record:
    """A fact of one learner (0: of the course). `fields` never change in the live record; `shown` was so that day."""

    number: int
    learner: int
    course: str
    fields: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Where the facts of one kind come from: `at` names the instant of a live record, `record` reads it.

    `goes`: live records of this kind are deleted when their time is over, so that a missing one is no defect.
    """

    kind: str
    live: Callable[[], QuerySet[Any]]
    at: str
    record: Callable[[Any], Record]
    goes: bool = False

    def waiting(self, until: datetime, *, after: int, limit: int) -> list[Record]:
        """The records made before that are not in the journal, by number."""
        entered = JournalRow.objects.filter(kind=self.kind, fact=OuterRef("pk"))
        live = self.live().filter(~Exists(entered), pk__gt=after, **{f"{self.at}__lt": until})
        return [self.record(one) for one in live.order_by("pk")[:limit]]

    def records(self, numbers: list[int]) -> dict[int, Record]:
        """Those of these numbers that are there."""
        return {one.pk: self.record(one) for one in self.live().filter(pk__in=numbers)}


def sources() -> Iterator[Source]:
    """Every kind, in the order in which they enter: a decision after what it decides."""
    yield Source("policy", lambda: AttendancePolicy.objects.select_related("action"), "created_at", _policy)
    yield Source("trainer", lambda: TrainerSignature.objects.select_related("slot__session"), "signed_at", _trainer)
    yield Source("signature", lambda: LiveSignature.objects.select_related("slot__session"), "signed_at", _signature)
    yield Source("correction", Correction.objects.all, "recorded_at", _correction)
    yield Source("decision", lambda: CorrectionDecision.objects.select_related("correction"), "decided_at", _decision)
    yield Source("contest", Contest.objects.all, "contested_at", _contest)
    yield Source("answer", lambda: ContestAnswer.objects.select_related("contest"), "answered_at", _answer)
    yield Source("contact", AssistanceContact.objects.all, "recorded_at", _contact)
    yield Source("changed", lambda: LiveSessionChange.objects.select_related("session"), "changed_at", _changed)
    yield Source("cancelled", _cancelled_sessions, "cancelled_at", _cancelled)
    yield Source("address", ConnectionAddress.objects.all, "seen_at", _address, goes=True)


def _policy(policy: AttendancePolicy) -> Record:
    names = [each.attname for each in policy._meta.concrete_fields if each.attname not in {"id", "action_id"}]
    fields = {name: _plain(getattr(policy, name)) for name in names}
    return Record(policy.pk, NO_LEARNER, str(policy.action.course_key), fields)


def _trainer(signature: TrainerSignature) -> Record:
    fields = {"slot": str(signature.slot.uuid), "by": signature.user_id, "at": milliseconds(signature.signed_at)}
    return Record(signature.pk, NO_LEARNER, str(signature.slot.session.course_key), fields)


def _signature(signature: LiveSignature) -> Record:
    slot, session = signature.slot, signature.slot.session
    fields = {
        "at": milliseconds(signature.signed_at),
        "by": signature.signed_by,
        "intervals": signature.intervals,
        "method": signature.method,
        "rank": signature.rank,
        "reason": _digest(signature.reason),
        "slot": str(slot.uuid),
    }
    shown = {
        "end": milliseconds(slot.end),
        "modality": session.modality,
        "module": _plain(session.module_key),
        "start": milliseconds(slot.start),
        "title": session.title,
    }
    return Record(signature.pk, signature.user_id, str(session.course_key), fields, shown)


def _correction(correction: Correction) -> Record:
    fields = {
        "at": milliseconds(correction.recorded_at),
        "by": correction.author_id,
        "day": correction.day.isoformat(),
        "document": correction.evidence_sha256,
        "module": _plain(correction.module_key),
        "pending": correction.needs_second_person,
        "reason": correction.reason_code,
        "role": correction.author_role,
        "seconds": correction.seconds,
        "words": _digest(correction.text),
    }
    return Record(correction.pk, correction.user_id, str(correction.course_key), fields)


def _decision(decision: CorrectionDecision) -> Record:
    fields = {
        "accepted": decision.is_accepted,
        "at": milliseconds(decision.decided_at),
        "by": decision.decided_by,
        "correction": decision.correction_id,
        "words": _digest(decision.why),
    }
    return Record(decision.pk, decision.correction.user_id, str(decision.correction.course_key), fields)


def _contest(contest: Contest) -> Record:
    fields = {
        "at": milliseconds(contest.contested_at),
        "claimed": contest.claimed_minutes * 60,
        "day": contest.day.isoformat() if contest.day else None,
        "module": _plain(contest.module_key),
        "seen": contest.shown_seconds,
        "words": _digest(contest.words),
    }
    return Record(contest.pk, contest.user_id, str(contest.course_key), fields)


def _answer(answer: ContestAnswer) -> Record:
    fields = {
        "at": milliseconds(answer.answered_at),
        "by": answer.answered_by,
        "contest": answer.contest_id,
        "correction": answer.correction_id,
        "words": _digest(answer.words),
    }
    return Record(answer.pk, answer.contest.user_id, str(answer.contest.course_key), fields)


def _contact(contact: AssistanceContact) -> Record:
    fields = {
        "at": milliseconds(contact.at),
        "by": contact.author_id,
        "channel": contact.channel,
        "direction": contact.direction,
        "minutes": contact.minutes,
        "subject": _digest(contact.subject),
        "withdraws": contact.withdraws_id,
        "words": _digest(contact.text),
    }
    return Record(contact.pk, contact.user_id, str(contact.course_key), fields)


def _cancelled_sessions() -> QuerySet[Any]:
    return LiveSession.objects.filter(cancelled_at__isnull=False).prefetch_related("slots")


def _cancelled(session: LiveSession) -> Record:
    fields = {
        "at": milliseconds(session.cancelled_at) if session.cancelled_at else None,
        "by": session.cancelled_by,
        "reason": _digest(session.cancellation_reason),
        "slots": sorted(str(slot.uuid) for slot in session.slots.all()),
    }
    return Record(session.pk, NO_LEARNER, str(session.course_key), fields, {"title": session.title})


def _changed(change: LiveSessionChange) -> Record:
    # The link of a videoconference lets in whoever has it.
    hidden = {"link": [_digest(link) for link in change.changes.get("link", ())]}
    fields = {
        "at": milliseconds(change.changed_at),
        "by": change.changed_by,
        "changes": {what: hidden.get(what, pair) for what, pair in change.changes.items()},
        "session": str(change.session.uuid),
    }
    return Record(change.pk, NO_LEARNER, str(change.session.course_key), fields, {"title": change.session.title})


def _address(address: ConnectionAddress) -> Record:
    # What is deleted when its time is over must not survive here: this proves it for as long as it is there.
    fields = {"at": milliseconds(address.seen_at), "encrypted": _digest(address.ciphertext)}
    return Record(address.pk, address.user_id, str(address.course_key), fields)


def _plain(value: Any) -> Any:
    """As JSON has it; numbers with decimals as text, for there is one way to write them."""
    if isinstance(value, datetime):
        return milliseconds(value)
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return value if value is None or isinstance(value, (bool, int)) else str(value)


def _digest(words: str) -> str:
    return sha256(words.encode()).hexdigest() if words else ""
