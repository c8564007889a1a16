"""Who the learner works for."""

from datetime import UTC, datetime, timedelta

import pytest

from openedx_utop.organizations.api import (
    EmployerFacts,
    InvalidSiret,
    Situation,
    UnknownProvider,
    declare_employer,
    declare_without_company,
    employer_of,
    forget_learner,
    known_company,
    provider,
    situation_of,
)
from openedx_utop.organizations.models import Employer, Employment, Provider, WithoutCompany

pytestmark = pytest.mark.django_db

LEARNER, COLLEAGUE = 7, 8
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def test_a_company_is_recorded_with_its_normalised_facts() -> None:
    declared = declare_employer(LEARNER, "900 000 001 00017", name=" Hôtel du Port ", idcc="1979", naf="5510Z", now=NOW)
    assert declared == EmployerFacts("90000000100017", "Hôtel du Port", "1979", "55.10Z", checksum_warning=False)
    assert employer_of(LEARNER) == declared


def test_a_learner_who_declares_only_the_number_keeps_the_codes_known() -> None:
    declare_employer(LEARNER, "90000000100017", idcc="1979", now=NOW)
    assert declare_employer(COLLEAGUE, "90000000100017", now=NOW) == employer_of(LEARNER)
    assert Employer.objects.count() == 1


def test_the_name_that_a_learner_gives_is_shown_to_nobody_else() -> None:
    declare_employer(LEARNER, "90000000100017", name="Hôtel du Port", now=NOW)
    assert declare_employer(COLLEAGUE, "90000000100017", now=NOW).name == ""
    known = known_company("90000000100017", now=NOW)
    assert known.facts is not None
    assert known.facts.name == ""
    assert declare_employer(LEARNER, "90000000100017", now=NOW).name == "Hôtel du Port"
    assert declare_employer(LEARNER, "90000001900019", now=NOW).name == ""


@pytest.mark.parametrize("situation", list(Situation))
def test_a_learner_may_have_no_company(situation: Situation) -> None:
    declare_employer(LEARNER, "90000000100017", now=NOW)
    declare_without_company(LEARNER, situation, now=NOW)
    declare_without_company(LEARNER, situation, now=NOW + timedelta(days=1))
    assert (situation_of(LEARNER), employer_of(LEARNER)) == (situation, None)
    assert WithoutCompany.objects.get().declared_at == NOW


def test_who_finds_work_or_is_forgotten_is_without_company_no_more() -> None:
    declare_without_company(LEARNER, Situation.JOB_SEEKER, now=NOW)
    declare_employer(LEARNER, "90000000100017", now=NOW)
    assert situation_of(LEARNER) is None
    declare_without_company(COLLEAGUE, Situation.STUDENT, now=NOW)
    forget_learner(COLLEAGUE)
    assert situation_of(COLLEAGUE) is None


def test_newer_facts_replace_older_ones() -> None:
    declare_employer(LEARNER, "90000000100017", name="Hôtel du Port", idcc="1979", now=NOW)
    assert declare_employer(LEARNER, "90000000100017", idcc="1501", now=NOW).idcc == "1501"


def test_saying_it_again_keeps_the_first_date_and_a_new_company_takes_a_new_one() -> None:
    for day, siret in enumerate(["90000000100017", "90000000100017", "90000001900019"]):
        declare_employer(LEARNER, siret, now=NOW + timedelta(days=day))
        expected = NOW if day < 2 else NOW + timedelta(days=2)
        assert Employment.objects.get(user_id=LEARNER).declared_at == expected
    assert Employment.objects.count() == 1


def test_a_wrong_checksum_is_kept_as_a_warning() -> None:
    assert declare_employer(LEARNER, "35600000009090", now=NOW).checksum_warning


def test_a_refused_number_loses_nothing() -> None:
    known = declare_employer(LEARNER, "90000000100017", now=NOW)
    with pytest.raises(InvalidSiret):
        declare_employer(LEARNER, "pas un numéro", now=NOW)
    assert employer_of(LEARNER) == known


def test_forgetting_a_learner_leaves_the_colleague_and_the_company() -> None:
    declare_employer(LEARNER, "90000000100017", now=NOW)
    declare_employer(COLLEAGUE, "90000000100017", now=NOW)
    forget_learner(LEARNER)
    assert employer_of(LEARNER) is None
    assert employer_of(COLLEAGUE) is not None


def test_a_provider_is_known_by_its_identifier() -> None:
    record = Provider.objects.create(name="Organisme d'essai", siret="90000003500015", representative="Ada Exemple")
    facts = provider(record.pk)
    assert (facts.provider_id, facts.name, facts.representative) == (record.pk, "Organisme d'essai", "Ada Exemple")
    with pytest.raises(UnknownProvider):
        provider(record.pk + 1)
