"""The author's editor: what is looked at is what is signed, what is refused says why, what was issued stays."""

import io
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from opaque_keys.edx.keys import CourseKey
from PIL import Image

from openedx_utop.badges import api
from openedx_utop.badges.data import Level, Scope
from openedx_utop.badges.editing import api as editing
from openedx_utop.badges.editing.data import Unwritten
from openedx_utop.badges.editing.signing import signed_away
from openedx_utop.badges.models import Achievement, AchievementImage, Skill
from openedx_utop.compat import AuthoredCourse, ContentGroup
from openedx_utop.organizations.models import Provider
from openedx_utop.sectors.api import define_sector, set_track
from openedx_utop.sectors.models import Sector, SectorChoice
from openedx_utop.training.data import Condition
from openedx_utop.training.models import TrainingAction
from openedx_utop.training.wording import sentence
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end, module
from tests.badges.revocations import issue
from tests.badges.test_editor import drawn, saved, uploaded
from tests.host import InMemoryPlatform

PAGE = f"/utop/badges/{COURSE}/"
STUDIO = f"/utop/authoring/{COURSE}/badges/"
ACTION = f"{PAGE}action/"


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def filled(client: Client, page: str = ACTION, **changes: Any) -> dict[str, Any]:
    """The page's form as it is, but for these changes."""
    form = client.get(page).context["form"]
    values = {name: form[name].value() for name in form.fields if name != "upload"}
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def kept(client: Client, page: str = ACTION, **changes: Any) -> Any:
    return client.post(page, {**filled(client, page, **changes), "do": "keep"})


def said(document: str) -> dict[str, Any]:
    achievement: dict[str, Any] = json.loads(document)["credentialSubject"]["achievement"]
    return achievement


def test_only_authors_of_the_course(author: Client, finished: InMemoryPlatform) -> None:
    stranger = Client()
    assert stranger.get(PAGE).status_code == 302
    stranger.force_login(User.objects.create(username="stranger"))
    other = CourseKey.from_string("course-v1:utop+other+2027")
    action = TrainingAction.objects.get()
    badge = Achievement.objects.create(action=action, name="A", description="B", criteria="C")
    paths = ("", "action/", f"{badge.uuid}/", "drawn.png", f"pictures/{'0' * 64}.png", "skills/")
    for path in paths:
        assert stranger.get(PAGE + path).status_code == 404
        assert author.get(f"/utop/badges/{other}/{path}").status_code == 404
    TrainingAction.objects.create(
        course_key=other, provider=action.provider, title="Autre", starts_on="2026-01-01", ends_on="2026-12-31"
    )
    finished.authors.add((User.objects.get(username="stranger").pk, other))
    assert stranger.get(f"/utop/badges/{other}/{badge.uuid}/").status_code == 404
    assert stranger.post(f"{PAGE}{badge.uuid}/", {"do": "keep", "name": "Pris"}).status_code == 404
    assert Achievement.objects.get().name == "A"


def test_a_course_that_is_no_training_action_says_who_makes_it_one(author: Client, finished: InMemoryPlatform) -> None:
    other = CourseKey.from_string("course-v1:utop+other+2027")
    finished.authors.add((User.objects.get(username="ada").pk, other))
    page = author.get(f"/utop/badges/{other}/")
    assert page.status_code == 200
    assert "utop-notice" in page.content.decode()


def test_the_same_pages_in_studio_lead_back_to_it(author: Client, finished: InMemoryPlatform) -> None:
    finished.authored[COURSE] = AuthoredCourse("Cours", "/course/outline", (), (), ())
    page = author.get(STUDIO).content.decode()
    assert 'href="/course/outline"' in page
    assert f'href="{STUDIO}action/"' in page
    answer = kept(author, f"{STUDIO}action/", name="Transition")
    assert answer["Location"] == f"{STUDIO}{Achievement.objects.get().uuid}/"


def test_a_badge_nobody_wrote_is_offered_as_it_would_be_made(author: Client) -> None:
    form = filled(author)
    assert form["name"] == "Réussir la transition numérique"
    assert form["criteria"] == ""
    assert not Achievement.objects.exists()
    assert f'href="{ACTION}"' in author.get(PAGE).content.decode()


