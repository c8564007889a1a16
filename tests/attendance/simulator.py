"""What beat.js sends while a learner follows a script, second by second, without jitter or latency."""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

BEAT = 30
IDLE = 180
UNATTENDED = 1230
KEPT = 40
GRACE = 5


@dataclass(frozen=True)
class Stay:
    """The page is in view from `start` to `end`; a new document is a change of unit, else the tab was hidden before."""

    start: int
    end: int
    unit: str = "first"
    new_document: bool = False


@dataclass(frozen=True)
class Script:
    """One tab: when it is in view, when the learner gives signals, what a video does, which messages are lost.

    `keeps`: it tells again what was lost, as the page does; without it, what is lost is gone.
    """

    stays: tuple[Stay, ...]
    signals: Collection[int]
    lost: Collection[int] = ()
    keeps: bool = False
    video: range | None = None
    video_is_frozen: bool = False
    client: str = "tab-00001"
    course: str = "first"


@dataclass(frozen=True)
class Sent:
    """A message, and whether it arrives."""

    at: int
    client: str
    course: str
    unit: str
    fields: dict[str, Any]
    arrives: bool = True


def every(step: int, *spans: tuple[int, int]) -> set[int]:
    """Signals each `step` seconds within spans, ends included."""
    return {instant for start, end in spans for instant in range(start, end + 1, step)}


@dataclass
class Tab:
    """The state of beat.js in one tab."""

    script: Script
    seq: int = 0
    last_signal: int = 0
    last_input: int = 0
    acknowledged_at: int | None = None
    left: float = -math.inf
    away: float = 0
    first: float = math.inf
    due: int | None = None
    missed: list[tuple[int, int, int, int, bool]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    def messages(self) -> list[Sent]:
        """Everything that the tab sends."""
        for rank, stay in enumerate(self.script.stays):
            if rank == 0 or stay.new_document:
                self.last_signal = self.last_input = stay.start
                self.acknowledged_at = None
                self.missed = []
                self.away = 0
            self._stay(stay)
        return self.sent

    def _stay(self, stay: Stay) -> None:
        self.first = math.inf
        self.away += stay.start - self.left
        self.due = None
        if stay.start - self.last_signal <= IDLE:
            self._beat(stay, stay.start)
        for now in range(stay.start, stay.end + 1):
            self._second(stay, now)
        if stay.end - self.last_signal <= IDLE:
            self._beat(stay, stay.end)
        self.left = stay.end

    def _second(self, stay: Stay, now: int) -> None:
        silence = now - self.last_signal
        if now in self.script.signals:
            self.last_input = now
        if now == self.last_input or (self._media(now) and not self.script.video_is_frozen):
            self.last_signal = now
            if silence > IDLE - BEAT:
                self._beat(stay, now)
        if now == self.due:
            self._beat(stay, now)

    def _media(self, now: int) -> dict[str, Any] | None:
        if self.script.video is None or now not in self.script.video or now - self.last_input > UNATTENDED:
            return None
        position = 0 if self.script.video_is_frozen else now - self.script.video.start
        return {"position": position * 1000, "rate": 1, "playing": True}

    def _beat(self, stay: Stay, now: int) -> None:
        self.seq += 1
        arrives = now not in self.script.lost
        silence, alone = (now - self.last_signal) * 1000, (now - self.last_input) * 1000
        if len(self.missed) < KEPT:
            self.missed.append((self.seq, now, silence, alone, self.seq <= self.first))
        self.first = min(self.first, self.seq)
        fields = {
            "client": self.script.client,
            "seq": self.seq,
            "quiet": silence,
            "input": alone,
            "elapsed": None if self.acknowledged_at is None else (now - self.acknowledged_at) * 1000,
            "appeared": self.away > GRACE,
            "media": self._media(now),
            "missed": [[seq, (now - made) * 1000, *rest] for seq, made, *rest in self.missed],
        }
        self.sent.append(Sent(now, self.script.client, self.script.course, stay.unit, fields, arrives))
        if arrives:
            self.acknowledged_at = now
        if arrives and self.seq >= self.first:
            self.away = 0
        if arrives or not self.script.keeps:
            self.missed = []
        rest = IDLE - (now - self.last_signal)
        self.due = now + min(BEAT, rest) if rest > 0 else None


def conversation(*scripts: Script) -> Iterator[Sent]:
    """The messages of all tabs in order of time; at the same second, in the order of the scripts."""
    messages = [sent for script in scripts for sent in Tab(script).messages()]
    return iter(sorted(messages, key=lambda sent: sent.at))
