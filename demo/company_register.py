"""The public register of companies, as this host has it: a stand-in that runs in the same process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from demo.fakes import companies
from demo.fakes.companies import Company
from demo.fakes.register import Register


@dataclass(frozen=True)
class Sample:
    """A fictitious company to try, and what it shows."""

    company: Company
    shows: Promise | str
    site: int = 0

    @property
    def siret(self) -> str:
        """The number to type."""
        return self.company.sites[self.site].siret


SAMPLES = (
    Sample(companies.HOTEL, _("a hotel of 14 people: one trade, eligible")),
    Sample(companies.INN_WITH_BAR, _("two collective agreements, the same trade")),
    Sample(companies.TWO_TRADES, _("two collective agreements, two trades: the learner chooses")),
    Sample(companies.GARMENTS, _("no collective agreement known: its activity decides, or the learner")),
    Sample(companies.BANK, _("a branch of 25 people in a bank of 10 000: the whole company counts"), site=1),
    Sample(companies.SUBSIDIARY, _("a small company that belongs to a group: an adviser checks")),
    Sample(companies.JUST_IN, _("200 to 249 people: eligible")),
    Sample(companies.JUST_OUT, _("250 to 499 people: not eligible")),
    Sample(companies.UNCOUNTED, _("a headcount that nobody knows")),
    Sample(companies.SOLE_TRADER, _("a sole trader whose name is not published")),
    Sample(companies.CLOSED, _("a company that has closed")),
    Sample(companies.LEADING_ZERO, _("a number that begins with 0: try it without")),
)

_running: list[Register] = []


@contextmanager
def register() -> Iterator[Register]:
    """Serve it until the end of the block, and have the product ask it."""
    with Register() as running:
        settings.UTOP_COMPANY_REGISTER_URL = running.url
        _running.append(running)
        try:
            yield running
        finally:
            _running.clear()
            settings.UTOP_COMPANY_REGISTER_URL = ""


def running_register() -> Register | None:
    """The one that runs; None in a process that does not serve."""
    return _running[0] if _running else None
