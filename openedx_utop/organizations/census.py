"""The registry as a whole: every company with the codes that lead to a sector, and who works there."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from openedx_utop.organizations.companies import facts_of
from openedx_utop.organizations.data import CompanyFacts
from openedx_utop.organizations.models import Employer, Employment

PORTION = 1_000


def each_company() -> Iterator[CompanyFacts]:
    """Every company of the registry, by SIRET, read in portions."""
    for record in Employer.objects.order_by("siret").iterator(chunk_size=PORTION):
        yield facts_of(record)


def staff_of(sirets: Collection[str]) -> dict[str, list[int]]:
    """The user ids of the learners who declared each of these companies."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    employments = Employment.objects.filter(employer__siret__in=sirets).order_by("user_id")
    for siret, user_id in employments.values_list("employer__siret", "user_id"):
        found[siret].append(user_id)
    return found


def companies_of(user_ids: Collection[int]) -> dict[int, CompanyFacts]:
    """The company of each of these learners that declared one."""
    employments = Employment.objects.select_related("employer").filter(user_id__in=user_ids)
    return {each.user_id: facts_of(each.employer) for each in employments}
