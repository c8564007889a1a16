"""A validation withdrawn while its award is made, on a database with real concurrency."""

import pytest
from django.db import OperationalError

from openedx_utop.badges import api
from openedx_utop.badges.models import Achievement, Award
from openedx_utop.badges.validations import api as validations
from openedx_utop.badges.validations.models import Validation
from tests.badges.factories import CAMILLE, COURSE, NOW
from tests.badges.test_races import at_once
from tests.badges.validations.conftest import ADVISER

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("_again", range(3))
def test_awarded_or_withdrawn_and_never_both(oral: Achievement, _again: int) -> None:
    api.award_due(CAMILLE, COURSE, now=NOW)
    validations.validate(oral.uuid, CAMILLE, day=NOW.date(), remark="", by=ADVISER, now=NOW)

    def work(worker: int) -> None:
        try:
            if worker % 2:
                api.award_due(CAMILLE, COURSE, now=NOW)
            else:
                validations.withdraw(oral.uuid, CAMILLE, reason="Erreur", by=ADVISER, now=NOW)
        except (validations.ValidationError, OperationalError):
            """Somebody was quicker; tasks come back after a deadlock."""

    at_once(work, reads=False)
    is_awarded = Award.objects.filter(achievement=oral).exists()
    last = Validation.objects.order_by("rank").last()
    assert last is not None
    assert is_awarded == last.is_given


def test_two_workers_on_one_part_make_one_award(oral: Achievement) -> None:
    validations.validate(oral.uuid, CAMILLE, day=NOW.date(), remark="", by=ADVISER, now=NOW)
    made = at_once(lambda _worker: api.award_due(CAMILLE, COURSE, now=NOW), reads=False)
    assert len({award.uuid for awards in made for award in awards}) == Award.objects.count() == 2
