"""Workers that replace one certificate at the very same time, on a database with real concurrency."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from openedx_utop.attestations import api
from openedx_utop.attestations.models import Attestation
from tests.attestations.factories import finished_path
from tests.attestations.test_superseded import correct

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]
WORKERS = 6


def test_workers_at_once_make_one_successor(host):
    award = finished_path(host, modules=2)
    api.issue_attestation(**award)
    correct(600)
    barrier = Barrier(WORKERS)

    def work(_worker):
        barrier.wait()
        try:
            return api.issue_attestation(**award | {"now": award["now"] + timedelta(days=1)}).uuid
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        issued = set(pool.map(work, range(WORKERS)))
    assert len(issued) == 1
    assert list(Attestation.objects.order_by("rank").values_list("rank", flat=True)) == [1, 2]
