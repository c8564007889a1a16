"""Reading the whole journal again: what the auditor's checker finds, and what the live records say otherwise."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, ExpressionWrapper, F, Max

from openedx_utop.attendance.journal.check_journal import Checker, Defect, Kept, Said, Seal
from openedx_utop.attendance.journal.models import NO_LEARNER, JournalChain, JournalRow, JournalSeal
from openedx_utop.attendance.journal.rules import PRESENCE, first_fact
from openedx_utop.attendance.journal.sources import Record, sources
from openedx_utop.attendance.journal.statements import entered_presences, rows_of
from openedx_utop.attendance.places import Keys, place_keys
from openedx_utop.attendance.rules import CLIENT_CHARACTERS

CHAINS = 500
# What a place that somebody deleted stands for.
NOWHERE = ("", ("", ""))
Enrolment = tuple[int | None, str]
Lives = Mapping[Enrolment, dict[int, Said]]


@dataclass(frozen=True)
class Chain:
    """A chain and its rows as they are kept; `columns` are those beside the content: place, kind, live record."""

    number: int
    course: str
    learner: int | None
    kept: list[Kept]
    columns: list[tuple[int, str, int | None]]


class LiveChecker(Checker):
    """`compared`: how many live presences were looked for in the chains that were read."""

    compared = 0


def read_chains(**conditions: Any) -> Iterator[list[Chain]]:
    """The chains that fulfil these conditions, some at a time, in the order in which they began."""
    course = ExpressionWrapper(F("course_key"), CharField())
    chains = JournalChain.objects.filter(**conditions).annotate(course=course).order_by("pk")
    after = 0
    while batch := list(chains.filter(pk__gt=after).values_list("pk", "course", "user_id")[:CHAINS]):
        after = batch[-1][0]
        read = {pk: Chain(pk, course, learner or None, [], []) for pk, course, learner in batch}
        for pk, position, kind, fact, content, hashed in rows_of(tuple(read)):
            read[pk].kept.append((bytes(content), bytes(hashed)))
            read[pk].columns.append((position, kind, fact))
        yield list(read.values())


def read_seals() -> Iterator[Seal]:
    """Every seal, in order."""
    rows = JournalSeal.objects.order_by("number").values_list("content", "hash", "signature")
    return (Seal(*(bytes(part) for part in row)) for row in rows.iterator())


def last_seal() -> int:
    """The number of the last seal, 0 if there is none."""
    return JournalSeal.objects.aggregate(last=Max("number"))["last"] or 0


def check_chains(checker: LiveChecker, **conditions: Any) -> Iterator[Defect]:
    """Check these chains, their columns, and whether the live records are still those that entered."""
    known: dict[int, Keys] = {}
    for chains in read_chains(**conditions):
        live = _live((chain.learner for chain in chains if chain.learner), known)
        for chain in chains:
            yield from checker.chain(chain.number, chain.course, chain.learner, chain.kept)
            yield from _check_columns(checker, chain)
            yield from _check_live(checker, chain, live.get((chain.learner, chain.course), {}))


def check_records(**conditions: Any) -> Iterator[Defect]:
    """The other facts, each against its live record, which has to be of the same learner and course."""
    chain = {f"chain__{name}": value for name, value in conditions.items()}
    course = ExpressionWrapper(F("chain__course_key"), CharField())
    told = JournalRow.objects.filter(**chain).annotate(course=course, learner=F("chain__user_id")).order_by("pk")
    for source in sources():
        rows, after = told.filter(kind=source.kind), 0
        columns = rows.values_list("pk", "chain_id", "fact", "content", "learner", "course")
        while batch := list(columns.filter(pk__gt=after)[:CHAINS]):
            after = batch[-1][0]
            live = source.records([fact for _pk, _chain, fact, *_rest in batch if fact])
            for _pk, number, fact, content, *about in batch:
                record = live.get(fact or 0)
                if record is None and source.goes:
                    continue
                if record is None or not _holds(bytes(content), about, record):
                    code = "live_differs" if record else "live_gone"
                    yield Defect(code, {"chain": number, "kind": source.kind, "fact": fact})


def _holds(content: bytes, about: list[Any], record: Record) -> bool:
    # A mistyped key of a training action is mended by hand, and its policies go with it; nothing of a learner does.
    if record.learner and about != [record.learner, record.course]:
        return False
    try:
        said = json.loads(content)
    except ValueError:
        return False
    # Later versions of the product may know of more fields than the row does.
    return isinstance(said, dict) and all(said[name] == value for name, value in record.fields.items() if name in said)


def _live(learners: Iterable[int], known: dict[int, Keys]) -> Lives:
    """The presences said to be in the journal, by enrolment and number; adds to what is known of places."""
    presences = entered_presences(tuple(set(learners)))
    known |= place_keys({place for _pk, _user, place, *_rest in presences} - known.keys())
    places = {number: (course, (module, unit)) for number, (course, module, unit) in known.items()}
    found: defaultdict[Enrolment, dict[int, Said]] = defaultdict(dict)
    for pk, user_id, place, client, start, end, source in presences:
        course, where = places.get(place, NOWHERE)
        found[user_id, course][pk] = (where, start, end, client[:CLIENT_CHARACTERS], source)
    return found


def _check_columns(checker: Checker, chain: Chain) -> Iterator[Defect]:
    for columns, row in zip(chain.columns, checker.read, strict=True):
        if columns != (row["n"], row["kind"], first_fact(row)):
            yield Defect("columns", {"chain": chain.number, "row": columns[0]})


def _check_live(checker: LiveChecker, chain: Chain, live: dict[int, Said]) -> Iterator[Defect]:
    checker.compared += len(live)
    if checker.presences == live:
        return
    for fact, said in checker.presences.items():
        there = live.pop(fact, None)
        if there != said:
            code = "live_differs" if there else "live_gone"
            yield Defect(code, {"chain": chain.number, "kind": PRESENCE, "fact": fact})
    for stranger in live:
        yield live_only(PRESENCE, stranger, chain.learner or NO_LEARNER, chain.course)


def live_only(kind: str, number: int, learner: int, course: str) -> Defect:
    """A live record that the journal should have, and has not."""
    return Defect("live_only", {"kind": kind, "fact": number, "learner": learner, "course": course})
