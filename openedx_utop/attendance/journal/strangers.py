"""What belongs to no chain: live records that no row tells of and no night will enter, and rows that nothing reads.

Nights and readers go by numbers above nought; somebody with every right on the database need not.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet

from openedx_utop.attendance.journal.chains import entered_until
from openedx_utop.attendance.journal.check_journal import Defect
from openedx_utop.attendance.journal.models import NO_LEARNER, JournalChain, JournalRow
from openedx_utop.attendance.journal.rules import PRESENCE
from openedx_utop.attendance.journal.sources import sources
from openedx_utop.attendance.journal.verifying import LiveChecker, live_only
from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.places import place_keys

# The clocks of a site's machines differ by less: what is dated later would never be over.
AHEAD = timedelta(days=1)
# How presences name what chains are about.
_LIVE = {"course_key": "place__course_key"}
_COURSE = ExpressionWrapper(F("course_key"), CharField())


def check_strangers(checker: LiveChecker, *, now: datetime, **conditions: Any) -> Iterator[Defect]:
    """Live presences that are in no chain though they do not wait for a night either; after `check_chains`."""
    named = {_LIVE.get(name, name): value for name, value in conditions.items()}
    waiting = {"journaled": False, "pk__gt": entered_until(), "end__lte": now + AHEAD}
    live = Presence.objects.filter(**named).exclude(**waiting)
    # Each that was compared is one of these: as many means all. To look at each takes ten times as long as to count.
    if live.count() != checker.compared:
        yield from _strangers(live, JournalChain.objects.filter(**conditions))


def check_unread(checker: LiveChecker, *, now: datetime) -> Iterator[Defect]:
    """Rows, chains and other records that nothing reads; after `check_chains` of the whole journal."""
    if JournalRow.objects.count() != checker.rows or JournalRow.objects.filter(pk__lte=0).exists():
        chain = JournalChain.objects.filter(pk=OuterRef("chain_id"), pk__gt=0)
        unread = JournalRow.objects.filter(Q(~Exists(chain)) | Q(pk__lte=0)).order_by("chain_id", "position")
        for number, position in unread.values_list("chain_id", "position").iterator():
            yield Defect("no_chain", {"chain": number, "row": position})
    twice = JournalChain.objects.order_by().values("user_id", "course_key").annotate(rank=Count("pk"), last=Max("pk"))
    for number in twice.filter(rank__gt=1).values_list("last", flat=True):
        yield Defect("chain_twice", {"chain": number})
    for source in sources():
        for one in source.live().filter(Q(pk__lte=0) | Q(**{f"{source.at}__gt": now + AHEAD})):
            record = source.record(one)
            yield live_only(source.kind, record.number, record.learner, record.course)


def _strangers(live: "QuerySet[Presence]", chains: "QuerySet[JournalChain]") -> Iterator[Defect]:
    """One by one, and to the letter: some databases take keys that differ by their case for the same."""
    read = chains.filter(pk__gt=0, user_id__gt=NO_LEARNER).annotate(course=_COURSE)
    enrolments = set(read.values_list("user_id", "course"))
    places = place_keys(live.values_list("place_id", flat=True).distinct())
    for pk, learner, place, journaled in live.values_list("pk", "user_id", "place_id", "journaled").iterator():
        course = places[place][0] if place in places else ""
        if journaled is not True or (learner, course) not in enrolments:
            yield live_only(PRESENCE, pk, learner, course)
