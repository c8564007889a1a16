"""By which level a course treats whom."""

from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.sectors.levels.data import Level, LevelGroups, Offer
from openedx_utop.sectors.levels.rules import ORDER, carried_by, effective, group_at, offer_after

offers = st.frozensets(st.sampled_from(Level)).map(lambda wanted: offer_after(Offer(), wanted))
levels = st.none() | st.sampled_from(Level)


@given(levels, offers)
def test_a_course_treats_everybody_by_a_level_that_it_offers(level: Level | None, offer: Offer) -> None:
    counts = effective(level, offer)
    assert (counts in offer.levels) if offer.is_on else counts is None
    assert counts == level or level not in offer.levels


@given(st.sampled_from(Level), offers.filter(lambda offer: offer.is_on))
def test_nobody_is_put_higher_than_they_said_where_there_is_something_below(level: Level, offer: Offer) -> None:
    counts = effective(level, offer)
    assert counts is not None
    assert ORDER.index(counts) <= ORDER.index(level) or counts == offer.levels[0]


@given(offers, st.frozensets(st.sampled_from(Level)))
def test_the_default_stays_as_long_as_it_is_offered(before: Offer, wanted: frozenset[Level]) -> None:
    after = offer_after(before, wanted)
    assert set(after.levels) == wanted
    if before.default in wanted:
        assert after.default == before.default
    elif wanted and not before.is_on:
        assert after.default == after.levels[0]


@given(levels, offers)
def test_the_group_of_a_learner_carries_the_level_they_count_by(level: Level | None, offer: Offer) -> None:
    others = {("Hôtellerie", each): f"Hôtellerie · {each}" for each in Level if each != offer.default}
    groups = LevelGroups(offer, others)
    carried = carried_by(group_at("Hôtellerie", level, groups), ["Hôtellerie"], groups)
    assert carried is not None
    assert effective(carried[1], offer) == effective(level, offer)
    assert carried_by("Autre", ["Hôtellerie"], groups) is None
