"""Workers on one award and on one status list at the very same time, on a database with real concurrency."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from openedx_utop.badges import api, bitstring
from openedx_utop.badges.models import Credential, StatusList
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end
from tests.badges.revocations import LATER, STAFF, entry, issue
from tests.host import InMemoryPlatform

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("key")]
WORKERS = 6


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Run the same work in as many threads as there are workers, each in a transaction that has begun to read."""
    barrier = Barrier(WORKERS)

    def run(worker: int) -> Any:
        try:
            with transaction.atomic():
                Credential.objects.count()
                barrier.wait()
                return work(worker)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


def test_workers_on_one_award_leave_one_credential(finished: InMemoryPlatform) -> None:
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    made = at_once(lambda _worker: api.issue_credential(award.uuid, now=NOW))
    assert {each.uuid for each in made} == {Credential.objects.get().uuid}


def test_revocations_at_once_all_stay_in_the_list(finished: InMemoryPlatform) -> None:
    for learner in range(CAMILLE, CAMILLE + WORKERS):
        learner_at_the_end(finished, learner)
    issued = [issue(learner) for learner in range(CAMILLE, CAMILLE + WORKERS)]
    at_once(lambda worker: api.revoke(issued[worker].uuid, "Erreur", by=STAFF, now=LATER))
    encoded = json.loads(StatusList.objects.get().document)["credentialSubject"]["encodedList"]
    assert all(bitstring.has_bit(encoded, int(entry(each)["statusListIndex"])) for each in issued)
