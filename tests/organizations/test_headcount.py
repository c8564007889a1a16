"""Who is small enough: the table of bands, at every limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.organizations.data import CompanyFacts, Ground, Headcount, Verdict
from openedx_utop.organizations.headcount import BANDS, VERDICTS, ground_of

UNDER_250 = {"NN", "00", "01", "02", "03", "11", "12", "21", "22", "31"}
UNDER_50 = {"NN", "00", "01", "02", "03", "11", "12"}


def facts(band: str, category: str = "PME", **others: object) -> CompanyFacts:
    return CompanyFacts(
        "90000000100017", enterprise_headcount=Headcount(band), category=category, **others  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(("limit", "under"), [(250, UNDER_250), (50, UNDER_50)])
def test_the_band_of_the_enterprise_decides(limit: int, under: set[str]) -> None:
    for band in BANDS:
        expected = Ground.UNDER_LIMIT if band in under else Ground.OVER_LIMIT
        assert ground_of(facts(band), limit=limit) is expected


@pytest.mark.parametrize(
    ("band", "category", "verdict"),
    [
        ("31", "PME", Verdict.ELIGIBLE),
        ("31", "", Verdict.ELIGIBLE),
        ("31", "ETI", Verdict.REVIEW),
        ("01", "GE", Verdict.REVIEW),
        ("32", "PME", Verdict.NOT_ELIGIBLE),
        ("53", "GE", Verdict.NOT_ELIGIBLE),
        ("", "PME", Verdict.REVIEW),
        ("", "GE", Verdict.REVIEW),
        ("99", "PME", Verdict.REVIEW),
    ],
)
def test_the_verdict_follows_the_table(band: str, category: str, verdict: Verdict) -> None:
    assert VERDICTS[ground_of(facts(band, category), limit=250)] is verdict


def test_the_headcount_of_the_site_decides_nothing() -> None:
    branch = CompanyFacts("90000001900019", site_headcount=Headcount("12"), enterprise_headcount=Headcount("53"))
    assert ground_of(branch, limit=250) is Ground.OVER_LIMIT


def test_a_band_that_lies_across_the_limit_is_for_a_person() -> None:
    assert ground_of(facts("32"), limit=300) is Ground.ACROSS_LIMIT
    assert ground_of(facts("53"), limit=20000) is Ground.ACROSS_LIMIT


def test_a_closed_company_is_for_a_person_and_a_limit_of_zero_is_none() -> None:
    assert ground_of(facts("01", is_site_open=False), limit=250) is Ground.CLOSED
    assert ground_of(facts("53", "GE"), limit=0) is Ground.UNDER_LIMIT


@given(st.sampled_from(sorted(BANDS)), st.integers(1, 30_000), st.sampled_from(["", "PME", "ETI", "GE"]))
def test_nobody_is_refused_whose_band_begins_under_the_limit(band: str, limit: int, category: str) -> None:
    fewest, most = BANDS[band]
    verdict = VERDICTS[ground_of(facts(band, category), limit=limit)]
    assert (verdict is Verdict.NOT_ELIGIBLE) == (fewest >= limit)
    assert verdict is not Verdict.ELIGIBLE or (most is not None and most < limit)


@pytest.mark.parametrize("limit", [0, 50, 250])
def test_an_unknown_company_is_never_refused(limit: int) -> None:
    assert VERDICTS[ground_of(None, limit=limit)] is not Verdict.NOT_ELIGIBLE
