"""The error of each method on the same visits."""

import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from bench.accuracy import peers
from bench.accuracy.behaviour import visits
from bench.accuracy.client import Network, counted
from bench.accuracy.visits import Visit
from bench.figures import Figure

# One draw of visits says little of its 20th worst; all of them together say more.
VISITS, SEEDS = 160, (2026, 1, 2, 3, 4)
PEERS: dict[str, Callable[[Visit], float]] = {
    "use_stats": lambda visit: peers.use_stats(_log(visit, with_keep_alives=True)),
    "attendanceregister": lambda visit: peers.attendanceregister(_log(visit)),
    "block_dedication": lambda visit: peers.block_dedication(_log(visit)),
    "edx2bigquery": lambda visit: peers.edx2bigquery(_log(visit)),
    "Canvas": lambda visit: peers.canvas(_log(visit)),
    "ILIAS": lambda visit: peers.ilias(_log(visit)),
}


@dataclass(frozen=True)
class Error:
    """Of one method, in percent of the truth: mean, mean of the absolute errors, and the 95th percentile of these."""

    bias: float
    mape: float
    p95: float

    def __str__(self) -> str:
        return f"{self.bias:>+9.1f}{self.mape:>9.1f}{self.p95:>9.1f}"


def figures() -> Iterator[Figure]:
    """Ours against the goals, over all draws; the table of all methods goes to the standard error."""
    count = int(os.environ.get("UTOP_BENCH_VISITS", VISITS))
    seeds = [int(seed) for seed in os.environ.get("UTOP_BENCH_SEEDS", "").split(",") if seed] or SEEDS
    draws = {seed: visits(count, seed) for seed in seeds}
    measured = {seed: [each / 1000 for each in counted(draw, Network(), seed)] for seed, draw in draws.items()}
    drawn = [visit for draw in draws.values() for visit in draw]
    ours = error(drawn, [seconds for each in measured.values() for seconds in each])
    _print_table(drawn, ours, {seed: error(draws[seed], measured[seed]) for seed in seeds})
    yield Figure("accuracy.bias", abs(ours.bias), 2.0, less_is_better=True)
    yield Figure("accuracy.mape", ours.mape, 4.0, less_is_better=True)
    yield Figure("accuracy.p95", ours.p95, 12.0, less_is_better=True)


def error(drawn: Sequence[Visit], measured: Sequence[float]) -> Error:
    """How far the measured seconds are from the truth."""
    shares = [100 * (1000 * seconds / visit.truth - 1) for visit, seconds in zip(drawn, measured, strict=True)]
    sizes = sorted(map(abs, shares))
    return Error(fmean(shares), fmean(sizes), sizes[math.ceil(0.95 * len(sizes)) - 1])


def _print_table(drawn: Sequence[Visit], ours: Error, by_seed: Mapping[int, Error]) -> None:
    hours = sum(visit.truth for visit in drawn) / 3_600_000
    print(
        f"  {len(drawn)} synthetic visits in {len(by_seed)} draws, {hours:.0f} h of presence: an invented mix of "
        "behaviour, which ranks methods and proves none.\n"
        f"  {'errors in %':<22}{'bias':>9}{'MAPE':>9}{'p95':>9}",
        file=sys.stderr,
    )
    for name, rule in PEERS.items():
        print(f"  {name:<22}{error(drawn, [rule(visit) for visit in drawn])}", file=sys.stderr)
    print(f"  {'openedx_utop':<22}{ours}", file=sys.stderr)
    for seed, each in by_seed.items():
        print(f"  {f'  seed {seed} alone':<22}{each}", file=sys.stderr)


def _log(visit: Visit, *, with_keep_alives: bool = False) -> list[float]:
    """The moments at which a server heard of the learner, in seconds."""
    opened = [(span.start / 1000, span.end / 1000) for span in visit.opened]
    alive = peers.keep_alives(opened) if with_keep_alives else []
    return sorted([*(instant / 1000 for instant in visit.log), *alive])
