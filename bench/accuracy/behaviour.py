"""Learners who never existed: an invented mix of behaviour, drawn from a seed, with the truth about when they are in.

The figures below are no observations: they rank methods, they prove none. Those that others' rules can feel (how long
visits, units, films and breaks are, how often there is a break, what the server's log shows of a unit) were chosen so
that the rows of others come near to those of an independent study of the same rules on synthetic learners, on seeds 100
to 119; the row of the product was not looked at. The others are guesses. `docs/decisions/0027` says why.
"""

import math
from random import Random

from bench.accuracy.visits import Action, Span, Tab, Visit

READING_IDLE, EXERCISE_IDLE = 180_000, 300_000
# Minutes in which a learner is there: half of the visits have more, few are far from it.
VISIT_MEDIAN, VISIT_SPREAD, VISIT_BOUNDS = 15, 0.55, (5, 80)
# What a learner does in a unit, and how often.
UNITS = {"read": 0.5, "exercise": 0.3, "watch": 0.2}
# The seconds that half of the units are read for, and half of the films last, at most.
READING_MEDIAN, FILM_MEDIAN = 60, 90
# How often a gesture within a unit asks something of the server: a tab, a note, a bookmark, a pause of the film.
LOGGED_SHARE = 0.2
# How often an activity is followed by a break; which, and the seconds that half of these last at most.
BREAK_SHARE, BREAK_SPREAD, LONGEST_BREAK = 0.33, 0.6, 5400
BREAKS = {"another window": 0.6, "left the room": 0.22, "locked": 0.11, "lid closed": 0.07}
BREAK_MEDIANS = {"another window": 120, "left the room": 480, "locked": 1200, "lid closed": 2400}
# How a visit ends, and how long the page stays open then.
ENDS = {"closed": 0.6, "hidden": 0.2, "left open": 0.2}
LEFT_MEDIAN = 180
SECOND_TAB_SHARE, SECOND_DEVICE_SHARE = 0.2, 0.12
FILM_WITHOUT_VIEWER_SHARE, FLOATING_FILM_SHARE = 0.05, 0.08
ABORTED_SHARE = 0.1


def visits(count: int, seed: int) -> list[Visit]:
    """This many visits of five minutes or more."""
    random = Random(seed)
    return [Learner(Random(random.random())).visit() for _ in range(count)]