def test_what_is_looked_at_is_what_is_signed_and_nothing_is_kept_before(author: Client) -> None:
    call_command("utop_import_skills")
    skill = Skill.objects.get(code="4.2")
    changes = {
        "name": "Écoute active",
        "description": "Sait **écouter**.",
        "criteria": "- un\n- deux",
        "level": "intermediate",
        "validity_months": 24,
        "picture": "drawn",
        "skills": [skill.pk],
    }
    looked = author.post(ACTION, {**filled(author, **changes), "do": "look"})
    assert looked.status_code == 200
    assert "<strong>écouter</strong>" in looked.content.decode()
    assert not Achievement.objects.exists()
    assert not AchievementImage.objects.exists()
    assert kept(author, **changes).status_code == 302
    credential = issue()
    signed, shown = said(credential.document), looked.context["achievement"]
    assert {**shown, "id": "", "image": "", "resultDescription": ""} == {
        **signed, "id": "", "image": "", "resultDescription": ""
    }  # fmt: skip
    with override("fr"):
        level = str(Level.INTERMEDIATE.label)
    assert signed["tag"] == [level]
    assert f"<dd>{level}</dd>" in author.get(f"/utop/verify/{credential.uuid}/").content.decode()
    assert signed["alignment"][0]["targetCode"] == "4.2"
    assert api.proof_holds(credential.document)
    assert not api.proof_holds(credential.document.replace(level, "Autre"))
    assert api.hosted_badge_class(Achievement.objects.get().uuid)["tags"] == [level]


def test_a_drawn_picture_has_the_colours_of_the_provider(author: Client) -> None:
    Provider.objects.update(colour="#0d6641", second_colour="#ffe08a")
    assert kept(author, picture="drawn", symbol="leaf", level="beginner", picture_text="Été").status_code == 302
    record = Achievement.objects.get()
    assert record.drawing == {
        "text": "Été", "symbol": "leaf", "frame": "disc", "colour": "#0d6641", "second_colour": "#ffe08a", "stars": 1
    }  # fmt: skip
    with Image.open(io.BytesIO(api.achievement_image(record.uuid))) as opened:
        assert opened.convert("RGB").getpixel((300, 560)) == (0x0D, 0x66, 0x41)
    again = filled(author, f"{PAGE}{record.uuid}/")
    assert (again["picture"], again["picture_text"], again["symbol"]) == ("drawn", "Été", "leaf")


def test_an_upload_in_the_admin_takes_the_place_of_a_drawing(author: Client) -> None:
    assert kept(author, picture="drawn").status_code == 302
    record = Achievement.objects.get()
    operator = Client()
    operator.force_login(User.objects.create_superuser("operator"))
    assert saved(operator, record, picture=uploaded(drawn())) == ""
    page = f"{PAGE}{record.uuid}/"
    assert kept(author, page, name="Autre nom").status_code == 302
    assert api.achievement_image(record.uuid) == drawn()


def test_the_picture_is_drawn_while_the_author_chooses(author: Client) -> None:
    asked = {"name": "Écoute", "symbol": "star", "frame": "hexagon", "colour": "#17407f", "second_colour": "#ffffff"}
    answer = author.get(f"{PAGE}drawn.png", asked)
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    for changes in ({"picture_text": "漢字"}, {"symbol": "skull"}, {"colour": "red"}, {"name": "🎉"}):
        refused = author.get(f"{PAGE}drawn.png", {**asked, **changes})
        assert refused.status_code == 400
        assert refused["Content-Type"].startswith("text/plain")


def test_an_upload_with_which_nobody_keeps_a_badge_goes_after_a_day(author: Client) -> None:
    now = timezone.now()
    for size in (128, 256):
        sent = {**filled(author, picture="uploaded"), "upload": uploaded(drawn(size, size)), "do": "look"}
        digest = author.post(ACTION, sent).context["form"].cleaned_data["sha256"]
    assert kept(author, picture="uploaded", sha256=digest).status_code == 302
    assert api.forget_pictures(now=now + timedelta(hours=23)) == 0
    assert api.forget_pictures(now=now + timedelta(hours=25)) == 1
    assert AchievementImage.objects.get().sha256 == digest
    kept(author, f"{PAGE}{Achievement.objects.get().uuid}/", picture="drawn", picture_text="Autre")
    assert api.forget_pictures(now=now + timedelta(hours=25)) == 0
    assert AchievementImage.objects.filter(sha256=digest).exists()


