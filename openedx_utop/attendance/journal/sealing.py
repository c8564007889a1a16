"""How a day is sealed, and what is published of its seal."""

import json
from datetime import date, datetime, timedelta
from hashlib import sha256

from openedx_utop.attendance.journal.chains import next_seal, pen
from openedx_utop.attendance.journal.check_journal import SIGNED
from openedx_utop.attendance.journal.data import DayNotOver, LaterDaySealed, SealFacts
from openedx_utop.attendance.journal.models import JournalSeal
from openedx_utop.attendance.journal.rules import root, seal_content
from openedx_utop.attendance.journal.standing import Standing
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.official_time import official_day, official_zone
from openedx_utop.signing_keys import signing_key


def day_end(day: date) -> datetime:
    """The midnight that ends it, in the official time zone."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=official_zone())


def refuse_unsealable(day: date, *, now: datetime) -> None:
    """Raises DayNotOver and LaterDaySealed; a day that is sealed already is no mistake."""
    if day >= official_day(now):
        raise DayNotOver(day)
    if JournalSeal.objects.filter(day__gt=day).exists() and not JournalSeal.objects.filter(day=day).exists():
        raise LaterDaySealed(day)


def seal(day: date, *, now: datetime, standing: Standing) -> SealFacts:
    """Sign the root over every chain as it stands, once per day.

    Raises DayNotOver, LaterDaySealed, SigningKeyMissing and SigningKeyInvalid.
    """
    key = signing_key()
    with pen(standing):
        refuse_unsealable(day, now=now)
        if there := JournalSeal.objects.filter(day=day).first():
            return facts(there)
        number, heads = next_seal(), list(standing.heads())
        before = JournalSeal.objects.filter(number=number - 1).values_list("hash", flat=True).first()
        content = seal_content(
            number=number,
            day=day.isoformat(),
            at=milliseconds(now),
            before=bytes(before) if before else None,
            merkle_root=root(heads),
            rows=sum(head.rows for _chain, head in heads),
            chains=len(heads),
            key=key.multikey,
        )
        signature = key.private.sign(SIGNED + content)
        record = JournalSeal(
            number=number, day=day, content=content, hash=sha256(content).digest(), signature=signature
        )
        record.save()
    return facts(record)


def facts(record: JournalSeal) -> SealFacts:
    """A seal as it is published."""
    content = json.loads(bytes(record.content))
    return SealFacts(
        number=record.number,
        day=record.day,
        rows=content["rows"],
        root=content["root"],
        hash=bytes(record.hash).hex(),
        key=content["key"],
        signature=bytes(record.signature).hex(),
    )
