"""What becomes of a beat, from the bytes that came to the answer: the part that every way in has in common."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, cast

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import import_string

from openedx_utop.attendance import lease as leases
from openedx_utop.attendance import wire
from openedx_utop.attendance.backends.base import Recorder
from openedx_utop.attendance.data import BeatAnswer, Report
from openedx_utop.attendance.rules import WARNING_MS, Decision, Parameters
from openedx_utop.attendance.summary import milliseconds


@cache
def parameters() -> Parameters:
    """The method's parameters, from the settings."""
    return Parameters(
        silence=settings.UTOP_SILENCE_SECONDS * 1000,
        idle=settings.UTOP_IDLE_SECONDS * 1000,
        activity_idle=settings.UTOP_ACTIVITY_IDLE_SECONDS * 1000,
        trail=settings.UTOP_TRAIL_SECONDS * 1000,
        unattended=settings.UTOP_MEDIA_PROMPT_SECONDS * 1000 + WARNING_MS,
        lease=settings.UTOP_LEASE_SECONDS * 1000,
    )


@lru_cache(maxsize=64)
def _parameters_with(idle: int) -> Parameters:
    return replace(parameters(), idle=idle)


@receiver(setting_changed)
def _ask_the_settings_again(**_kwargs: Any) -> None:
    """Tests change them; a site's stay as they are, and asking at each beat would take longer than reading it."""
    for asked in (parameters, _parameters_with, recorder):
        asked.cache_clear()


def record_beat(body: bytes, *, now: datetime) -> BeatAnswer:
    """Account for one beat as beat.js sends it.

    Raises BodyTooLarge, MalformedBeat, BadLease, ExpiredLease, TooManyBeats or RecorderBusy; nothing is written then.
    """
    return record(read_beat(body, now=now))


def read_beat(body: bytes, *, now: datetime) -> Report:
    """What a recorder is told of a beat; raises BodyTooLarge, MalformedBeat, BadLease or ExpiredLease."""
    instant = milliseconds(now)
    message = wire.parse_beat(body)
    lease = leases.read_current(message.lease, lifetime=parameters().lease, now=instant)
    rule = parameters() if lease.idle is None else _parameters_with(lease.idle)
    return Report(lease, message.client, message.beat, rule, instant)


def record(report: Report) -> BeatAnswer:
    """Account for one beat, however long that lasts; raises TooManyBeats or RecorderBusy."""
    return _answer(report, recorder().record(report))


def record_together(reports: Sequence[Report]) -> list[BeatAnswer | Exception | None]:
    """The answer to each beat, or what `record` would raise; None where that has to be called, for it may last."""
    outcomes = zip(reports, recorder().record_together(reports), strict=True)
    return [_answer(report, outcome) if isinstance(outcome, Decision) else outcome for report, outcome in outcomes]


@cache
def recorder() -> Recorder:
    """The one that the settings name."""
    return cast(Recorder, import_string(settings.UTOP_RECORDER)())


def _answer(report: Report, decision: Decision) -> BeatAnswer:
    lease = leases.renew(report.lease, report.now)
    return BeatAnswer(decision.status, decision.credited / 1000, settings.UTOP_BEAT_SECONDS, lease)
