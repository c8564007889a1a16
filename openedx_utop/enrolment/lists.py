"""Lists of people to enrol: first what would become of each line, then the seats."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openedx_utop.enrolment import invitations, seats
from openedx_utop.enrolment.data import BadList, Desk, Judged, Line, ListFacts, Seats, Terms, Verdict
from openedx_utop.enrolment.desks import company_name
from openedx_utop.enrolment.eligibility import refused_companies
from openedx_utop.enrolment.list_file import lines_of, plain, read_list, without
from openedx_utop.enrolment.models import EnrolmentLine, EnrolmentList, Seat, SeatPlan, SeatState
from openedx_utop.enrolment.tokens import email_hash
from openedx_utop.enrolment.verdicts import checked, normal_email, placed
from openedx_utop.events.signals import list_due
from openedx_utop.sectors.api import offered_sectors

# Lines per transaction: the lock is held that long at most, and a list cut short resumes there.
AT_ONCE = 200
STATES = {Verdict.SEAT: SeatState.INVITED, Verdict.WAITING: SeatState.WAITING}


def dry_run(desk: Desk, content: bytes, *, now: datetime) -> tuple[Judged, ...]:
    """What would become of each line; nothing is written. Raises BadList."""
    lines = read_list(content)
    judged = list(checked(lines, _terms(desk, lines, now)))
    plan = SeatPlan.objects.filter(course_key=desk.course_key, company=desk.company).first()
    listed = _listed(seats.held(plan, [email_hash(each.line.email) for each in judged])) if plan else frozenset()
    addresses = {each.line.email for each in judged if email_hash(each.line.email) in listed}
    return tuple(placed(judged, listed=addresses, seats=seats.counted(plan) if plan else Seats(None, 0, 0)))


def apply_list(desk: Desk, content: bytes, *, form_id: UUID, now: datetime) -> UUID:
    """Give seats to the lines that are fit for one; the others are told why. Returns the list's identifier.

    The same form again changes nothing, or goes on where it was cut short. Raises BadList. Call it outside a
    transaction: each portion of lines has its own, under the lock of the company's seats.
    """
    record = _record(desk, content, form_id, now)
    _go_on(record, desk, now)
    return record.uuid


def begin_list(desk: Desk, content: bytes, *, form_id: UUID, now: datetime) -> UUID:
    """The same, of a list that may be long: its first portion now, the others by a worker, while somebody watches."""
    record = _record(desk, content, form_id, now)
    if not _go_on(record, desk, now, portions=1):
        list_due.send_robust(None, uuid=record.uuid)
    return record.uuid


def continue_list(uuid: UUID, *, now: datetime, portions: int | None = None) -> None:
    """Deal with what is left of a list, or with so many portions of it; several at once do each line once."""
    record = EnrolmentList.objects.select_related("plan").filter(uuid=uuid).first()
    if record is not None and record.content:
        plan = record.plan
        desk = Desk(record.pasted_by, plan.course_key, plan.company, company_name(plan.company), is_staff=False)
        _go_on(record, desk, now, portions=portions)


def unfinished_lists() -> list[UUID]:
    """Those of which something is left to do, the oldest first."""
    left = EnrolmentList.objects.filter(finished_at=None).exclude(content=b"")
    return list(left.order_by("pk").values_list("uuid", flat=True))


def forget_unfinished(email: str) -> None:
    """Empty the lines of this address in lists of which something is left to do."""
    for record in EnrolmentList.objects.filter(finished_at=None).exclude(content=b""):
        content = zlib.decompress(record.content)
        theirs = {line.number for line in lines_of(content) if normal_email(line.email) == email.lower()}
        if theirs:
            kept = zlib.compress(without(content, theirs))
            EnrolmentList.objects.filter(pk=record.pk, finished_at=None).update(content=kept)


def applied(desk: Desk, uuid: UUID) -> ListFacts | None:
    """A list of the desk's company, with its verdicts; None if there is none."""
    found = EnrolmentList.objects.filter(
        uuid=uuid, plan__course_key=desk.course_key, plan__company=desk.company
    ).first()
    return _facts(found, desk) if found else None


def _record(desk: Desk, content: bytes, form_id: UUID, now: datetime) -> EnrolmentList:
    """The list of this form, its content kept until every line is dealt with."""
    count, plan = len(read_list(content)), seats.plan_of(desk.course_key, desk.company)
    kept = {"line_count": count, "content": zlib.compress(content)}
    record, _is_new = EnrolmentList.objects.get_or_create(
        form_id=form_id, defaults={"plan": plan, "pasted_by": desk.user_id, "pasted_at": now, **kept}
    )
    if record.plan_id != plan.pk or record.pasted_by != desk.user_id:
        raise BadList(_("This form has expired. Paste the list once more."))
    return record


