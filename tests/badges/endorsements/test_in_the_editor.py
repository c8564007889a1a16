"""What the author of an endorsed badge is told."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from demo.fakes.endorser import FakeEndorser
from openedx_utop.badges.models import Achievement
from tests.badges.endorsements.conftest import address, kept
from tests.badges.factories import COURSE
from tests.host import InMemoryPlatform


def test_a_change_that_costs_an_endorsement_is_told_before_it_is_kept(
    achievement: Achievement, endorser: FakeEndorser, finished: InMemoryPlatform
) -> None:
    kept(achievement, endorser.endorsement(address(achievement)))
    author = User.objects.create(username="ada")
    finished.authors.add((author.pk, COURSE))
    client = Client()
    client.force_login(author)
    page = f"/utop/badges/{COURSE}/{achievement.uuid}/"
    form = client.get(page).context["form"]
    sent: dict[str, Any] = {name: form[name].value() for name in form.fields if name != "upload"}
    sent = {name: value for name, value in sent.items() if value is not None}
    assert client.get(page).context["look"].endorsed == 1
    same = client.post(page, {**sent, "do": "look"})
    assert (same.context["look"].endorsed, list(same.context["messages"])) == (1, [])
    assert "<blockquote>" in same.content.decode()
    changed = client.post(page, {**sent, "description": "Autre chose.", "do": "look"})
    assert changed.context["look"].endorsed == 0
    assert len(list(changed.context["messages"])) == 1
