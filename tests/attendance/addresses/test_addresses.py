"""Addresses of connections: only where a funder demands them, never readable in the database, never on a document."""

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.addresses import api
from openedx_utop.attendance.addresses.models import ConnectionAddress
from openedx_utop.attendance.api import lease_for_unit
from openedx_utop.attestations.api import issue_attestation
from openedx_utop.attestations.models import Attestation
from openedx_utop.compat import Course, Person
from openedx_utop.organizations.models import Provider
from openedx_utop.training.api import add_policy
from openedx_utop.training.models import TrainingAction
from tests.attestations.factories import finished_path
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.django_db

COURSE = CourseKey.from_string("course-v1:UTOP+TPEPME+2027")
LEARNER = 7
MORNING = datetime(2027, 2, 1, 9, tzinfo=UTC)
HOME, OFFICE = "198.51.100.7", "2001:db8::17"


@pytest.fixture(autouse=True)
def key(settings: Any) -> None:
    """A fresh key."""
    settings.UTOP_ADDRESS_KEYS = [api.new_key()]


@pytest.fixture
def action(host: InMemoryPlatform) -> TrainingAction:
    """An action in a course whose learner is at home."""
    host.address = HOME
    host.people[LEARNER] = Person(LEARNER, "camille", "Camille Dupont", "camille@example.fr", "fr")
    provider = Provider.objects.create(name="Organisme d'essai", siret="90000000100017")
    return TrainingAction.objects.create(
        course_key=COURSE, provider=provider, title="T", starts_on=date(2027, 1, 4), ends_on=date(2027, 6, 30)
    )


def demand(action: TrainingAction) -> None:
    """The funder wants addresses."""
    add_policy(action.pk, {"records_ip": True}, effective_from=date(2027, 1, 4), by=1, now=MORNING)


def open_unit(now: datetime = MORNING) -> Any:
    """The platform renders a unit."""
    unit = SimpleNamespace(
        learner=LEARNER,
        parent=COURSE.make_usage_key("sequential", "tronc_01"),
        scope_ids=SimpleNamespace(usage_id=COURSE.make_usage_key("vertical", "tronc_01_lecon")),
        has_children=False,
    )
    return lease_for_unit(cast(Any, unit), now=now)


def told() -> list[str | None]:
    """The addresses in order."""
    rows = ConnectionAddress.objects.filter(user_id=LEARNER, course_key=COURSE).order_by("seen_at")
    return [api.opened(row.ciphertext) for row in rows]


def test_nothing_is_stored_unless_the_policy_says_so(action: TrainingAction) -> None:
    assert open_unit()
    assert not ConnectionAddress.objects.exists()


def test_an_address_once_as_long_as_it_stays_the_same(action: TrainingAction, host: InMemoryPlatform) -> None:
    demand(action)
    for minute in range(5):
        open_unit(MORNING + timedelta(minutes=minute))
    host.address = OFFICE
    open_unit(MORNING + timedelta(hours=1))
    host.address = HOME
    open_unit(MORNING + timedelta(hours=2))
    open_unit(MORNING + timedelta(hours=26))
    assert told() == [HOME, OFFICE, HOME, HOME]


def test_the_database_holds_no_address_in_the_clear(action: TrainingAction) -> None:
    demand(action)
    open_unit()
    row = ConnectionAddress.objects.get()
    assert HOME not in "".join(map(str, row.__dict__.values()))
    assert row.seen_at == MORNING


def test_a_new_key_opens_what_the_former_one_closed(action: TrainingAction, settings: Any) -> None:
    demand(action)
    open_unit()
    settings.UTOP_ADDRESS_KEYS = [api.new_key(), *settings.UTOP_ADDRESS_KEYS]
    assert told() == [HOME]
    settings.UTOP_ADDRESS_KEYS = [api.new_key()]
    assert told() == [None]


@pytest.mark.parametrize("keys", [[], ["no key"]])
def test_without_a_key_time_counts_and_nothing_is_stored(
    action: TrainingAction, settings: Any, keys: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    demand(action)
    settings.UTOP_ADDRESS_KEYS = keys
    assert open_unit()
    assert not ConnectionAddress.objects.exists()
    assert "UTOP_ADDRESS_KEYS" in caplog.text


def test_the_learner_reads_their_own(action: TrainingAction, client: Client) -> None:
    demand(action)
    client.force_login(User.objects.create_user("camille", pk=LEARNER))
    open_unit()
    held = client.get("/utop/my-data.json", headers={"accept-language": "en"}).json()
    assert [row["encrypted address"] for row in held["Addresses of connections"]] == [HOME]


def test_no_page_of_the_learner_and_no_document_tells_it(host: InMemoryPlatform, client: Client) -> None:
    award = finished_path(host, modules=1)
    host.address = HOME
    host.courses[COURSE] = Course(COURSE, "Numérique", "")
    host.enrolments.add((LEARNER, COURSE))
    demand(TrainingAction.objects.get())
    open_unit()
    assert told() == [HOME]
    client.force_login(User.objects.create_user("camille", pk=LEARNER))
    answers = [client.get(page) for page in ("/utop/", f"/utop/attendance/{COURSE}/", f"/utop/attendance/{COURSE}.csv")]
    shown = [json.dumps(Attestation.objects.get(uuid=issue_attestation(**award).uuid).context)]
    shown += [answer.getvalue().decode() for answer in answers]
    secret = ConnectionAddress.objects.get().ciphertext
    assert [text for text in shown if HOME in text or secret in text] == []


def test_the_admin_shows_them_to_who_has_the_permission_and_changes_nothing(
    action: TrainingAction, client: Client
) -> None:
    demand(action)
    open_unit()
    path = "/admin/openedx_utop/connectionaddress/"
    client.force_login(User.objects.create_user("tutor", is_staff=True))
    assert client.get(path).status_code == 403
    client.force_login(User.objects.create_superuser("operator"))
    assert HOME in client.get(path).content.decode()
    assert client.get(f"{path}add/").status_code == 403


def test_the_command_prints_a_key_that_works(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    former = settings.UTOP_ADDRESS_KEYS
    call_command("utop_create_key", "--addresses")
    line = capsys.readouterr().out
    assert line.startswith("UTOP_ADDRESS_KEYS: [")
    assert former[0] in line
