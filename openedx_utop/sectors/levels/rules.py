"""Which level counts for whom, and which content group carries a trade at a level."""

from collections.abc import Collection

from openedx_utop.sectors.levels.data import Level, LevelGroups, Offer

ORDER = tuple(Level)


def effective(level: Level | None, offer: Offer) -> Level | None:
    """The level by which a course treats a learner of this one; None where it has no levels.

    Who has told none is of the course's default. A level that is not offered stands for the nearest one below that
    is: nobody is given what they may not be able to follow. Below all of them there is the lowest.
    """
    if not offer.is_on or level in offer.levels:
        return level if offer.is_on else None
    if level is None:
        return offer.default
    below = [each for each in offer.levels if ORDER.index(each) < ORDER.index(level)]
    return below[-1] if below else offer.levels[0]


def offer_after(former: Offer, wanted: Collection[Level]) -> Offer:
    """The offer of these levels: the default stays what it was, else it is the nearest below, at first the lowest."""
    levels = tuple(level for level in ORDER if level in wanted)
    if not levels:
        return Offer()
    kept = Offer(levels, levels[0])
    return Offer(levels, effective(former.default, kept))


def group_at(track: str, level: Level | None, groups: LevelGroups) -> str:
    """The name of the group of a trade's learners at a level: one of its own, else the trade's."""
    counts = effective(level, groups.offer)
    return groups.names.get((track, counts), track) if counts is not None else track


def carried_by(name: str, tracks: Collection[str], groups: LevelGroups) -> tuple[str, Level | None] | None:
    """The trade's own group and the level that a group of this name stands for; None if it is no track's."""
    if name in tracks:
        return name, None
    return next((place for place, group in groups.names.items() if group == name and place[0] in tracks), None)
