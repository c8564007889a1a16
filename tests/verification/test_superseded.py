"""A certificate that another one replaced: both are found, and the first leads to the second."""

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from openedx_utop.attendance.corrections.models import Correction
from openedx_utop.attestations import api as attestations
from openedx_utop.attestations.data import AttestationFacts
from openedx_utop.attestations.models import Attestation
from openedx_utop.attestations.rules import sha256
from openedx_utop.verification import api
from tests.attestations.factories import CAMILLE, COURSE, START, finished_path, usage_key
from tests.host import InMemoryPlatform

CHAIN = 3


@pytest.fixture
def chain(db: None, host: InMemoryPlatform) -> list[AttestationFacts]:
    """A certificate, replaced twice; the last one holds."""
    award, issued = finished_path(host, modules=2), []
    for rank in range(CHAIN):
        issued.append(attestations.issue_attestation(**award | {"now": award["now"] + timedelta(days=rank)}))
        Correction.objects.create(
            user_id=CAMILLE,
            rank=rank + 1,
            course_key=COURSE,
            day=START.date(),
            module_key=usage_key(0),
            seconds=60,
            reason_code="incident",
            text="Panne.",
            author_id=20,
            author_role="staff",
            recorded_at=award["now"],
            needs_second_person=False,
            after_issue=False,
        )
    return issued


def answer(uuid: UUID) -> dict[str, object]:
    found: dict[str, object] = Client().get(f"/utop/verify/{uuid}/?format=json").json()
    return found


def test_the_chain_for_a_program(chain: list[AttestationFacts]) -> None:
    assert [answer(each.uuid)["status"] for each in chain] == ["superseded", "superseded", "authentic"]
    for former, successor in pairwise(chain):
        assert answer(former.uuid)["successor"] == {
            "uuid": str(successor.uuid),
            "number": successor.number,
            "address": f"https://lms.example.org/utop/verify/{successor.uuid}/",
        }
    assert answer(chain[-1].uuid)["successor"] is None


def test_each_states_what_it_certified(chain: list[AttestationFacts], client: Client) -> None:
    certified = [answer(each.uuid)["shown"]["certified_seconds"] for each in chain]
    assert [later - certified[0] for later in certified] == [0, 60, 120]


def test_what_was_issued_before_certified_time_states_none(chain: list[AttestationFacts], client: Client) -> None:
    context = json.loads((Path(__file__).parents[1] / "attestations/issued/v1.json").read_text(encoding="utf-8"))
    Attestation.objects.filter(uuid=chain[-1].uuid).update(context=context, context_sha256=sha256(context))
    assert answer(chain[-1].uuid)["status"] == api.Status.AUTHENTIC
    page = f"/utop/verify/{chain[-1].uuid}/"
    assert "Certified time" not in client.get(page, headers={"accept-language": "en"}).content.decode()
    page = f"/utop/verify/{chain[0].uuid}/"
    assert "Certified time" in client.get(page, headers={"accept-language": "en"}).content.decode()


def test_the_page_leads_to_the_successor(chain: list[AttestationFacts], client: Client) -> None:
    first, second, _last = chain
    text = client.get(f"/utop/verify/{first.uuid}/").content.decode()
    assert f"/utop/verify/{second.uuid}/" in text
    assert second.number in text
    assert "utop-status--warn" in text
    assert "utop-status--good" not in text


def test_an_altered_one_is_altered_before_it_is_superseded(chain: list[AttestationFacts]) -> None:
    record = Attestation.objects.get(uuid=chain[0].uuid)
    Attestation.objects.filter(pk=record.pk).update(context={**record.context, "grade": "97,5"})
    assert answer(chain[0].uuid)["status"] == api.Status.ALTERED
