"""What the team should look at in a learner's time, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openedx_utop.attendance.flags import Flag, Remark
from openedx_utop.training.data import Module

REASONS = {
    Remark.LONG_DAY: _("a long day"),
    Remark.FAST: _("completed in under 30 % of its estimated duration"),
    Remark.SLOW: _("took over three times its estimated duration"),
}


@dataclass(frozen=True)
class RemarkRow:
    """A day or a module, why it is worth a look, the seconds recorded and those that they were compared with."""

    where: str
    reason: str | Promise
    seconds: int
    compared_with: int


def remark_rows(flags: Iterable[Flag], path: Sequence[Module]) -> tuple[RemarkRow, ...]:
    """The flags with the titles of the path's modules, in the active language."""
    titles = {module.usage_key: module.title for module in path}
    return tuple(
        RemarkRow(
            date_format(flag.day) if flag.day else titles.get(flag.module, str(flag.module)) if flag.module else "",
            REASONS[flag.remark],
            flag.seconds,
            flag.compared_with,
        )
        for flag in flags
    )
