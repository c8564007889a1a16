"""What becomes of each line of a list: lines and terms in, verdicts out; nothing is read or written here."""

from collections.abc import Callable, Collection, Iterable, Iterator
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from openedx_utop.enrolment.data import Judged, Line, Seats, Terms, Verdict
from openedx_utop.enrolment.list_file import plain
from openedx_utop.organizations.api import InvalidSiret, check_siret
from openedx_utop.sectors.api import Level

SIREN_LENGTH = 9
LONGEST_EMAIL = 254
LEVELS = {
    Level.BEGINNER: "beginner|debutant|debutante|1",
    Level.INTERMEDIATE: "intermediate|intermediaire|2",
    Level.ADVANCED: "advanced|confirme|confirmee|3",
}
LEVEL = {word: level for level, words in LEVELS.items() for word in words.split("|")}


class Unfit(Exception):
    """A line that gives no seat, and why."""

    def __init__(self, verdict: Verdict, explanation: str = "") -> None:
        super().__init__(verdict)
        self.verdict, self.explanation = verdict, explanation


def checked(lines: Iterable[Line], terms: Terms) -> Iterator[Judged]:
    """Every line in its normal form, without a verdict if a seat may be given for it, else with its verdict."""
    first: dict[str, int] = {}
    for line in lines:
        try:
            normal = _normal(line, terms)
        except Unfit as unfit:
            yield Judged(line, unfit.verdict, unfit.explanation)
            continue
        earlier = first.setdefault(normal.email, line.number)
        if earlier != line.number:
            yield Judged(line, Verdict.DUPLICATE, _("The same address as line %(line)d.") % {"line": earlier})
        else:
            yield Judged(normal)


def placed(judged: Iterable[Judged], *, listed: Collection[str], seats: Seats) -> Iterator[Judged]:
    """Settle the lines that are fit for a seat: those listed already keep theirs, the others come in order.

    `listed`: the normal addresses that hold a seat or wait for one.
    """
    free = seats.free
    for each in judged:
        if each.verdict is not None:
            yield each
        elif each.line.email in listed:
            yield each.placed(Verdict.LISTED)
        elif free is None:
            yield each.placed(Verdict.SEAT)
        else:
            yield each.placed(Verdict.SEAT if free > 0 else Verdict.WAITING)
            free -= 1


def normal_email(text: str) -> str | None:
    """The address in small letters, taken out of « Name <address> » if need be; None if it is none."""
    address = (parseaddr(text)[1] if "<" in text else text).strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return None
    return address if len(address) <= LONGEST_EMAIL else None


def masked(email: str) -> str:
    """An address that its owner recognises and nobody else learns: `c…@e….fr`."""
    name, _at, domain = email.rpartition("@")
    host, _dot, top = domain.rpartition(".")
    return f"{name[:1]}…@{host[:1]}….{top}" if name and host else ""


def _normal(line: Line, terms: Terms) -> Line:
    if line.surplus:
        raise Unfit(Verdict.MALFORMED, _("Too many columns, or one that is too long."))
    email = normal_email(line.email)
    if email is None:
        raise Unfit(Verdict.BAD_EMAIL)
    siret = _siret(line.siret, terms)
    return Line(
        number=line.number,
        email=email,
        last_name=line.last_name[:150],
        first_name=line.first_name[:150],
        siret=siret,
        sector=_known(line.sector, terms.sectors.get, Verdict.UNKNOWN_SECTOR),
        level=_known(line.level, LEVEL.get, Verdict.UNKNOWN_LEVEL),
    )


def _siret(text: str, terms: Terms) -> str:
    """The line's own number, checked; the company of a line without one is that of the list."""
    siret = _number(text) if text else ""
    if siret and terms.company and siret[:SIREN_LENGTH] != terms.company[:SIREN_LENGTH]:
        raise Unfit(Verdict.OTHER_COMPANY, _("You list the people of your own company only."))
    sentence = terms.refused.get(siret or terms.company)
    if sentence:
        raise Unfit(Verdict.NOT_ELIGIBLE, sentence)
    return siret


def _number(text: str) -> str:
    try:
        return check_siret(text).value
    except InvalidSiret as error:
        raise Unfit(Verdict.BAD_SIRET, str(error)) from error


def _known(text: str, look_up: Callable[[str], str | None], otherwise: Verdict) -> str:
    """Sectors and levels are told by their names in any writing; empty stays empty."""
    if not text:
        return ""
    found = look_up(plain(text))
    if found is None:
        raise Unfit(otherwise)
    return str(found)
