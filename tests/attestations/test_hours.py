"""The hours that a document states, and how the certified time follows from what was recorded."""

from datetime import date, timedelta
from typing import Any

import pytest

from openedx_utop.attestations import api
from openedx_utop.attestations.models import Attestation
from openedx_utop.training.api import add_policy
from openedx_utop.training.models import TrainingAction
from tests.attestations.factories import AWARDED, START, attend, correct, finished_path, spend, usage_key
from tests.attestations.test_rendering import texts
from tests.host import InMemoryPlatform


def policy(**terms: Any) -> None:
    action = TrainingAction.objects.get()
    add_policy(action.pk, terms, effective_from=action.starts_on, by=1, now=AWARDED)


@pytest.fixture
def award(db: None, host: InMemoryPlatform) -> dict[str, Any]:
    """Sixteen modules; an afternoon signed while a tab was open; a correction; an hour too many on one module."""
    arguments = finished_path(host)
    spend(usage_key(16), START + timedelta(days=16, hours=4), minutes=30)
    attend(START + timedelta(days=16, hours=4, minutes=20), timedelta(hours=3))
    spend(usage_key(15), START + timedelta(days=17), minutes=60)
    correct(date(2027, 1, 5), 600, usage_key(1))
    return arguments


def frozen(award: dict[str, Any]) -> dict[str, Any]:
    issued = api.issue_attestation(**award)
    return Attestation.objects.get(uuid=issued.uuid).context


def test_hours_by_modality_planned_and_realised(award: dict[str, Any]) -> None:
    hours = frozen(award)["hours"]
    rows = {row["name"]: (row["planned"]["clock"], row["realised"]["clock"]) for row in hours["rows"]}
    assert rows == {
        "présentiel individuel": ("00:00:00", "00:00:00"),
        "présentiel collectif": ("03:00:00", "03:00:00"),
        "distanciel synchrone": ("00:00:00", "00:00:00"),
        "distanciel asynchrone": ("04:00:00", "04:00:00"),
    }
    assert (hours["planned"]["clock"], hours["realised"]["clock"]) == ("07:00:00", "07:00:00")


def test_the_certified_time_follows_from_the_recorded_time(award: dict[str, Any]) -> None:
    context = frozen(award)
    durations, counted = context["durations"], context["certification"]
    steps = counted["live"]["seconds"] + counted["corrections"]["seconds"] - counted["overlap"]["seconds"]
    kept = sum(each["time"]["seconds"] for each in counted["uncertified"])
    assert (counted["live"]["seconds"], counted["corrections"]["seconds"], counted["overlap"]["seconds"]) == (
        10_800,
        600,
        600,
    )
    # The last module has 13 min 25 s and an hour, of three quarters of an hour certified.
    assert [(each["rule"], each["policy"], each["days"]) for each in counted["uncertified"]] == [("activity", 0, 1)]
    assert kept == 805 + 3600 - 2700
    assert durations["certified"]["seconds"] == durations["connection"]["seconds"] + steps - kept
    assert sum(each["time"]["seconds"] for each in counted["uncertified_details"]) == kept


def test_modules_and_what_has_none_add_up_to_the_certified_total(award: dict[str, Any]) -> None:
    context = frozen(award)
    rows = [module["certified"]["seconds"] for module in context["modules"]]
    attendance = context["attendance"]
    others = attendance["off_path"]["certified"]["seconds"] + attendance["no_module"]["seconds"]
    assert sum(rows) + others == context["durations"]["certified"]["seconds"]


@pytest.mark.parametrize(
    ("rule", "online"), [("estimated", 14_400), ("connection", 12_760 + 1200 + 600 + 1895), ("lower", 14_400)]
)
def test_the_policy_fills_the_duration_box(award: dict[str, Any], rule: str, online: int) -> None:
    policy(realised_rule=rule)
    context = frozen(award)
    assert context["realised_rule"] == rule
    assert context["durations"]["realised"]["seconds"] == online + 10_800
    assert context["durations"]["estimated"]["seconds"] == 14_400


def test_modules_completed_outside_the_contract_are_not_realised(award: dict[str, Any]) -> None:
    policy(contract_last_day=date(2027, 1, 4))
    context = frozen(award)
    assert context["durations"]["realised"]["seconds"] == 900
    assert context["durations"]["certified"]["seconds"] == 790
    assert context["durations"]["connection"]["seconds"] == 12_760 + 1800 + 3600


def test_the_annex_tells_it_in_french(award: dict[str, Any]) -> None:
    policy(day_limit_minutes=480)
    add_policy(
        TrainingAction.objects.get().pk,
        {"activity_factor": 1},
        effective_from=AWARDED.date() + timedelta(days=9),
        by=1,
        now=AWARDED,
    )
    issued = api.issue_attestation(**award)
    first, *annex = texts(api.pdf(issued.uuid))
    said = " ".join(annex)
    assert "présentiel collectif, distanciel asynchrone ; action ouverte du 1er janvier 2027" in first
    for words in (
        "présentiel collectif 3 h 00 3,00 h 3 h 00 3,00 h",
        "Temps de connexion 05:02:40 enregistré pendant une heure en direct − 00:10:00",
        "heures en direct signées + 03:00:00 corrections validées + 00:10:00",
        "non certifié, au-delà du plafond par activité (politique, version 1 ; 1 jour) − 00:28:25",
        "Temps certifié 07:34:15",
        "Enregistré deux fois, compté une fois, comme heure en direct",
        "du 20 janvier 2027 à 13 h 32 au 20 janvier 2027 à 13 h 42 (distanciel asynchrone)",
        "selon la politique la plus récente (version 2), donné pour information",
        "Sans module (heures en direct, corrections) – – 03:00:00",
        "version 1 (à compter du 1er janvier 2027), au plus 3 fois la durée estimée de chaque activité en ligne",
        "(au moins 0 h 20) et 8 h 00 par jour",
    ):
        assert words in said