def _go_on(record: EnrolmentList, desk: Desk, now: datetime, *, portions: int | None = None) -> bool:
    """Deal with the lines that are left, or with so many portions of them; whether the list is finished."""
    if record.finished_at is not None or not record.content:
        return True
    lines = lines_of(zlib.decompress(record.content))
    done = set(record.lines.values_list("number", flat=True))
    left = (each for each in checked(lines, _terms(desk, lines, now)) if each.line.number not in done)
    while portion := list(islice(left, AT_ONCE)):
        if portions == 0:
            return False
        _apply(record, portion, desk, now)
        portions = None if portions is None else portions - 1
    EnrolmentList.objects.filter(pk=record.pk, finished_at=None).update(finished_at=now, content=b"")
    return True


def _terms(desk: Desk, lines: Sequence[Line], now: datetime) -> Terms:
    sectors = {}
    for sector in offered_sectors(desk.course_key):
        sectors[plain(sector.slug)] = sectors[plain(sector.name)] = sector.slug
    return Terms(sectors, desk.company, refused_companies(desk, lines, now=now))


def _listed(found: Mapping[str, Seat]) -> frozenset[str]:
    """The hashes of those who hold a seat or wait for one; a seat withdrawn may be given again."""
    return frozenset(digest for digest, seat in found.items() if seat.state != SeatState.WITHDRAWN)


@transaction.atomic
def _apply(record: EnrolmentList, portion: Sequence[Judged], desk: Desk, now: datetime) -> None:
    """Settle these lines, unless the same form did so already in another window."""
    plan = seats.locked(record.plan_id)
    done = set(record.lines.filter(number__in=[each.line.number for each in portion]).values_list("number", flat=True))
    hashes = {each.line.number: email_hash(each.line.email) for each in portion}
    found = seats.held(plan, list(hashes.values()))
    listed = _listed(found)
    settled = list(
        placed(
            [each for each in portion if each.line.number not in done],
            listed={each.line.email for each in portion if hashes[each.line.number] in listed},
            seats=seats.counted(plan),
        )
    )
    given = [each for each in settled if each.verdict in STATES]
    _give(plan, given, found, desk, now)
    rows = seats.held(plan, [hashes[each.line.number] for each in settled])
    EnrolmentLine.objects.bulk_create(_line(record, each, rows.get(hashes[each.line.number])) for each in settled)
    invited = [rows[hashes[each.line.number]].pk for each in given if each.verdict is Verdict.SEAT]
    invitations.invite(invited, now=now)


def _give(plan: SeatPlan, given: Sequence[Judged], found: Mapping[str, Seat], desk: Desk, now: datetime) -> None:
    """The seats' rows, new or given again after they had been withdrawn."""
    rank = seats.next_rank(plan)
    new = []
    for offset, each in enumerate(given):
        digest = email_hash(each.line.email)
        former = found.get(digest)
        seat = _seat(former or Seat(plan=plan, email_hash=digest), each, rank + offset, desk, now)
        if former is None:
            new.append(seat)
        else:
            seat.save()
    Seat.objects.bulk_create(new)


def _seat(seat: Seat, judged: Judged, rank: int, desk: Desk, now: datetime) -> Seat:
    line = judged.line
    seat.email, seat.last_name, seat.first_name = line.email, line.last_name, line.first_name
    seat.siret, seat.sector, seat.level = line.siret or desk.company, line.sector, line.level
    seat.state = STATES[judged.verdict] if judged.verdict else SeatState.WAITING
    seat.rank, seat.listed_by, seat.changed_by, seat.changed_at = rank, desk.user_id, desk.user_id, now
    seat.user_id, seat.has_enrolled, seat.reason, seat.is_notice_due = None, False, "", False
    return seat


def _line(record: EnrolmentList, judged: Judged, seat: Seat | None) -> EnrolmentLine:
    return EnrolmentLine(
        source=record,
        number=judged.line.number,
        email=judged.line.email[:254],
        verdict=judged.verdict or "",
        explanation=judged.explanation,
        seat=seat,
    )


def _facts(record: EnrolmentList, desk: Desk) -> ListFacts:
    return ListFacts(
        uuid=record.uuid,
        course_key=desk.course_key,
        company=desk.company,
        pasted_by=record.pasted_by,
        pasted_at=record.pasted_at,
        is_finished=record.finished_at is not None,
        lines=tuple(_lines(record)),
        line_count=record.line_count,
        is_going_on=bool(record.content),
    )


def _lines(record: EnrolmentList) -> Iterator[Judged]:
    for row in record.lines.order_by("number"):
        yield Judged(Line(row.number, email=row.email), Verdict(row.verdict), row.explanation)
