"""What the author of a badge decides: picture, skills, validity; and what is refused before anything is signed."""

import io
import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from openedx_utop.badges import api, rules
from openedx_utop.badges.models import Achievement, AchievementImage, Skill
from openedx_utop.badges.proofs import by_the_library
from openedx_utop.training.models import TrainingAction
from openedx_utop.verification import api as verification
from tests.badges.factories import NOW
from tests.badges.revocations import issue
from tests.badges.tokens import KEY
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.django_db

text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
ESCO = "http://data.europa.eu/esco/skill/0a616c91-4c83-42a7-9861-35f2a96f1aba"


def drawn(width: int = 256, height: int = 256, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "#0b6").save(stream, kind)
    return stream.getvalue()


def unseen() -> bytes:
    """A picture of nothing."""
    stream = io.BytesIO()
    Image.new("RGBA", (128, 128), (0, 0, 0, 0)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("operator", password="x"))
    return client


@pytest.fixture
def achievement(finished: InMemoryPlatform, key: str) -> Achievement:
    action = TrainingAction.objects.get()
    return Achievement.objects.create(action=action, name="Transition", description="Suivie.", criteria="Tout.")


def saved(client: Client, achievement: Achievement, **changes: Any) -> str:
    """What the page says of the change; empty once it is made."""
    form = {
        "action": achievement.action_id,
        "name": achievement.name,
        "description": achievement.description,
        "criteria": achievement.criteria,
        **changes,
    }
    address = reverse("admin:openedx_utop_achievement_change", args=[achievement.pk])
    answer = client.post(address, form)
    return answer.content.decode() if answer.status_code == 200 else ""


