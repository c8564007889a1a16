"""Finding a company by its name, for whoever does not know its number."""

from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import gettext as _

from openedx_utop.organizations.companies import facts_of
from openedx_utop.organizations.data import CompanyMatch, RegisterUnavailable, SearchTooVague
from openedx_utop.organizations.models import Employer
from openedx_utop.organizations.register import companies as register
from openedx_utop.organizations.register.data import NoAnswer
from openedx_utop.organizations.register.reading import fingerprint

FEWEST_CHARACTERS = 3
LONGEST_TEXT = 100
POSTCODE_LENGTH = 5
MOST_MATCHES = 10
# Seconds that an answer is kept.
KEPT = 24 * 3600


def search_companies(text: str, postcode: str = "", *, known_here: bool = False) -> tuple[CompanyMatch, ...]:
    """Establishments called so, in this postcode if one is given.

    `known_here`: when the register is down, those of the registry; for staff alone, since it tells who was looked up.
    Raises SearchTooVague, and RegisterUnavailable when it is down and there is nothing to show instead.
    """
    text, postcode = " ".join(text.split())[:LONGEST_TEXT], "".join(postcode.split())
    if len(text) < FEWEST_CHARACTERS:
        raise SearchTooVague(_("Enter at least 3 letters of the company's name."))
    if postcode and not (len(postcode) == POSTCODE_LENGTH and postcode.isascii() and postcode.isdigit()):
        raise SearchTooVague(_("A postcode has 5 digits. Leave it empty if you do not know it."))
    try:
        return _asked(text, postcode)
    except NoAnswer as error:
        if known_here and (known := _known_here(text, postcode)):
            return known
        raise RegisterUnavailable(
            _(
                "The public register of companies does not answer at the moment. Enter the SIRET printed on your"
                " payslip, or try again later."
            )
        ) from error


def _asked(text: str, postcode: str) -> tuple[CompanyMatch, ...]:
    key = f"utop.company-search.{fingerprint({'text': text.casefold(), 'postcode': postcode})}"
    found: tuple[CompanyMatch, ...] | None = cache.get(key)
    if found is None:
        found = register.search(text, postcode)
        cache.set(key, found, KEPT)
    return found


def _known_here(text: str, postcode: str) -> tuple[CompanyMatch, ...]:
    named = Q(register_name__icontains=text) | Q(register_name="", name__icontains=text)
    records = Employer.objects.filter(named, **({"postcode": postcode} if postcode else {}))
    return tuple(_match(record) for record in records.order_by("register_name", "siret")[:MOST_MATCHES])


def _match(record: Employer) -> CompanyMatch:
    facts = facts_of(record)
    return CompanyMatch(
        siret=facts.siret,
        name=facts.name,
        address=facts.address,
        postcode=facts.postcode,
        city=facts.city,
        naf=facts.naf,
        headcount=facts.enterprise_headcount,
        is_head_office=False,
        is_open=facts.is_open,
    )
