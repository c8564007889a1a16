"""Corrections and contests as the pages show them: with the names of people and modules."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.corrections.data import ContestRecord, CorrectionRecord, State
from openedx_utop.attendance.corrections.models import AuthorRole, Reason
from openedx_utop.compat import platform
from openedx_utop.templatetags.utop import clock, signed_clock

Choices = list[tuple[str, Any]]
Titles = dict[UsageKey, str]


@dataclass(frozen=True)
class CorrectionRow:
    """One correction. `author` and `decided_by` are empty where the reader is the learner."""

    facts: CorrectionRecord
    learner: str
    module: str
    amount: str
    reason: str
    role: str
    author: str
    decided_by: str
    form: Any = None

    @property
    def is_pending(self) -> bool:
        """Whether it waits for a second person."""
        return self.facts.state == State.PENDING

    @property
    def is_refused(self) -> bool:
        """Whether it was refused."""
        return self.facts.state == State.REFUSED


@dataclass(frozen=True)
class ContestRow:
    """One contested figure."""

    facts: ContestRecord
    learner: str
    module: str
    shown: str
    form: Any = None


class Names:
    """What to call the people and the modules that records speak of, read once per page."""

    def __init__(self, *records: CorrectionRecord | ContestRecord, modules: Titles | None = None) -> None:
        """`modules`: their titles, where the page has read the path of the one learner that it is about."""
        learners = {(record.user_id, record.course_key) for record in records}
        self._people = platform().persons({user_id for user_id, _course in learners} | set(_staff(records)))
        self._modules = dict(modules or {})
        if modules is None:
            for user_id, course_key in learners:
                self._modules |= titles(user_id, course_key)

    def person(self, user_id: int) -> str:
        """Their full name; once the account is gone, its number."""
        found = self._people.get(user_id)
        return found.full_name if found else _("account no. {number}").format(number=user_id)

    def module(self, key: UsageKey | None) -> str:
        """Its title; off the learner's path its identifier, without a module the empty text."""
        return "" if key is None else self._modules.get(key, key.block_id)

    def correction(self, facts: CorrectionRecord, form: Any = None, *, for_learner: bool = False) -> CorrectionRow:
        """For the staff or for the learner, who is told in what capacity somebody corrected, not who."""
        decision = facts.decision
        return CorrectionRow(
            facts=facts,
            learner=self.person(facts.user_id),
            module=self.module(facts.module_key),
            amount=signed_clock(facts.seconds),
            reason=str(Reason(facts.reason_code).label),
            role=str(AuthorRole(facts.author_role).label),
            author="" if for_learner else self.person(facts.author_id),
            decided_by=self.person(decision.decided_by) if decision and not for_learner else "",
            form=form,
        )

    def contest(self, facts: ContestRecord, form: Any = None) -> ContestRow:
        """With the figure that was shown."""
        shown = clock(facts.shown_seconds)
        return ContestRow(facts, self.person(facts.user_id), self.module(facts.module_key), shown, form)


def titles(user_id: int, course_key: CourseKey) -> Titles:
    """The modules of the learner's own path, in order; none once the account is gone."""
    if platform().person(user_id) is None:
        return {}
    return {module.usage_key: module.title for module in platform().learner_path(user_id, course_key)}


def module_choices(modules: Titles) -> Choices:
    """The modules to choose from."""
    return [(str(key), title) for key, title in modules.items()]


def correction_choices(corrections: Iterable[CorrectionRecord]) -> Choices:
    """Corrections to choose from, by day and amount."""
    return [(str(each.uuid), f"{date_format(each.day)} : {signed_clock(each.seconds)}") for each in corrections]


def _staff(records: Iterable[CorrectionRecord | ContestRecord]) -> Iterable[int]:
    for record in records:
        if isinstance(record, CorrectionRecord):
            yield record.author_id
            if record.decision:
                yield record.decision.decided_by
