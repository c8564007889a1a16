"""Chains with a sealed tombstone are erased, with the live records that they tell of: each wholly or not at all."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice

from django.db.models import Exists, Model, OuterRef, QuerySet

from openedx_utop.append_only import AppendOnly, AppendOnlyQuerySet
from openedx_utop.attendance.assistance.models import AssistanceContact
from openedx_utop.attendance.corrections.evidence import discard
from openedx_utop.attendance.corrections.models import ContestAnswer, Correction, CorrectionDecision
from openedx_utop.attendance.journal.chains import pen
from openedx_utop.attendance.journal.data import Erasure
from openedx_utop.attendance.journal.models import JournalChain, JournalRow
from openedx_utop.attendance.journal.rules import PRESENCE, TOMBSTONE, seal_of
from openedx_utop.attendance.journal.sources import sources
from openedx_utop.attendance.journal.standing import Standing
from openedx_utop.attendance.journal.tombstones import bury, chains_over, contested, heads_of
from openedx_utop.attendance.journal.verifying import last_seal
from openedx_utop.attendance.models import Presence

# Chains in one transaction, during which nobody else writes into the journal.
AT_ONCE = 20
# What names a live record of these kinds, and would be left without it: it may have come after the tombstone.
NAMING: tuple[tuple[type[AppendOnly], str, str], ...] = (
    (ContestAnswer, "contest", "contest"),
    (ContestAnswer, "correction", "correction"),
    (CorrectionDecision, "correction", "correction"),
    (AssistanceContact, "withdraws", "contact"),
)


def erase_over(*, by: str, now: datetime, limit: int) -> Iterator[Erasure]:
    """Erase the chains whose tombstone is sealed, then write tombstones of others whose time is over, `limit` of each.

    Tells what was done after each transaction; it can be stopped and started again at any time. `by`: who runs it.
    """
    standing, ready = Standing(), iter(buried_chains()[:limit])
    over = islice(chain.from_iterable(chains_over(now=now)), limit)
    while some := list(islice(ready, AT_ONCE)):
        yield _erase(some, standing)
    while found := list(islice(over, AT_ONCE)):
        yield bury(found, standing, by=by, now=now)


def buried_chains() -> "QuerySet[JournalChain]":
    """The chains that have a tombstone and are still there, in the order in which they began."""
    tombstone = JournalRow.objects.filter(kind=TOMBSTONE, fact=OuterRef("pk"))
    return JournalChain.objects.filter(Exists(tombstone)).order_by("pk")


def _erase(chains: list[JournalChain], standing: Standing) -> Erasure:
    erased, waiting, altered = 0, 0, []
    with pen(standing):
        sealed = last_seal()
        for each in chains:
            tombstone = bytes(JournalRow.objects.get(kind=TOMBSTONE, fact=each.pk).content)
            heads = heads_of(each.pk, each.user_id, str(each.course_key))
            if seal_of(tombstone) > sealed or each.user_id in contested(each.course_key):
                waiting += 1
            elif heads is None or [list(head) for head in heads] != json.loads(tombstone)["heads"]:
                altered.append(each.pk)
            else:
                _erase_live(each)
                JournalRow.objects.filter(chain=each).erase()
                JournalChain.objects.filter(pk=each.pk).erase()
                erased += 1
    return Erasure(erased=erased, waiting=waiting, altered=tuple(altered))


def _erase_live(each: JournalChain) -> None:
    """The live records that entered this chain, those that name others before them."""
    facts: defaultdict[str, list[int]] = defaultdict(list)
    for kind, fact in JournalRow.objects.filter(chain=each).exclude(kind=PRESENCE).values_list("kind", "fact"):
        facts[kind].append(fact)
    for correction in Correction.objects.filter(pk__in=facts["correction"]):
        discard(correction)
    for model, name, kind in NAMING:
        model.objects.filter(**{f"{name}__in": facts[kind]}).erase()
    for source in reversed(list(sources())):
        for number in sorted(facts[source.kind], reverse=True):
            _delete(source.live().model, number)
    Presence.objects.filter(user_id=each.user_id, place__course_key=each.course_key, journaled=True).delete()


def _delete(model: type[Model], number: int) -> None:
    rows = model._default_manager.filter(pk=number)
    if isinstance(rows, AppendOnlyQuerySet):
        rows.erase()
    else:
        rows.delete()