def uploaded(png: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("badge.png", png, "image/png")


def test_a_new_picture_is_in_what_is_issued_from_then_on(operator: Client, achievement: Achievement) -> None:
    first, second = drawn(256, 256), drawn(300, 300)
    assert saved(operator, achievement, picture=uploaded(first)) == ""
    credential = issue()
    assert saved(operator, achievement, picture=uploaded(second)) == ""
    image = json.loads(credential.document)["credentialSubject"]["achievement"]["image"]["id"]
    assert image.endswith(f"/utop/pictures/{sha256(first).hexdigest()}.png")
    assert operator.get(image.removeprefix("https://lms.example.org")).content == first
    with Image.open(io.BytesIO(api.credential_png(credential.uuid))) as baked:
        assert baked.size == (256, 256)
    assert "data:image/png;base64," in api.credential_svg(credential.uuid)
    assert api.achievement_image(achievement.uuid) == second


@pytest.mark.parametrize(
    "png",
    [b"", b"GIF89a", drawn(kind="JPEG"), drawn()[:-30], drawn(89, 89), drawn(256, 200), drawn(2001, 2001), unseen()],
    ids=["empty", "no-picture", "jpeg", "cut", "small", "oblong", "vast", "transparent"],
)
def test_a_picture_that_wallets_would_not_show(operator: Client, achievement: Achievement, png: bytes) -> None:
    assert "errorlist" in saved(operator, achievement, picture=uploaded(png))
    assert not AchievementImage.objects.exists()


def test_a_picture_too_heavy(operator: Client, achievement: Achievement) -> None:
    heavy = drawn() + b"\0" * 1024 * 1024
    assert "errorlist" in saved(operator, achievement, picture=uploaded(heavy))


def test_skills_are_signed_and_shown(operator: Client, achievement: Achievement, client: Client) -> None:
    call_command("utop_import_skills")
    esco = Skill.objects.create(framework="ESCO", code="S1.2", name="utiliser un tableur", url=ESCO)
    digcomp = Skill.objects.get(code="4.2")
    assert saved(operator, achievement, skills=[esco.pk, digcomp.pk]) == ""
    credential = issue()
    said = json.loads(credential.document)["credentialSubject"]["achievement"]["alignment"]
    assert [each["targetCode"] for each in said] == ["4.2", "S1.2"]
    assert said[1]["targetType"] == "ext:ESCOSkill"
    assert api.proof_holds(credential.document)
    assert not api.proof_holds(credential.document.replace("utiliser un tableur", "tout"))
    hosted = api.hosted_badge_class(achievement.uuid)["alignment"]
    assert hosted[1] == {
        "targetName": "utiliser un tableur",
        "targetUrl": ESCO,
        "targetFramework": "ESCO",
        "targetCode": "S1.2",
    }
    assert "utiliser un tableur" in client.get(f"/utop/verify/{credential.uuid}/").content.decode()


def test_validity_ends(
    operator: Client, achievement: Achievement, client: Client, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("settings").UTOP_JWT_SIGNING_KEY = KEY
    assert saved(operator, achievement, validity_months="24") == ""
    credential = issue()
    end = NOW.replace(year=NOW.year + 2, microsecond=0)
    assert json.loads(credential.document)["validUntil"] == rules.instant(end)
    assert api.hosted_assertion(credential.uuid)["expires"] == rules.instant(end)
    claims = json.loads(urlsafe_b64decode(credential.token.split(".")[1] + "=="))
    assert claims["exp"] == int(end.timestamp())
    before = verification.verify(credential.uuid, now=end - timedelta(seconds=1))
    after = verification.verify(credential.uuid, now=end)
    assert (before.status, after.status) == (verification.Status.AUTHENTIC, verification.Status.EXPIRED)


def test_an_expired_badge_says_so(client: Client, achievement: Achievement) -> None:
    Achievement.objects.update(validity_months=1)
    TrainingAction.objects.update(starts_on="2020-01-01")
    award = api.award(issue().award.uuid)
    past = datetime(2021, 1, 31, 12, tzinfo=UTC)
    from openedx_utop.badges.models import Award, Credential

    Credential.objects.all().delete()
    Award.objects.update(awarded_at=past)
    credential = api.issue_credential(award.uuid, now=past)
    page = client.get(f"/utop/verify/{credential.uuid}/").content.decode()
    assert "28 février 2021" in page
    assert client.get(f"/utop/verify/{credential.uuid}/?format=json").json()["status"] == "expired"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(1, 240))  # noqa: DTZ001
def test_months_are_calendar_months(start: datetime, months: int) -> None:
    end = rules.valid_until(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@settings(max_examples=30, deadline=None)
@given(text, text, text, st.lists(st.tuples(text, text), max_size=3))
def test_whatever_is_written_nothing_is_signed_away(
    name: str, description: str, criteria: str, skills: list[tuple[str, str]]
) -> None:
    alignments = tuple(rules.Alignment("ROME", code, named, ESCO) for code, named in skills)
    address = "https://lms.example.org/utop/achievements/1"
    said = rules.Achievement(address, f"{address}.png", name, description, criteria, 60, alignments)
    by_the_library(rules.achievement_document(said))


def test_importing_again_changes_what_changed(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rome.csv"
    file.write_text("framework;code;name;url\nROME;M1607;Secrétariat;https://rome.example.org/M1607\n", "latin-1")
    call_command("utop_import_skills", str(file))
    file.write_text("ROME;M1607;Secrétariat et accueil;https://rome.example.org/M1607\n", "utf-8-sig")
    call_command("utop_import_skills", str(file))
    call_command("utop_import_skills", str(file))
    assert Skill.objects.get().name == "Secrétariat et accueil"
    assert [line.split(", ")[1][-1] for line in capsys.readouterr().out.splitlines()] == ["0", "1", "0"]


@pytest.mark.parametrize(
    "line",
    ["ROME;M1607;Secrétariat", "ROME;;Secrétariat;https://a.org/1", "ROME;M;S;pas une adresse", "R;M;S;ftp://a.org/1",
     f"ROME;M;{'x' * 501};https://a.org/1"],
)  # fmt: skip
def test_a_bad_line_imports_nothing(tmp_path: Any, line: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(f"ROME;M0;Bon;https://a.org/0\n{line}\n", "utf-8")
    with pytest.raises(CommandError, match="2"):
        call_command("utop_import_skills", str(file))
    assert not Skill.objects.exists()


def test_a_second_badge_of_a_whole_training_is_refused(operator: Client, achievement: Achievement) -> None:
    form = {"action": achievement.action_id, "name": "Encore", "description": "Une autre.", "criteria": ""}
    answer = operator.post("/admin/openedx_utop/achievement/add/", form)
    assert answer.status_code == 200
    assert Achievement.objects.count() == 1
    page = operator.get(f"/admin/openedx_utop/trainingaction/{achievement.action_id}/change/").content.decode()
    assert 'name="requires_validation"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Droite\u202eà gauche"),
        ("name", "\x0b"),
        ("description", "Sait <b>écouter</b>."),
        ("criteria", "[ici](javascript:alert(1))"),
    ],
)
def test_the_administration_takes_no_words_that_the_editor_refuses(
    operator: Client, achievement: Achievement, field: str, value: str
) -> None:
    assert "errorlist" in saved(operator, achievement, **{field: value})
    achievement.refresh_from_db()
    assert getattr(achievement, field) != value


def test_the_administration_refuses_what_would_be_signed_away(operator: Client, achievement: Achievement) -> None:
    astray = Skill.objects.create(framework="X", code="1", name="Écoute", url="skills/1")
    assert "skills/1" in saved(operator, achievement, skills=[astray.pk], name="Autre")
    achievement.refresh_from_db()
    assert achievement.name == "Transition"
    assert not achievement.skills.exists()
    sound = Skill.objects.create(framework="ESCO", code="2", name="Parole", url=ESCO)
    assert saved(operator, achievement, skills=[sound.pk], name="Autre") == ""
    assert list(achievement.skills.all()) == [sound]


def test_a_badge_added_in_the_administration_is_looked_at_and_made_once(
    operator: Client, finished: InMemoryPlatform, key: str
) -> None:
    form = {"action": TrainingAction.objects.get().pk, "name": "Neuf", "description": "Suivi.", "criteria": ""}
    address = reverse("admin:openedx_utop_achievement_add")
    assert "errorlist" in operator.post(address, {**form, "description": "<i>x</i>"}).content.decode()
    assert operator.post(address, form).status_code == 302
    assert Achievement.objects.get().name == "Neuf"
