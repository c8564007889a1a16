"""Which silence is admitted: what the lease says, the same for the script and for the server."""

from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from openedx_utop.attendance import api, lease
from openedx_utop.attendance.checks import check_beats, check_idle_limits
from tests.attendance.conftest import LEARNER, Desk, course_key, usage_key


def lease_admitting(idle_seconds: int) -> str:
    module, unit = usage_key("first", "sequential", "module"), usage_key("first", "vertical", "exercise")
    return api.issue_lease(LEARNER, course_key(), module, unit, now=timezone.now(), idle_seconds=idle_seconds)


def beats(desk: Desk, text: str, *quiets: tuple[int, int]) -> str:
    """One beat for each (second, seconds of silence), each with the lease of the answer before."""
    for seq, (second, quiet) in enumerate(quiets):
        desk.at(second)
        beat = {"lease": text, "client": "tab-00001", "seq": seq, "quiet": quiet * 1000, "appeared": seq == 0}
        text = desk.post(beat).json()["lease"]
    return text


SILENCE = [(0, 0), *((second, second) for second in range(30, 241, 30)), (250, 0)]


def test_the_server_bridges_what_the_lease_admits(desk: Desk) -> None:
    beats(desk, lease_admitting(300), *SILENCE)
    assert desk.total() == 250


def test_and_no_more(desk: Desk) -> None:
    beats(desk, lease_admitting(240), *SILENCE)
    assert desk.total() == 15


def test_every_renewal_admits_the_same(desk: Desk, host: Any) -> None:
    answered = beats(desk, lease_admitting(300), *SILENCE)
    host.enrolments.add((LEARNER, course_key()))
    renewed = api.renew_lease(LEARNER, answered, now=timezone.now())
    assert [lease.read(text).idle for text in (answered, renewed)] == [300_000, 300_000]


def test_a_lease_that_says_nothing_admits_the_platforms_own(desk: Desk) -> None:
    beats(desk, desk.lease(), *SILENCE[:-4], (180, 0), *((180 + second, quiet) for second, quiet in SILENCE[1:]))
    assert desk.total() == 195


def test_a_lease_of_the_version_before_is_no_lease_any_more(desk: Desk) -> None:
    fields = [LEARNER, str(course_key()), "module", "unit", 0]
    old = signing.Signer(salt="openedx_utop.attendance.lease").sign_object(fields, compress=True)
    with pytest.raises(api.BadLease):
        lease.read(old)


@pytest.mark.parametrize("name", ["UTOP_IDLE_SECONDS", "UTOP_ACTIVITY_IDLE_SECONDS"])
@pytest.mark.parametrize("seconds", [59, 601, 0, -180, "180", 180.5, True, None])
def test_a_limit_out_of_bounds_is_an_error(settings: Any, name: str, seconds: Any) -> None:
    setattr(settings, name, seconds)
    (message,) = check_idle_limits(None)
    assert (message.id, name in message.msg) == ("openedx_utop.E010", True)


@pytest.mark.parametrize("seconds", [60, 600])
def test_the_bounds_are_allowed(settings: Any, seconds: int) -> None:
    settings.UTOP_IDLE_SECONDS = settings.UTOP_ACTIVITY_IDLE_SECONDS = seconds
    assert check_idle_limits(None) == []


@pytest.mark.parametrize(("beat", "silence", "lease"), [(31, 90, 600), (0, 90, 600), (30, 601, 600)])
def test_beats_too_seldom_for_their_silence_are_an_error(settings: Any, beat: int, silence: int, lease: int) -> None:
    assert check_beats(None) == []
    settings.UTOP_BEAT_SECONDS, settings.UTOP_SILENCE_SECONDS, settings.UTOP_LEASE_SECONDS = beat, silence, lease
    (message,) = check_beats(None)
    assert message.id == "openedx_utop.E012"
