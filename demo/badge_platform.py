"""The badge platform of a region, as this host has it: a stand-in that runs in the same process."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from demo.fakes.open_badge_factory import FakeOpenBadgeFactory

NAME = "region"
# The badge there that stands for the only one here.
BADGE = "NMBADGE1"
BACKEND = "openedx_utop.badges.platforms.open_badge_factory.OpenBadgeFactory"

_running: list[FakeOpenBadgeFactory] = []


@contextmanager
def badge_platform() -> Iterator[FakeOpenBadgeFactory]:
    """Serve it until the end of the block, and have the product send badges on to it."""
    with FakeOpenBadgeFactory() as running:
        account = {"client_id": running.client_id, "client_secret": running.client_secret, "url": f"{running.url}/v1"}
        settings.UTOP_BADGE_PLATFORMS = {NAME: {"BACKEND": BACKEND, "OPTIONS": account}}
        _running.append(running)
        try:
            yield running
        finally:
            _running.clear()
            settings.UTOP_BADGE_PLATFORMS = {}


def running_badge_platform() -> FakeOpenBadgeFactory | None:
    """The one that runs; None in a process that does not serve."""
    return _running[0] if _running else None
