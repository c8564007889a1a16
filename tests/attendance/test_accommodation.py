"""The silence admitted of one learner: set by the officer, in their leases from then on, and told to nobody."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from openedx_utop.attendance import api, lease
from openedx_utop.attendance.models import IdleAccommodation
from openedx_utop.compat import Course
from openedx_utop.organizations.models import Provider
from openedx_utop.training.models import TrainingAction
from tests.attendance.conftest import LEARNER, course_key, usage_key
from tests.host import InMemoryPlatform

ADMIN = "/admin/openedx_utop/idleaccommodation/"


@dataclass
class Unit:
    """A rendered unit, and whose time counts on it."""

    learner: int
    types: tuple[str, ...] = ()
    parent = usage_key("first", "sequential", "module")
    scope_ids = SimpleNamespace(usage_id=usage_key("first", "vertical", "first"))
    has_children = True

    def get_children(self) -> list[Any]:
        return [SimpleNamespace(scope_ids=SimpleNamespace(block_type=kind), has_children=False) for kind in self.types]


@pytest.fixture
def action(db: None, host: InMemoryPlatform) -> None:
    provider = Provider.objects.create(name="Organisme", siret="00000000000000")
    TrainingAction.objects.create(
        course_key=course_key(), provider=provider, title="T", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )


def admitted(learner: int = LEARNER, *types: str) -> int:
    unit = api.lease_for_unit(Unit(learner, types), now=timezone.now())
    assert unit is not None
    assert lease.read(unit.lease).idle == unit.idle_seconds * 1000
    return unit.idle_seconds


@pytest.mark.parametrize(("multiplier", "reading", "exercise"), [("1", 180, 300), ("1.5", 270, 450), ("4", 720, 1200)])
def test_the_lease_admits_the_multiple(action: None, multiplier: str, reading: int, exercise: int) -> None:
    IdleAccommodation.objects.create(user_id=LEARNER, multiplier=multiplier)
    assert (admitted(), admitted(LEARNER, "html", "problem")) == (reading, exercise)


def test_of_that_learner_only(action: None) -> None:
    IdleAccommodation.objects.create(user_id=LEARNER, multiplier=2)
    assert (admitted(LEARNER), admitted(8)) == (360, 180)


@pytest.mark.parametrize("multiplier", ["0.9", "0", "-1", "4.1", "1.55", "x"])
def test_out_of_bounds(db: None, multiplier: str) -> None:
    with pytest.raises(ValidationError):
        IdleAccommodation(user_id=LEARNER, multiplier=multiplier).full_clean()


def test_it_leaves_with_the_account(action: None) -> None:
    IdleAccommodation.objects.create(user_id=LEARNER, multiplier=2)
    IdleAccommodation.objects.create(user_id=8, multiplier=3)
    api.forget_learner(LEARNER)
    assert [row.user_id for row in IdleAccommodation.objects.all()] == [8]


def test_the_officer_sets_it_once_per_learner(client: Client, action: None) -> None:
    officer = User.objects.create_user("handicap", is_staff=True)
    officer.user_permissions.set(Permission.objects.filter(content_type__model="idleaccommodation"))
    client.force_login(officer)
    assert client.post(f"{ADMIN}add/", {"user_id": LEARNER, "multiplier": "2.5"}).status_code == 302
    assert admitted() == 450
    for refused in ({"user_id": LEARNER, "multiplier": "2"}, {"user_id": 8, "multiplier": "5"}):
        assert client.post(f"{ADMIN}add/", refused).status_code == 200
    assert IdleAccommodation.objects.count() == 1


def test_other_staff_do_not_see_it(client: Client, action: None) -> None:
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get(ADMIN).status_code == 403


def test_no_page_of_the_learner_tells(client: Client, action: None, host: InMemoryPlatform) -> None:
    client.force_login(User.objects.create_user("camille", pk=LEARNER))
    host.enrolments.add((LEARNER, course_key()))
    host.courses[course_key()] = Course(course_key(), "Numérique", "")
    pages = ["/utop/", f"/utop/attendance/{course_key()}/", "/utop/attendance/how-time-is-counted/"]
    before = [client.get(page) for page in pages]
    IdleAccommodation.objects.create(user_id=LEARNER, multiplier="3.5")
    after = [client.get(page) for page in pages]
    assert [answer.status_code for answer in after] == [200] * 3
    assert [answer.content for answer in after] == [answer.content for answer in before]
