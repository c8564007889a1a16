"""Signing a half-day by the list of a videoconference's participants: first what would be signed, then the signing."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.live.data import SignatureCancelled, Spans
from openedx_utop.attendance.live.hours import last_rows
from openedx_utop.attendance.live.import_data import ImportLine, ImportReport, Verdict
from openedx_utop.attendance.live.models import LiveSignature, LiveSlot, SigningMethod
from openedx_utop.attendance.live.participants import Participation, participations, plain
from openedx_utop.attendance.live.rules import attended
from openedx_utop.attendance.live.signing import append, refuse_before, slot_record
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.compat import platform
from openedx_utop.official_time import official_day, official_zone

RECOGNISED = (Verdict.BY_EMAIL, Verdict.BY_NAME)


def read_participants(slot_uuid: UUID, data: bytes, *, now: datetime) -> ImportReport:
    """What the list would sign, line by line; nothing is written. Raises UnknownSession, NotNow and BadList."""
    slot = slot_record(slot_uuid)
    refuse_before(slot, now)
    listed = participations(data, day=official_day(slot.start), zone=official_zone())
    roster = _Roster(slot.session.course_key, slot.session.trainer_id)
    lines = [_line(each, *roster.recognised(each)) for each in listed]
    spans, states = _attended(slot, lines), _states(slot)
    return ImportReport(tuple(_settled(line, spans, states) for line in lines), spans)


def import_participants(slot_uuid: UUID, data: bytes, *, by_name: bool, by: int, now: datetime) -> ImportReport:
    """Sign what the list proves, learner by learner; a second time changes nothing.

    `by_name`: also those recognised by their name alone. The report is that of after. Raises as `read_participants`.
    """
    slot = slot_record(slot_uuid)
    report = read_participants(slot_uuid, data, now=now)
    wanted = RECOGNISED if by_name else (Verdict.BY_EMAIL,)
    for user_id in sorted({line.user_id for line in report.lines if line.user_id and line.verdict in wanted}):
        try:
            append(slot, user_id, SigningMethod.IMPORT, report.spans[user_id], by=by, now=now)
        except SignatureCancelled:
            continue  # A trainer cancelled it since it was read: the report of after says so.
    return read_participants(slot_uuid, data, now=now)


class _Roster:
    """The learners of a course, by e-mail address and by name; neither its staff nor the trainer is one."""

    def __init__(self, course_key: CourseKey, trainer_id: int | None) -> None:
        learners = set(platform().learners(course_key).values_list("pk", flat=True)) - {trainer_id}
        self.emails: defaultdict[str, set[int]] = defaultdict(set)
        self.names: defaultdict[str, set[int]] = defaultdict(set)
        for person in platform().persons(learners).values():
            self.emails[person.email.casefold()].add(person.user_id)
            self.names[_name(person.full_name)].add(person.user_id)
        # « (invitée) » alone is nobody's name.
        self.names.pop("", None)

    def recognised(self, listed: Participation) -> tuple[Verdict, int | None]:
        """By the address if there is one, which is then the only way; else by the name, words in any order."""
        if listed.email:
            found, verdict = self.emails.get(listed.email.casefold(), set()), Verdict.BY_EMAIL
        else:
            found, verdict = self.names.get(_name(listed.name), set()), Verdict.BY_NAME
        if len(found) > 1:
            return Verdict.AMBIGUOUS, None
        return (verdict, next(iter(found))) if found else (Verdict.NOT_ENROLLED, None)


def _name(text: str) -> str:
    """« EXEMPLE Camille (invitée) » as « camille exemple »."""
    return " ".join(sorted(plain(text.partition("(")[0]).split()))


def _line(listed: Participation, verdict: Verdict, user_id: int | None) -> ImportLine:
    if listed.span is None:
        return ImportLine(listed.line, listed.name, listed.email, Verdict.MALFORMED, None, None, listed.problem)
    return ImportLine(listed.line, listed.name, listed.email, verdict, user_id, listed.span)


def _attended(slot: LiveSlot, lines: Iterable[ImportLine]) -> dict[int, Spans]:
    presences: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for line in lines:
        if line.user_id is not None and line.span is not None:
            presences[line.user_id].append(line.span)
    start, end = milliseconds(slot.start), milliseconds(slot.end)
    return {user_id: attended(each, start=start, end=end) for user_id, each in presences.items()}


def _states(slot: LiveSlot) -> dict[int, Verdict]:
    """Of those who have rows already, what these say."""
    rows = last_rows(LiveSignature.objects.filter(slot=slot))
    return {
        row.user_id: Verdict.CANCELLED if row.method == SigningMethod.CANCELLED else Verdict.ALREADY_SIGNED
        for row in rows
    }


def _settled(line: ImportLine, spans: dict[int, Spans], states: dict[int, Verdict]) -> ImportLine:
    if line.user_id is None:
        return line
    if line.user_id in states:
        return line.with_verdict(states[line.user_id])
    return line if spans[line.user_id] else line.with_verdict(Verdict.OUTSIDE)
