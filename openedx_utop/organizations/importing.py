"""Many companies at once: each number of a list looked up in its turn, at the register's pace.

A list that was interrupted is simply given again: what is known already costs no question.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from openedx_utop.organizations.data import (
    Answer,
    FactsStatus,
    InvalidSiret,
    LineLookUp,
    LookUp,
    RegisterUnavailable,
)
from openedx_utop.organizations.looking_up import look_up
from openedx_utop.organizations.models import Employer
from openedx_utop.organizations.register import companies as register
from openedx_utop.spreadsheets import decoded

COLUMN = "siret"
# How often a register that does not answer is waited for before the list is left where it is.
TRIES = 3
PORTION = 500


def numbers_in(content: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """The numbers of a CSV file with their lines, read as it goes: the column `siret`, or the first one.

    Semicolons or commas, UTF-8 with or without its mark, or Latin-1.
    """
    delimiter, column = "", 0
    for number, raw in enumerate(content, start=1):
        text = decoded(raw).removeprefix("\ufeff").strip()
        if not text or text.startswith("#"):
            continue
        is_first = not delimiter
        delimiter = delimiter or (";" if ";" in text else ",")
        cells = [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter))]
        names = [cell.lower() for cell in cells]
        if is_first and COLUMN in names:
            column = names.index(COLUMN)
        else:
            yield number, cells[column] if column < len(cells) else ""


def due_numbers(*, now: datetime) -> Iterator[tuple[int, str]]:
    """The companies of the registry that the register is to be asked about, counted from 1."""
    numbers = _due(now).order_by("pk").values_list("siret", flat=True)
    yield from enumerate(numbers.iterator(chunk_size=PORTION), start=1)


def count_due(*, now: datetime) -> int:
    """How many they are."""
    return _due(now).count()


def look_up_each(numbers: Iterable[tuple[int, str]], *, clock: Callable[[], datetime]) -> Iterator[LineLookUp]:
    """Look each number up, waiting for the register where needed; nothing is kept in memory.

    Raises RegisterUnavailable where the register is down for long.
    """
    for line, text in numbers:
        try:
            found = _found_in_the_end(text, clock)
        except InvalidSiret as refusal:
            yield LineLookUp(line, text, None, str(refusal))
        else:
            yield LineLookUp(line, found.siret.value, found.status, " ".join(found.warnings))


def _found_in_the_end(text: str, clock: Callable[[], datetime]) -> LookUp:
    for _attempt in range(TRIES):
        found = look_up(text, now=clock(), is_patient=True)
        if found.status is not FactsStatus.UNAVAILABLE and not found.is_stale:
            return found
        if not settings.UTOP_COMPANY_REGISTER_URL:
            break
        register.pace.wait_until_back()
    raise RegisterUnavailable(_("The register of companies does not answer. Run this again later: it will go on here."))


def _due(now: datetime) -> QuerySet[Employer]:
    old = now - timedelta(days=settings.UTOP_COMPANY_FACTS_DAYS)
    recently = now - timedelta(hours=settings.UTOP_UNKNOWN_COMPANY_HOURS)
    is_missing = Q(fetched_at=None) | Q(fetched_at__lt=old)
    return Employer.objects.filter(is_missing).exclude(answer=Answer.UNKNOWN, asked_at__gt=recently)