def test_an_upload_is_looked_at_then_kept_without_sending_it_again(author: Client) -> None:
    sent = {**filled(author, picture="uploaded"), "upload": uploaded(drawn()), "do": "look"}
    looked = author.post(ACTION, sent)
    digest = AchievementImage.objects.get().sha256
    address = f"{PAGE}pictures/{digest}.png"
    assert address in looked.content.decode()
    assert author.get(address).content == drawn()
    assert kept(author, picture="uploaded", sha256=digest).status_code == 302
    assert Achievement.objects.get().image.sha256 == digest  # type: ignore[union-attr]
    page = f"{PAGE}{Achievement.objects.get().uuid}/"
    assert kept(author, page, name="Autre nom").status_code == 302
    assert Achievement.objects.get().image.sha256 == digest  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "x" * 256}, "name"),
        ({"name": "\x0b \x00"}, "name"),
        ({"name": "Badge \u202eegdab"}, "name"),
        ({"description": "oui <script>alert(1)</script>"}, "description"),
        ({"criteria": "[ici](javascript:alert(1))"}, "criteria"),
        ({"validity_months": 0}, "validity_months"),
        ({"skills": [999]}, "skills"),
        ({"skills": ["9" * 30]}, "skills"),
        ({"picture": "uploaded"}, "upload"),
        ({"picture": "uploaded", "sha256": "0" * 64}, "upload"),
        ({"picture": "uploaded", "upload": SimpleUploadedFile("x.png", b"GIF89a")}, "upload"),
        ({"picture": "drawn", "picture_text": "mot " * 30}, "picture_text"),
        ({"picture": "drawn", "picture_text": "漢字"}, "picture_text"),
    ],
)
def test_what_is_refused_names_its_field(author: Client, changes: dict[str, Any], field: str) -> None:
    answer = kept(author, **changes)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in answer.content.decode() or field == "skills"
    assert not Achievement.objects.exists()


def test_control_characters_are_taken_away(author: Client) -> None:
    assert kept(author, name="Écoute\x0b active ]]>", criteria="- 1 < 2 & 3\x0b").status_code == 302
    signed = issue()
    assert said(signed.document)["name"] == "Écoute active ]]>"
    assert api.proof_holds(signed.document)
    assert "]]>" not in api.credential_svg(signed.uuid).split("CDATA[")[1].split("]]></")[0]


def test_what_would_be_signed_away_is_named(author: Client) -> None:
    skill = Skill.objects.create(framework="ROME", code="M1607", name="Secrétariat", url="rome/M1607")
    answer = kept(author, skills=[skill.pk])
    assert answer.status_code == 400
    assert "rome/M1607" in answer.context["form"].errors["skills"][0]
    assert "Secrétariat" in answer.context["form"].errors["skills"][0]
    assert not Achievement.objects.exists()
    Provider.objects.update(url="campus")
    nobody = kept(author)
    assert "campus" in nobody.context["form"].non_field_errors()[0]


def test_what_the_standard_does_not_know_is_named(author: Client, settings: Any) -> None:
    assert kept(author).status_code == 302
    look = editing.look(COURSE, Unwritten.WHOLE, editing.badge(COURSE, Unwritten.WHOLE).draft)
    assert signed_away(look.document) == {}
    achievement = {**look.achievement, "humour": "grinçant", "name": "Transition"}
    document = {
        **look.document,
        "credentialSubject": {**look.document["credentialSubject"], "achievement": achievement},
    }
    assert "humour" in signed_away(document)[""]
    settings.LMS_ROOT_URL = "/sans-hôte"
    refused = kept(author, f"{PAGE}{Achievement.objects.get().uuid}/")
    assert "/sans-hôte" in refused.context["form"].non_field_errors()[0]


def test_what_was_issued_keeps_what_it_says(author: Client) -> None:
    credential = issue()
    page = f"{PAGE}{Achievement.objects.get().uuid}/"
    assert author.get(page).context["known"].holders == 1
    assert kept(author, page, name="Autre nom", picture="drawn").status_code == 302
    assert api.credential(credential.uuid).document == credential.document
    assert "Autre nom" not in words(author.get(f"/utop/verify/{credential.uuid}/"))
    assert "Autre nom" in words(author.get(PAGE))


def test_two_authors_at_once(author: Client) -> None:
    assert kept(author).status_code == 302
    page = f"{PAGE}{Achievement.objects.get().uuid}/"
    mine = filled(author, page, name="Le mien")
    assert kept(author, page, name="Le sien").status_code == 302
    answer = author.post(page, {**mine, "do": "keep"})
    assert answer.status_code == 409
    assert Achievement.objects.get().name == "Le sien"
    assert answer.context["form"]["name"].value() == "Le mien"
    again = {**mine, "seen": answer.context["form"]["seen"].value(), "do": "keep"}
    assert author.post(page, again).status_code == 302
    assert Achievement.objects.get().name == "Le mien"