class Learner:
    """Acts, second after second; the main tab first."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._now = 0.0
        self._main = Tab()
        self._visit = Visit(tabs=[self._main])
        self._opened_at: float | None = None
        # How often somebody touches the page while reading differs from one person to the next.
        self._rhythm = self._about(14, 0.5)

    def visit(self) -> Visit:
        """From the first page to the last trace."""
        least, most = VISIT_BOUNDS
        enough = 60 * self._between(least, self._about(VISIT_MEDIAN, VISIT_SPREAD), most)
        second_tab = self._chance(SECOND_TAB_SHARE)
        second_device = self._chance(SECOND_DEVICE_SHARE)
        while self._present_for() < enough:
            self._unit()
            if second_tab and self._chance(0.4):
                self._compare()
            if second_device and self._chance(0.3):
                self._second_device()
            if self._chance(BREAK_SHARE):
                self._break()
        self._end()
        for tab in self._visit.tabs:
            tab.actions.sort(key=lambda action: action[0])
        self._visit.log.sort()
        return self._visit

    # ── what a learner does

    def _unit(self) -> None:
        kind = self._one_of(UNITS)
        self._open(EXERCISE_IDLE if kind == "exercise" else READING_IDLE)
        {"read": self._read, "exercise": self._exercise, "watch": self._watch}[kind]()
        self._turn_page()

    def _read(self) -> None:
        until = self._now + self._between(15, self._about(READING_MEDIAN, 0.7), 1200)
        while self._now < until:
            self._stay(min(self._about(self._rhythm, 1.1), until - self._now))
            self._act("scroll" if self._chance(0.5) else "input")
            self._ask()

    def _exercise(self) -> None:
        for _question in range(self._random.randint(1, 4)):
            for _step in range(self._random.randint(2, 6)):
                self._stay(self._between(1, self._about(12, 1.1), 420))
                self._act("input")
            self._log()

    def _watch(self) -> None:
        film = self._between(45, self._about(FILM_MEDIAN, 0.6), 1500)
        self._stay(self._about(4, 0.5))
        self._act("input")
        self._act("play", self._random.choice((1, 1, 1, 1.25, 1.5)))
        self._log()
        if self._chance(FLOATING_FILM_SHARE):
            self._float(film)
        elif self._chance(FILM_WITHOUT_VIEWER_SHARE):
            self._stay(film * 0.4)
            self._away(film * 0.6)
        else:
            self._follow(film)
        self._act("stop")
        self._log()
        self._stay(self._about(8, 0.8))

    def _follow(self, film: float) -> None:
        until = self._now + film
        while self._now < until:
            self._stay(min(self._random.expovariate(1 / 120), until - self._now))
            if self._chance(0.3):
                self._act("input")
                self._ask()

    def _float(self, film: float) -> None:
        """The film in a window of its own, over another application."""
        self._act("float")
        self._act("hide")
        self._stay(film)
        self._act("show")
        self._act("dock")

    def _compare(self) -> None:
        """Another unit in a second tab, back and forth."""
        other = Tab()
        self._visit.tabs.append(other)
        self._open(READING_IDLE)
        opened = self._now
        self._record(other, "open", READING_IDLE)
        self._log()
        tabs = [other, self._main]
        self._act("hide")
        for turn in range(self._random.randint(2, 5)):
            looked_at, hidden = tabs[turn % 2], tabs[(turn + 1) % 2]
            if turn:
                self._record(hidden, "hide")
                self._record(looked_at, "show")
            self._look(looked_at, hidden)
            for _glance in range(self._random.randint(1, 5)):
                self._stay(self._about(14, 0.9))
                self._record(looked_at, "input")
        self._record(other, "close")
        self._record(self._main, "show")
        self._look(self._main, other)
        self._visit.opened.append(Span(_ms(opened), _ms(self._now)))

    def _second_device(self) -> None:
        """A telephone beside the screen, both in use."""
        phone = Tab()
        self._visit.tabs.append(phone)
        self._open(READING_IDLE)
        opened = self._now
        self._record(phone, "open", READING_IDLE)
        self._log()
        until = self._now + self._between(40, self._about(200, 0.6), 900)
        while self._now < until:
            held = phone if self._chance(0.5) else self._main
            self._look(held, self._main if held is phone else phone)
            self._stay(min(self._about(18, 0.9), until - self._now))
            self._record(held, "input")
        self._record(phone, "hide" if self._chance(0.5) else "close")
        self._look(self._main, phone)
        self._visit.opened.append(Span(_ms(opened), _ms(self._now)))

    def _break(self) -> None:
        kind = self._one_of(BREAKS)
        seconds = self._between(5, self._about(BREAK_MEDIANS[kind], BREAK_SPREAD), LONGEST_BREAK)
        if kind == "another window":
            self._hidden(seconds)
        elif kind == "left the room":
            self._away(seconds)
        elif kind == "locked":
            # The screen goes dark some time after the last gesture.
            self._away(min(seconds, 120))
            self._hidden(seconds)
        else:
            self._lid(seconds)
        if self._opened_at is not None:
            self._act("input")

    def _end(self) -> None:
        kind = self._one_of(ENDS)
        if self._opened_at is None:
            return
        if kind == "left open":
            # Until the screen locks, or somebody comes back to close the page.
            self._away(self._between(60, self._about(LEFT_MEDIAN, 1), 7200))
        elif kind == "hidden":
            self._hidden(self._between(60, self._about(LEFT_MEDIAN, 1), 7200), comes_back=False)
        self._close()

    # ── what happens to the page

    def _open(self, idle: float) -> None:
        if self._opened_at is not None:
            self._close()
            self._stay(self._about(1.2, 0.4))
        self._opened_at = self._now
        self._act("open", idle)
        self._act("attend")
        self._log()

    def _turn_page(self) -> None:
        """Some go out of the course between two units, to its outline for instance."""
        if self._chance(ABORTED_SHARE):
            self._close()
            self._now += self._about(20, 0.8)

    def _close(self) -> None:
        if self._opened_at is not None:
            self._act("close")
            self._visit.opened.append(Span(_ms(self._opened_at), _ms(self._now)))
            self._opened_at = None

    def _hidden(self, seconds: float, *, comes_back: bool = True) -> None:
        self._act("hide")
        self._away(seconds)
        if comes_back:
            self._act("show")

    def _lid(self, seconds: float) -> None:
        """The machine sleeps; four times in five the page is told in time."""
        told = self._chance(0.8)
        if told:
            self._act("hide")
        self._act("sleep", _ms(self._now + seconds))
        self._away(seconds)
        self._act("wake")
        if told:
            self._act("show")

    def _away(self, seconds: float) -> None:
        self._act("ignore")
        self._now += seconds
        self._act("attend")

    # ── time and chance

    def _stay(self, seconds: float) -> None:
        start, self._now = self._now, self._now + seconds
        self._visit.present.append(Span(_ms(start), _ms(self._now)))

    def _present_for(self) -> float:
        return self._visit.truth / 1000

    def _act(self, name: str, value: float = 0) -> None:
        self._record(self._main, name, value)

    def _record(self, tab: Tab, name: str, value: float = 0) -> None:
        action: Action = (_ms(self._now), name, value)
        tab.actions.append(action)

    def _look(self, tab: Tab, elsewhere: Tab) -> None:
        self._record(tab, "attend")
        self._record(elsewhere, "ignore")

    def _ask(self) -> None:
        if self._chance(LOGGED_SHARE):
            self._log()

    def _log(self) -> None:
        self._visit.log.append(_ms(self._now))

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _one_of(self, shares: dict[str, float]) -> str:
        return self._random.choices(list(shares), list(shares.values()))[0]

    def _about(self, median: float, spread: float) -> float:
        return self._random.lognormvariate(math.log(median), spread)

    def _between(self, least: float, value: float, most: float) -> float:
        return max(least, min(value, most))


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
