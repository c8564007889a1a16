"""Who the learner works for."""

from datetime import UTC, datetime, timedelta

import pytest

from openedx_utop.organizations.api import (
    EmployerFacts,
    InvalidSiret,
    UnknownProvider,
    declare_employer,
    employer_of,
    forget_learner,
    provider,
)
from openedx_utop.organizations.models import Employer, Employment, Provider

pytestmark = pytest.mark.django_db

LEARNER, COLLEAGUE = 7, 8
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def test_a_company_is_recorded_with_its_normalised_facts() -> None:
    declared = declare_employer(LEARNER, "900 000 001 00017", name=" Hôtel du Port ", idcc="1979", naf="5510Z", now=NOW)
    assert declared == EmployerFacts("90000000100017", "Hôtel du Port", "1979", "55.10Z", checksum_warning=False)
    assert employer_of(LEARNER) == declared


def test_a_learner_who_declares_only_the_number_keeps_the_facts_known() -> None:
    declare_employer(LEARNER, "90000000100017", name="Hôtel du Port", idcc="1979", now=NOW)
    assert declare_employer(COLLEAGUE, "90000000100017", now=NOW) == employer_of(LEARNER)
    assert Employer.objects.count() == 1


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
