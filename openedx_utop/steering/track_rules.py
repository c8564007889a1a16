"""The figures of each track of a course: facts in, facts out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from openedx_utop.sectors.data import SectorFacts


@dataclass(frozen=True)
class TrackFigures:
    """One track, in people; `sector` is None for the learners who have not chosen.

    `chosen`: who ever followed it. `arrived` and `left`: who came to it from another track, or went to another.
    `learners`: who follows it now and is enrolled; `finished` of them have completed their path, and
    `connection_seconds` is the time of all of them together. `dropped`: who followed it last and is enrolled no more.
    """

    sector: SectorFacts | None
    chosen: int
    arrived: int
    left: int
    learners: int
    finished: int
    dropped: int
    connection_seconds: int

    @property
    def mean_seconds(self) -> int:
        """Connection time of one learner; 0 without learners."""
        return self.connection_seconds // self.learners if self.learners else 0


def track_figures(
    offered: Sequence[SectorFacts],
    followed: Mapping[int, Sequence[SectorFacts]],
    *,
    learners: Collection[int],
    finished: Collection[int],
    seconds: Mapping[int, int],
) -> tuple[TrackFigures, ...]:
    """Each track that is offered or was ever followed, then the learners without one."""
    known = dict.fromkeys((*offered, *(track for way in followed.values() for track in way)))
    enrolled, done = set(learners), set(finished)
    rows = [_figures(track, followed, enrolled, done, seconds) for track in known]
    undecided = {user_id for user_id in enrolled if not followed.get(user_id)}
    spent = sum(seconds.get(user_id, 0) for user_id in undecided)
    return (*rows, TrackFigures(None, 0, 0, 0, len(undecided), 0, 0, spent))


def _figures(
    track: SectorFacts,
    followed: Mapping[int, Sequence[SectorFacts]],
    enrolled: set[int],
    done: set[int],
    seconds: Mapping[int, int],
) -> TrackFigures:
    last = {user_id for user_id, way in followed.items() if way and way[-1] == track}
    here = last & enrolled
    return TrackFigures(
        sector=track,
        chosen=sum(track in way for way in followed.values()),
        arrived=sum(track in way[1:] for way in followed.values()),
        left=sum(track in way[:-1] for way in followed.values()),
        learners=len(here),
        finished=len(here & done),
        dropped=len(last - enrolled),
        connection_seconds=sum(seconds.get(user_id, 0) for user_id in here),
    )