def test_skills_are_found_without_a_script(author: Client) -> None:
    call_command("utop_import_skills")
    first = Skill.objects.get(code="4.2")
    sent = {**filled(author, name="", skills=[first.pk]), "do": "search", "q": "numeriques CONTENUS"}
    page = author.post(ACTION, sent)
    assert page.status_code == 200
    assert [skill.pk for skill in page.context["chosen"]] == [first.pk]
    assert page.context["form"]["name"].value() == ""
    assert {skill.code for skill in page.context["matches"]} >= {"1.1", "3.1"}
    assert first not in page.context["matches"]


def test_skills_are_found_for_the_script(author: Client) -> None:
    call_command("utop_import_skills")
    first = Skill.objects.get(code="1.1")
    by_code = author.get(f"{PAGE}skills/", {"q": "1.", "framework": "DigComp 2.2", "skills": [first.pk, "x", "9" * 40]})
    assert [skill.code for skill in by_code.context["matches"]] == ["1.2", "1.3"]
    assert not author.get(f"{PAGE}skills/", {"q": "1.", "framework": "ROME"}).context["matches"]
    assert author.get(f"{PAGE}skills/", {"q": " "}).context["matches"] is None


def test_skills_whose_names_begin_so_come_first(author: Client) -> None:
    names = ["Savoir gérer les données", "Données : les gérer", "Gérer les données", "Autre"]
    for code, name in enumerate(names):
        Skill.objects.create(framework="X", code=str(code), name=name, url=f"https://a.org/{code}")
    found = author.get(f"{PAGE}skills/", {"q": "GÉRER les", "framework": "X"}).context
    assert ([skill.code for skill in found["matches"]], found["number"]) == (["2", "1", "0"], 3)


def test_the_follow_up_leads_authors_to_the_badges(author: Client, finished: InMemoryPlatform) -> None:
    ada = User.objects.get(username="ada").pk
    finished.staff.add((ada, COURSE))
    assert f'href="{PAGE}"' in author.get(f"/utop/steering/{COURSE}/").content.decode()
    finished.authors.clear()
    assert f'href="{PAGE}"' not in author.get(f"/utop/steering/{COURSE}/").content.decode()


def test_criteria_left_empty_are_written_from_the_conditions(author: Client) -> None:
    assert kept(author, required_grade="60,5", required_minutes="90", requires_completion=None).status_code == 302
    action = TrainingAction.objects.get()
    assert (float(action.required_grade), action.required_minutes, action.requires_completion) == (60.5, 90, False)
    page = f"{PAGE}{Achievement.objects.get().uuid}/"
    assert filled(author, page)["required_grade"] == "60,5"
    written = author.get(page).context["achievement"]["criteria"]["narrative"]
    assert "60,5" in written
    assert "1\xa0h\xa030" in written
    assert Achievement.objects.get().criteria == ""


PART = {
    "name": "Premiers pas",
    "description": "A fait ses premiers pas.",
    "modules": [str(module(1).usage_key)],
    "required_minutes": "",
}


def test_a_badge_of_a_module(author: Client, finished: InMemoryPlatform) -> None:
    finished.paths[User.objects.get(username="ada").pk, COURSE] = (module(1), module(2))
    finished.titles[COURSE] = {each.usage_key: each.title for each in (module(1), module(2))}
    answer = kept(author, f"{PAGE}new/", **PART)
    part = Achievement.objects.get()
    assert answer["Location"] == f"{PAGE}{part.uuid}/"
    assert (part.is_whole, part.modules, part.scope) == (None, PART["modules"], Scope.MODULE)
    assert "Module 1" in api.achievement_document(part.uuid)["criteria"]["narrative"]
    assert {award.achievement.name for award in api.award_due(CAMILLE, COURSE, now=NOW)} >= {"Premiers pas"}
    page = author.get(PAGE)
    assert "Premiers pas" in words(page)
    assert f'href="{ACTION}"' in page.content.decode() or Achievement.objects.filter(is_whole=True).exists()
    assert author.post(f"{PAGE}{part.uuid}/remove/").status_code == 302
    assert Achievement.objects.filter(pk=part.pk).exists()


