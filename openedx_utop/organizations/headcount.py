"""Whether a company is small enough, from INSEE's bands of employees: pure functions, like the rules."""

from openedx_utop.organizations.data import CompanyFacts, Ground, Verdict

# INSEE's bands: the fewest and the most employees of each. NN employs nobody.
BANDS = {
    "NN": (0, 0),
    "00": (0, 0),
    "01": (1, 2),
    "02": (3, 5),
    "03": (6, 9),
    "11": (10, 19),
    "12": (20, 49),
    "21": (50, 99),
    "22": (100, 199),
    "31": (200, 249),
    "32": (250, 499),
    "41": (500, 999),
    "42": (1000, 1999),
    "51": (2000, 4999),
    "52": (5000, 9999),
    "53": (10000, None),
}
# The statistical category of an enterprise counts the group that it belongs to; PME includes the smallest.
GROUP_CATEGORIES = frozenset({"ETI", "GE"})

VERDICTS = {
    Ground.UNDER_LIMIT: Verdict.ELIGIBLE,
    Ground.OVER_LIMIT: Verdict.NOT_ELIGIBLE,
    Ground.ACROSS_LIMIT: Verdict.REVIEW,
    Ground.GROUP: Verdict.REVIEW,
    Ground.HEADCOUNT_UNKNOWN: Verdict.REVIEW,
    Ground.CLOSED: Verdict.REVIEW,
}


def ground_of(facts: CompanyFacts | None, *, limit: int) -> Ground:
    """What the verdict rests on: the headcount of the whole enterprise, never that of the site; `limit` in employees.

    An unknown headcount never refuses anybody, and a limit of 0 is none.
    """
    if facts is not None and not facts.is_open:
        return Ground.CLOSED
    if limit == 0:
        return Ground.UNDER_LIMIT
    bounds = BANDS.get(facts.enterprise_headcount.band) if facts else None
    if facts is None or bounds is None:
        return Ground.HEADCOUNT_UNKNOWN
    fewest, most = bounds
    if fewest >= limit:
        return Ground.OVER_LIMIT
    if most is None or most >= limit:
        return Ground.ACROSS_LIMIT
    return Ground.GROUP if facts.category in GROUP_CATEGORIES else Ground.UNDER_LIMIT
