"""The bench's Chromium and server together: the exact seconds that the real script and the real rule agree on."""

import pytest

from bench.accuracy.client import Network, counted
from bench.accuracy.visits import Tab, Visit

pytestmark = pytest.mark.browser

SILENT = Network(beats=0, edges=0)
IDLE = 180_000


def inputs(start: int, end: int) -> list[tuple[int, str, float]]:
    return [(second * 1000, "input", 0) for second in range(start, end + 1, 10)]


def test_the_product_is_what_is_measured() -> None:
    """Read throughout; silent for too long; away for a while; a film; asleep; in two tabs."""
    read = Tab([(0, "open", IDLE), *inputs(0, 600), (600_000, "close", 0)])
    silent = Tab([(0, "open", IDLE), *inputs(0, 100), *inputs(300, 400), (400_000, "close", 0)])
    hidden = [(100_000, "hide", 0), (200_000, "show", 0)]
    away = Tab([(0, "open", IDLE), *inputs(0, 100), *hidden, *inputs(200, 300), (300_000, "close", 0)])
    film = Tab([(0, "open", IDLE), (0, "play", 1), (600_000, "stop", 0), (700_000, "close", 0)])
    asleep = Tab(
        [
            *[(0, "open", IDLE), *inputs(0, 90), (95_000, "sleep", 685_000), (685_000, "wake", 0)],
            *[(690_000, "input", 0), (690_000, "close", 0)],
        ]
    )
    visits = [Visit([read]), Visit([silent]), Visit([away]), Visit([film]), Visit([asleep]), Visit([read, read])]
    expected = [600, 215, 200, 615, 95, 600]
    for seconds, milliseconds in zip(expected, counted(visits, SILENT, seed=1), strict=True):
        assert milliseconds / 1000 == pytest.approx(seconds, abs=16)


def test_the_same_seed_loses_the_same_messages() -> None:
    visits = [Visit([Tab([(0, "open", IDLE), *inputs(0, 400), (400_000, "close", 0)])])]
    lossy = Network(beats=0.6, edges=0.6)
    first = counted(visits, lossy, seed=3)
    assert first == counted(visits, lossy, seed=3)
    assert first[0] < 400_000
