"""Where a learner stands against the conditions of an action and of its parts; what they share is read once."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from openedx_utop.attendance.api import (
    CertifiedTime,
    CourseTime,
    achieved,
    attended_sessions,
    course_time,
    realised_by_modality,
    realised_rule,
)
from openedx_utop.badges.data import AchievementFacts, Reached
from openedx_utop.badges.validations import ledger
from openedx_utop.badges.validations.data import ValidationFacts
from openedx_utop.compat import platform
from openedx_utop.official_time import official_day
from openedx_utop.sectors.api import Level, SectorFacts, has_track, learner_level, learner_sector, sector_lineages
from openedx_utop.training.api import (
    Action,
    Estimates,
    Evaluation,
    Module,
    Sessions,
    Standing,
    estimates,
    grade_of,
    learner_modules,
    missing_conditions,
    missing_sessions,
)


class Learner:
    """One learner in one action. Each thing is read when a condition first looks at it, then kept."""

    def __init__(
        self, user_id: int, action: Action, *, now: datetime, time: CourseTime | None = None, **known: Any
    ) -> None:
        """Nothing is read yet but the time and what else is known: properties that were read for many at once."""
        self.user_id = user_id
        self.action = action
        self._today = official_day(now)
        vars(self).update(known, **({"time": time} if time else {}))

    @cached_property
    def durations(self) -> Estimates:
        """How long the action's modules should take."""
        return estimates(self.action, self.time.policies)

    @cached_property
    def sector(self) -> SectorFacts | None:
        """The trade that they hold."""
        return learner_sector(self.user_id, self.action.course_key)

    @cached_property
    def level(self) -> Level | None:
        """The level by which the course treats them; None in a course without levels."""
        return learner_level(self.user_id, self.action.course_key)

    @cached_property
    def time(self) -> CourseTime:
        """What is recorded of them, and what of it is certified."""
        return course_time(self.user_id, self.action.course_key)

    @cached_property
    def sessions(self) -> Sessions:
        """What they signed of live sessions."""
        return attended_sessions(self.user_id, self.action.course_key, self.time.policies)

    @cached_property
    def validations(self) -> dict[int, ValidationFacts]:
        """Those that stand, by achievement."""
        return ledger.standing_of(self.user_id, self.action.action_id)

    @cached_property
    def awaited(self) -> frozenset[int]:
        """The achievements for which they are known to lack but the validation."""
        return ledger.awaited_by(self.user_id, self.action.action_id)

    @cached_property
    def path(self) -> tuple[Module, ...]:
        """The modules that are theirs: the host hides those of other tracks."""
        return learner_modules(self.user_id, self.action, self.durations)

    @cached_property
    def grade(self) -> float:
        """The course grade, in percent."""
        return platform().course_grade(self.user_id, self.action.course_key)

    @cached_property
    def has_track(self) -> bool:
        """Whether it is settled which modules are theirs."""
        return has_track(self.user_id, self.action.course_key)

    @cached_property
    def trades(self) -> tuple[str, ...]:
        """Their trade and those above it."""
        sector = self.sector
        return sector_lineages()[sector.slug] if sector else ()

    def is_theirs(self, achievement: AchievementFacts) -> bool:
        """Whether it is of their trade or of none; the whole action's is everybody's: certificates follow from it."""
        return achievement.is_whole or not achievement.sector or achievement.sector in self.trades

    def validation(self, achievement: AchievementFacts) -> ValidationFacts | None:
        """The one that stands, where one is asked for."""
        asked = achievement.conditions.requires_validation and achievement.achievement_id
        return self.validations.get(achievement.achievement_id) if asked and achievement.achievement_id else None

    def may_hold(self, achievement: AchievementFacts) -> bool:
        """False as soon as something that is cheap to know says no: this is asked after every burst of activity.

        Whoever is known to lack but a validation is looked at again once they have it.
        """
        conditions = achievement.conditions
        if self._waits(achievement):
            return False
        if not self.is_theirs(achievement):
            return False
        # The modules of other tracks are in it as well: it can only be too much.
        if conditions.required_seconds and self._certified(achievement, self._time(achievement)) < (
            conditions.required_seconds
        ):
            return False
        return not any(missing_sessions(conditions, self._sessions(achievement)))

    def _waits(self, achievement: AchievementFacts) -> bool:
        is_lacking = achievement.conditions.requires_validation and not self.validation(achievement)
        return is_lacking and achievement.achievement_id in self.awaited

    def reached(self, achievement: AchievementFacts) -> Reached:
        """Every figure against the achievement's conditions, with the list of what is missing."""
        path = self._path(achievement)
        time = self._time(achievement, path)
        standing = self._standing(achievement, path, time)
        rule = realised_rule(self.time.policies, self._today)
        realised = realised_by_modality(achieved(path), time.portions, self.time.policies, rule)
        evaluation = Evaluation(
            action=self.action,
            conditions=achievement.conditions,
            path=path,
            grade=standing.grade,
            presence_seconds=time.total_seconds,
            certified_seconds=time.certified_seconds,
            realised_seconds=sum(realised.values()),
            missing=missing_conditions(achievement.conditions, standing),
        )
        return Reached(evaluation, time, standing.sessions, self.validation(achievement))

    def _path(self, achievement: AchievementFacts) -> tuple[Module, ...]:
        """Those of the modules it is about that are the learner's; none of a badge of another trade."""
        if not self.is_theirs(achievement):
            return ()
        return tuple(each for each in self.path if not achievement.modules or each.usage_key in achievement.modules)

    def _standing(self, achievement: AchievementFacts, path: tuple[Module, ...], time: CertifiedTime) -> Standing:
        conditions = achievement.conditions
        is_own_grade = bool(achievement.modules) and not conditions.grade_of_action
        return Standing(
            path=path,
            has_path=self.is_theirs(achievement) and (len(path) == len(achievement.modules) > 0 or self.has_track),
            grade=grade_of(path) if is_own_grade else self.grade,
            certified_seconds=self._certified(achievement, time),
            sessions=self._sessions(achievement),
            is_validated=self.validation(achievement) is not None,
            is_part=bool(achievement.modules),
        )

    def _time(self, achievement: AchievementFacts, path: Sequence[Module] | None = None) -> CertifiedTime:
        """The time on the part's modules, those of the path alone once it is known; all of it without modules."""
        if not achievement.modules:
            return self.time
        return self.time.within(achievement.modules if path is None else [each.usage_key for each in path])

    def _certified(self, achievement: AchievementFacts, time: CertifiedTime) -> int:
        """The certified seconds that the conditions look at."""
        return (self.time if achievement.conditions.minutes_of_action else time).certified_seconds

    def _sessions(self, achievement: AchievementFacts) -> Sessions:
        return self.sessions if achievement.conditions.looks_at_sessions else Sessions()
