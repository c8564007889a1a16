"""What is frozen."""

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_utop.attestations import rules
from openedx_utop.attestations.models import Attestation

documents = st.recursive(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "é", "b c"]), inner),
    max_leaves=6,
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["é", "a", "z", "Z"]), documents))
def test_the_hash_survives_a_database_that_orders_keys_its_own_way(context):
    returned = json.loads(json.dumps(dict(reversed(context.items()))))
    assert rules.sha256(returned) == rules.sha256(context)
    assert json.loads(rules.canonical(context)) == context


def test_the_number_sorts_within_its_year():
    assert rules.number(2026, 123) == "2026-000123"
    assert rules.number(2026, 1_234_567) == "2026-1234567"


def test_the_three_durations_stay_apart(context):
    clocks = {name: duration["clock"] for name, duration in context["durations"].items()}
    assert clocks == {
        "estimated": "04:00:00",
        "realised": "04:00:00",
        "connection": "03:32:40",
        "certified": "03:32:40",
    }


def test_modules_carry_estimate_connection_completion_and_result(context):
    first, second, *_rest = context["modules"]
    assert first["result"] == ""
    assert second["title"] == "Protéger ses données 2"
    assert (second["estimated"]["clock"], second["connection"]["clock"]) == ("00:15:00", "00:13:11")
    assert (second["completed_on"]["short"], second["result"]) == ("05/01/2027", "3 / 4")


def test_rows_and_weeks_each_add_up_to_the_total(context):
    total = context["durations"]["connection"]["seconds"]
    assert sum(module["connection"]["seconds"] for module in context["modules"]) == total
    assert sum(week["time"]["seconds"] for week in context["attendance"]["weeks"]) == total
    assert context["attendance"]["off_path"] is None


def test_parties_and_action(context):
    assert context["learner"] == {"name": "Camille Dubœuf-N’Guyen"}
    assert context["employer"]["name"] == "Auberge du Pré Salé"
    assert context["provider"]["siret"] == "900\u00a0000\u00a0001\u00a000017"
    assert context["provider"]["town"] == "Lyon"
    assert [nature["label"] for nature in context["action"]["natures"] if nature["holds"]] == ["action de formation"]
    assert context["action"]["objectives"][-1] == "Bâtir un plan d’action chiffré"
    assert context["action"]["sector"] == "Hôtellerie et restauration"


def test_followed_from_the_first_sign_to_the_award(context):
    assert (context["followed"]["from"]["iso"], context["followed"]["to"]["iso"]) == ("2027-01-04", "2027-01-29")
    assert context["attendance"]["connections"] == 16
    assert context["attendance"]["first"]["wording"] == "4\u00a0janvier\u00a02027 à 9\u00a0h\u00a012"


def test_every_nature_of_the_law_has_its_words():
    from openedx_utop.training.models import Nature

    assert set(rules.NATURES) == set(Nature.values)


def test_nothing_that_must_never_be_printed(context):
    text = json.dumps(context)
    assert "camille@example.fr" not in text
    assert not re.search(r"\d+\.\d+\.\d+\.\d+", text)
    assert set(context) == {
        "template", "counting", "uuid", "number", "issued_at", "issued_on", "time_zone", "verification_url",
        "provider", "learner", "employer", "action", "followed", "durations", "realised_rule", "hours", "certification",
        "grade", "attendance", "modules",
    }  # fmt: skip


def test_the_row_keeps_the_hash_of_its_context(issued, context):
    record = Attestation.objects.get(uuid=issued.uuid)
    assert record.context_sha256 == issued.context_sha256 == rules.sha256(context)