EVERYTHING = {
    "required_grade": "95",
    "required_minutes": "600",
    "required_half_days": "2",
    "requires_every_session": "on",
    "requires_validation": "on",
}


@pytest.mark.parametrize("place", ["action/", "new/"])
def test_every_condition_that_is_chosen_is_told_as_missing(
    author: Client, client: Client, finished: InMemoryPlatform, place: str
) -> None:
    to_do = module(1, is_complete=False, completed_at=None)
    finished.paths[User.objects.get(username="ada").pk, COURSE] = (to_do,)
    finished.titles[COURSE] = {to_do.usage_key: "Module 1"}
    finished.paths[CAMILLE, COURSE] = (to_do,)
    part = PART if place == "new/" else {}
    assert kept(author, f"{PAGE}{place}", **{**part, **EVERYTHING}).status_code == 302
    known = Achievement.objects.get()
    evaluation = api.evaluation(CAMILLE, COURSE, None if known.is_whole else known.uuid)
    assert evaluation is not None
    kinds = [each.condition for each in evaluation.missing]
    assert set(kinds) == set(Condition) - {Condition.SECTOR}
    client.force_login(User.objects.create(username="camille", pk=CAMILLE))
    page = words(client.get("/utop/"))
    for each in evaluation.missing:
        assert " ".join(sentence(each).split()) in page
    assert api.award_due(CAMILLE, COURSE, now=NOW) == ()


def test_a_part_nobody_holds_is_taken_away(author: Client, finished: InMemoryPlatform) -> None:
    finished.paths[User.objects.get(username="ada").pk, COURSE] = (module(1),)
    finished.titles[COURSE] = {module(1).usage_key: "Module 1"}
    assert kept(author, f"{PAGE}new/", **PART).status_code == 302
    part = Achievement.objects.get()
    assert author.get(f"{PAGE}{part.uuid}/remove/").status_code == 405
    assert author.post(f"{PAGE}{part.uuid}/remove/")["Location"] == PAGE
    assert not Achievement.objects.exists()
    assert kept(author).status_code == 302
    assert author.post(f"{PAGE}{Achievement.objects.get().uuid}/remove/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"modules": ["block-v1:autre+cours+1+type@sequential+block@x"]}, "modules"),
        ({"modules": [], "requires_completion": None}, "requires_completion"),
        ({"requires_validation": "on", "validator": "inconnue"}, "validator"),
        ({"required_grade": "101"}, "required_grade"),
        ({"required_minutes": "-1"}, "required_minutes"),
        ({"name": ""}, "name"),
    ],
)
def test_conditions_that_make_no_sense(
    author: Client, finished: InMemoryPlatform, changes: dict[str, Any], field: str
) -> None:
    finished.paths[User.objects.get(username="ada").pk, COURSE] = (module(1),)
    finished.titles[COURSE] = {module(1).usage_key: "Module 1"}
    answer = kept(author, f"{PAGE}new/", **{**PART, **changes})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Achievement.objects.exists()


def test_a_trade_s_badge_is_for_its_learners_alone(author: Client, finished: InMemoryPlatform) -> None:
    for slug, above in (("hotel", None), ("traiteur", "hotel"), ("banque", None)):
        define_sector(slug, name=slug.title(), parent=above)
        set_track(COURSE, slug, slug)
    names = enumerate(("hotel", "traiteur", "banque"), 1)
    finished.groups[COURSE] = tuple(ContentGroup(50, number, name) for number, name in names)
    finished.paths[User.objects.get(username="ada").pk, COURSE] = (module(1),)
    finished.titles[COURSE] = {module(1).usage_key: "Module 1"}
    assert kept(author, f"{PAGE}new/", **{**PART, "modules": [], "sector": "hotel"}).status_code == 302
    part = api.achievement_document(Achievement.objects.get().uuid)
    assert part["specialization"] == "Hotel"
    for learner, slug in ((101, "traiteur"), (102, "banque")):
        learner_at_the_end(finished, learner)
        SectorChoice.objects.create(
            user_id=learner, course_key=COURSE, rank=1, sector=Sector.objects.get(slug=slug), method="learner",
            chosen_by=learner, chosen_at=NOW,
        )  # fmt: skip
        held = {each.achievement.name for each in api.award_due(learner, COURSE, now=NOW)}
        assert ("Premiers pas" in held) == (slug == "traiteur")
