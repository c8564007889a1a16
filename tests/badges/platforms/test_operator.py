"""What the operator sees and does."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from openedx_utop.badges import api
from openedx_utop.badges.models import Achievement
from openedx_utop.badges.platforms.models import Delivery, DeliveryState, PlatformAchievement
from tests.badges.platforms.conftest import Account

pytestmark = pytest.mark.django_db

LIST = "admin:openedx_utop_delivery_changelist"


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("operator", password="x"))
    return client


def test_what_is_stuck_is_taken_up_by_a_button(
    account: Account, credential: api.CredentialFacts, operator: Client
) -> None:
    Delivery.objects.update(state=DeliveryState.STUCK, reason="400: no such badge")
    page = operator.get(reverse(LIST), {"state": "stuck"}).content.decode()
    assert "400: no such badge" in page
    assert "Camille.Dupont@example.fr" not in page
    chosen = {"action": "try_again", "_selected_action": Delivery.objects.get().pk}
    operator.post(reverse(LIST), chosen)
    assert Delivery.objects.get().state != DeliveryState.STUCK


def test_a_badge_that_the_platform_lacks_is_refused_with_those_it_has(
    account: Account, credential: api.CredentialFacts, operator: Client
) -> None:
    PlatformAchievement.objects.all().delete()
    form = {"achievement": Achievement.objects.get().pk, "platform": account.name, "badge": "nothing"}
    address = reverse("admin:openedx_utop_platformachievement_add")
    assert account.badge in operator.post(address, form).content.decode()
    operator.post(address, {**form, "badge": account.badge})
    assert PlatformAchievement.objects.get().badge == account.badge


def test_earlier_badges_are_sent_from_the_list(
    account: Account, credential: api.CredentialFacts, operator: Client
) -> None:
    Delivery.objects.all().delete()
    chosen = {"action": "send_earlier", "_selected_action": PlatformAchievement.objects.get().pk}
    operator.post(reverse("admin:openedx_utop_platformachievement_changelist"), chosen)
    assert Delivery.objects.count() == 1
