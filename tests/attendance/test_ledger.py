"""Whatever the order, the number and the company of the entries: the same seconds, once each."""

from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_utop.attendance.backends.redis.ledger import Entry, Ledger, Row, uncovered
from openedx_utop.attendance.rules import Interval, Parameters, client_tag

examples = settings(max_examples=4 * settings.default.max_examples, deadline=None)
seeds = st.integers(0, 2**32)
UNITS, TABS = ("first", "second"), ("3f2a9c1e-one", "77b0d6aa-two")
spans = st.builds(lambda start, length: Interval(start, start + length), st.integers(0, 400), st.integers(1, 90))


def entry_of(chance: Random) -> Entry:
    """Any entry; drawn from one seed, for a draw per field would take fifty times as long as what is tested."""

    def span() -> Interval:
        start = chance.randrange(400)
        return Interval(start, start + chance.randint(1, 90))

    credit = span() if chance.random() < 0.8 else None
    caught_up = tuple(span() for _number in range(chance.choice((0, 0, 0, 1, 2))))
    ends = [one.end for one in (*caught_up, *([credit] if credit else []))]
    seq = chance.randint(1, 50)
    keys = ("course", "module", chance.choice(UNITS))
    frontier, extends = max(ends, default=0), chance.random() < 0.5
    return Entry(7, keys, chance.choice(TABS), frontier, credit, extends, caught_up, seq, tab(seq, frontier))


def tab(seq: int, beat: int) -> bytes:
    return b'{"seq":%d,"beat":%d}' % (seq, beat)


def entries(chance: Random) -> list[Entry]:
    return [entry_of(chance) for _number in range(chance.randrange(13))]


def seconds(rows: list[Row]) -> list[int]:
    return sorted(second for row in rows for second in range(row.start, row.end))


def vouched(told: list[Entry]) -> list[int]:
    """Every second that some entry tells of, once."""
    told_spans = [span for entry in told for span in (entry.credit, *entry.caught_up) if span]
    return sorted({second for span in told_spans for second in range(span.start, span.end)})


def account(told: list[Entry], **state: Any) -> Ledger:
    ledger = Ledger(**({"frontier": 0, "clients": {}} | state))
    for entry in told:
        ledger.add(entry, UNITS.index(entry.keys[2]))
    return ledger


@examples
@given(seeds)
def test_every_second_told_is_stored_once_in_any_order_and_however_often(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - no secret
    told = entries(chance)
    again = [*told, *told]
    chance.shuffle(again)
    ledger = account(again)
    assert seconds(ledger.rows) == vouched(told)
    assert ledger.frontier == max((entry.frontier for entry in told), default=0)
    assert {client: entry.seq for client, entry in ledger.newest.items()} == {
        entry.client: entry.seq for entry in sorted(told, key=lambda entry: entry.seq)
    }


@examples
@given(seeds)
def test_batches_end_where_one_batch_ends(seed: int) -> None:
    """The second ledger starts, as the store does, from the rows that end no earlier than its entries start."""
    chance = Random(seed)  # noqa: S311 - no secret
    told, cut = entries(chance), chance.randrange(13)
    first = account(told[:cut])
    later = told[cut:]
    starts = [span.start for entry in later for span in (entry.credit, *entry.caught_up) if span]
    kept = [row for row in first.rows if starts and row.end >= min(starts)]
    settled = [row for row in first.rows if row not in kept]
    second = account(later, frontier=first.frontier, clients=first.clients, rows=kept)
    assert seconds([*settled, *second.rows]) == vouched(told)


@examples
@given(spans, st.lists(spans, max_size=6))
def test_what_is_left_of_a_span(span: Interval, covered: list[Interval]) -> None:
    rows = [Row(0, "tab", one.start, one.end) for one in covered]
    pieces = uncovered(span, rows)
    assert all(earlier.end < later.start for earlier, later in pairwise(pieces))
    left = set(range(span.start, span.end)) - {second for one in covered for second in range(one.start, one.end)}
    assert {second for piece in pieces for second in range(piece.start, piece.end)} == left


def entry(start: int, end: int, **fields: Any) -> Entry:
    told = {"extends": True, "caught_up": (), "seq": end, "tab": tab(end, end)} | fields
    keys = ("course", "module", "first")
    return Entry(user_id=7, keys=keys, client=TABS[0], frontier=end, credit=Interval(start, end), **told)


def stored(end: int, **fields: Any) -> Row:
    return Row(**({"place": 0, "client": client_tag(TABS[0])} | fields), start=0, end=end, id=1)


def test_a_credit_that_goes_on_prolongs_its_presence() -> None:
    ledger = account([entry(30, 60), entry(60, 90)], frontier=30, rows=[stored(30)])
    assert [(row.start, row.end, row.id, row.is_changed) for row in ledger.rows] == [(0, 90, 1, True)]


def test_a_presence_that_is_in_the_journal_is_left_as_it_is() -> None:
    ledger = account([entry(30, 60), entry(60, 90)], frontier=30, rows=[stored(30, is_journaled=True)])
    assert [(row.start, row.end, row.id) for row in ledger.rows] == [(0, 30, 1), (30, 90, None)]


def test_another_unit_tab_or_kind_is_another_presence() -> None:
    for row in (stored(30, place=1), stored(30, client=client_tag(TABS[1])), stored(30, is_offline=True)):
        assert len(account([entry(30, 60)], frontier=30, rows=[row]).rows) == 2
    assert len(account([entry(30, 60, extends=False)], frontier=30, rows=[stored(30)]).rows) == 2


def test_tabs_are_remembered_as_long_as_the_rule_does() -> None:
    parameters = Parameters(clients=2)
    beats = {"old": 0, "first": 690_000, "second": 690_001, "third": 690_001}
    ledger = Ledger(0, {name: {"seq": 1, "beat": beat} for name, beat in beats.items()})
    ledger.remember_tabs(parameters)
    assert set(ledger.clients) == {"second", "third"}
    ledger = Ledger(0, {"old": {"seq": 1, "beat": 0}, "new": {"seq": 1, "beat": 690_001}})
    ledger.remember_tabs(parameters)
    assert set(ledger.clients) == {"new"}


def test_a_tab_is_left_as_its_newest_beat_left_it() -> None:
    ledger = account([entry(30, 60), entry(60, 90), entry(0, 30)], clients={TABS[0]: {"seq": 50, "beat": 50}})
    ledger.remember_tabs(Parameters())
    assert ledger.clients == {TABS[0]: {"seq": 90, "beat": 90}}
    ledger = account([entry(30, 60)], clients={TABS[0]: {"seq": 70, "beat": 70}})
    ledger.remember_tabs(Parameters())
    assert ledger.clients == {TABS[0]: {"seq": 70, "beat": 70}}
