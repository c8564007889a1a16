"""Accounts, as the demonstration tells of them."""

import pytest
from django.contrib.auth.models import User

from demo.platform import DemoPlatform
from openedx_utop.compat import Person


@pytest.mark.django_db
def test_several_accounts_at_once_and_one_by_its_name() -> None:
    maud = User.objects.create_user("maud", "maud@example.org", first_name="Maud", last_name="Formatrice")
    User.objects.create_user("alix", "twice@example.org")
    User.objects.create_user("noa", "twice@example.org")
    host, person = DemoPlatform(), Person(maud.pk, "maud", "Maud Formatrice", "maud@example.org", "fr")
    assert host.persons([maud.pk, 0]) == {maud.pk: person}
    assert host.person(maud.pk) == host.person_named("maud") == host.person_named("MAUD@example.org") == person
    assert host.person_named("twice@example.org") is None
    assert host.person_named("nobody") is None
