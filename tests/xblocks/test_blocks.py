"""The blocks on the real XBlock library."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override
from lxml import etree
from opaque_keys.edx.keys import CourseKey
from webob import Request
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.fields import ScopeIds
from xblock.validation import Validation

from openedx_utop import api, tasks
from openedx_utop.attendance.models import Presence
from openedx_utop.badges.models import Achievement
from openedx_utop.compat import PathModule, Person
from openedx_utop.organizations.api import declare_employer
from openedx_utop.organizations.models import Provider
from openedx_utop.sectors.api import choose_sector, import_rules
from openedx_utop.sectors.models import Sector
from openedx_utop.signing_keys import new_seed
from openedx_utop.training.models import TrainingAction
from tests.host import InMemoryPlatform
from tests.presences import store_presence
from tests.sectors.conftest import LEARNER, NOW, course
from tests.xblocks.runtime import COURSE, MemoryRuntime, User, html, in_unit

assert course  # a fixture

CHOICE, METER, AWARD = "utop_sector_choice", "utop_attendance_meter", "utop_award"


def learner_block(block_type: str) -> XBlock:
    block = in_unit(MemoryRuntime(User(LEARNER)), block_type)
    block.learner = LEARNER  # What the host answers of who looks at it.
    return block


def shown(block: XBlock) -> str:
    return html(block.render("student_view", {}))


def listed(page: str) -> list[str]:
    return re.findall(r'<input type="radio" name="sector" value="([a-z]+)"', page)


def call(block: XBlock, handler: str) -> Any:
    return block.handle(handler, Request.blank("/", method="POST", body=b"{}"))


@pytest.mark.parametrize("block_type", [CHOICE, METER, AWARD])
class TestAll:
    def test_staff_and_visitors_get_plain_words(self, course: CourseKey, block_type: str) -> None:
        for user in (User(90, is_staff=True), User(None)):
            page = shown(in_unit(MemoryRuntime(user), block_type))
            assert "utop-words" in page
            assert "<form" not in page

    def test_authors_read_what_learners_will_see(self, course: CourseKey, block_type: str) -> None:
        block = learner_block(block_type)
        assert "utop-words" in html(block.render("author_view", {}))
        assert block.has_author_view

    def test_an_error_of_ours_leaves_the_unit(
        self, course: CourseKey, block_type: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        block = learner_block(block_type)
        block.runtime.service(block, "user").attributes["edx-platform.user_id"] = "no number"
        page = shown(block)
        assert "utop-words" in page
        assert [record.exc_info is not None for record in caplog.records] == [True]

    def test_the_author_edits_the_settings(self, course: CourseKey, block_type: str) -> None:
        block = learner_block(block_type)
        editor = html(block.render("studio_view", {}))
        assert all(f'name="{field}"' in editor or field in editor for field in block.editable_fields)
        body = {"values": {"display_name": "Métier & temps"}, "defaults": []}
        answer = block.handle("submit_studio_edits", Request.blank("/", method="POST", body=json.dumps(body).encode()))
        assert answer.status_code == 200
        assert block.display_name == "Métier & temps"
        assert isinstance(block.validate(), Validation)

    def test_olx_comes_back_equal(self, course: CourseKey, block_type: str) -> None:
        block = learner_block(block_type)
        block.display_name = "Votre <métier> & vous"
        if block_type == CHOICE:
            block.prompt = "Deux lignes,\navec « accents »"
        node = etree.Element("unknown")
        block.add_xml_to_node(node)
        keys = ScopeIds(LEARNER, block_type, COURSE.make_usage_key(block_type, "again"), "again")
        again = type(block).parse_xml(etree.fromstring(etree.tostring(node)), MemoryRuntime(User(LEARNER)), keys)
        assert node.tag == block_type
        assert {name: getattr(again, name) for name in block.editable_fields} == {
            name: getattr(block, name) for name in block.editable_fields
        }

    def test_it_serves_its_style_and_script_and_nothing_inline(self, course: CourseKey, block_type: str) -> None:
        block = learner_block(block_type)
        fragment = block.student_view({})
        urls = [resource.data for resource in fragment.resources]
        kinds = ("css", "js") if fragment.js_init_fn else ("css",)
        own = [url for url in urls if url.startswith("/xblock/")]
        assert own == [f"/xblock/resource/{block_type}/public/block.{kind}" for kind in kinds]
        shared = ["/static/openedx_utop/utop.css", "/static/openedx_utop/sectors.css"]
        assert [url for url in urls if url not in own] == (shared if block_type == CHOICE else [])
        assert not re.search(r'\son\w+="|\sstyle="|<script|<style', fragment.content)
        if not fragment.js_init_fn:
            return
        with XBlock.load_class(block_type).open_local_resource("public/block.js") as file:
            script = file.read().decode()
        assert f"window.{fragment.js_init_fn} = function" in script

    def test_it_is_searched_and_shown_on_mobiles_without_personal_data(
        self, course: CourseKey, block_type: str
    ) -> None:
        block = learner_block(block_type)
        block.display_name = "Repère"
        assert block.index_dictionary()["content"]["display_name"] == "Repère"
        assert set(block.student_view_data()) <= {"display_name", "prompt"}
        assert block.has_support(block.student_view, "multi_device")


def test_the_choice_asks_for_the_company_first(course: CourseKey) -> None:
    page = shown(learner_block(CHOICE))
    assert 'name="siret"' in page
    assert 'action="/utop/employers/mine/"' in page
    assert f'action="/utop/sectors/{COURSE}/choice/"' in page
    assert "data-panel hidden" in page


def test_the_choice_proposes_the_trade_of_the_company(course: CourseKey) -> None:
    declare_employer(LEARNER, "90000000100017", name="Hôtel <b>", idcc="1979", now=NOW)
    page = shown(learner_block(CHOICE))
    assert "Hôtel &lt;b&gt;" in page
    assert '<input type="hidden" name="sector" value="hotel">' in page
    assert listed(page) == ["alimentaire", "hotel", "traiteur", "sante"]


def test_the_choice_lists_the_matches_of_an_ambiguous_company_before_the_rest(course: CourseKey) -> None:
    import_rules(["idcc;1979;sante;2020-01-01"], today=NOW.date())
    declare_employer(LEARNER, "90000000100017", idcc="1979", now=NOW)
    page = shown(learner_block(CHOICE))
    assert listed(page) == ["hotel", "sante", "alimentaire", "hotel", "traiteur", "sante"]
    assert 'type="hidden" name="sector"' not in page


def test_the_choice_shows_what_is_held_and_lets_it_change(course: CourseKey) -> None:
    choose_sector(LEARNER, course, "sante", chosen_by=LEARNER, now=NOW)
    page = shown(learner_block(CHOICE))
    assert 'data-held="yes" data-completed="no"' in page
    assert 'data-held="sante"' in page
    assert listed(page) == ["alimentaire", "hotel", "traiteur"]


def test_after_the_lock_date_the_choice_asks_for_a_reason(course: CourseKey, training: TrainingAction) -> None:
    choose_sector(LEARNER, course, "sante", chosen_by=LEARNER, now=NOW)
    TrainingAction.objects.update(sector_locked_from=date(2020, 1, 1))
    page = shown(learner_block(CHOICE))
    assert f'action="/utop/sectors/{COURSE}/requests/"' in page
    assert f'action="/utop/sectors/{COURSE}/choice/"' not in page


def test_a_course_without_tracks_has_nothing_to_choose(course: CourseKey) -> None:
    from openedx_utop.sectors.models import Track

    Track.objects.all().delete()
    assert "<form" not in shown(learner_block(CHOICE))
    assert "utop-words" in html(learner_block(CHOICE).render("author_view", {}))


def test_authors_find_the_table_of_tracks_beside_the_choice(course: CourseKey) -> None:
    assert f"/utop/authoring/{COURSE}/" in html(learner_block(CHOICE).render("author_view", {}))


def test_rendering_writes_nothing(course: CourseKey, django_assert_max_num_queries: Any) -> None:
    block = learner_block(CHOICE)
    with django_assert_max_num_queries(16) as captured:
        shown(block)
    assert all(query["sql"].startswith("SELECT") for query in captured.captured_queries)
    assert block.runtime.published == []


def test_the_choice_completes_once_a_trade_is_held_and_not_before(course: CourseKey) -> None:
    block = learner_block(CHOICE)
    refused = call(block, "chosen")
    assert refused.status_code == 409
    assert refused.json["error"]
    assert block.runtime.published == []
    choose_sector(LEARNER, course, "sante", chosen_by=LEARNER, now=NOW)
    assert call(block, "chosen").json == {"complete": True}
    assert block.runtime.published == [("completion", {"completion": 1.0})]
    assert 'data-completed="yes"' in shown(block)


def test_a_visitor_completes_nothing(course: CourseKey) -> None:
    assert call(in_unit(MemoryRuntime(User(None)), CHOICE), "chosen").status_code == 409


def test_staff_looking_as_a_learner_completes_nothing_for_them(course: CourseKey) -> None:
    choose_sector(LEARNER, course, "sante", chosen_by=LEARNER, now=NOW)
    block = learner_block(CHOICE)
    block.learner = None
    assert call(block, "chosen").status_code == 409
    assert block.runtime.published == []


def test_only_the_choice_is_completed() -> None:
    modes = {kind: XBlockCompletionMode.get_mode(XBlock.load_class(kind)) for kind in (CHOICE, METER)}
    assert modes == {CHOICE: XBlockCompletionMode.COMPLETABLE, METER: XBlockCompletionMode.EXCLUDED}
    assert XBlock.load_class(CHOICE).has_custom_completion


@pytest.fixture
def training(course: CourseKey, host: InMemoryPlatform) -> TrainingAction:
    """Fifteen estimated minutes a module; the learner spent five there, and seventy in all."""
    here, there = (COURSE.make_usage_key("sequential", name) for name in ("sequential", "autre"))
    host.paths[(LEARNER, course)] = tuple(
        PathModule(key, key.block_id, "Semaine 1", False, None, 0.0, 0.0) for key in (here, there)
    )
    provider = Provider.objects.create(name="Organisme d'essai", siret="90000003500015")
    for key, minutes in ((here, 5), (there, 65)):
        spend(key, minutes)
    return TrainingAction.objects.create(
        course_key=course, provider=provider, title="TPE", starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1)
    )


def spend(module_key: Any, minutes: int) -> None:
    """One presence in a module."""
    begin = NOW + timedelta(hours=2 * Presence.objects.count())
    store_presence(
        client="tab",
        user_id=LEARNER,
        course_key=COURSE,
        module_key=module_key,
        unit_key=module_key,
        start=begin,
        end=begin + timedelta(minutes=minutes),
    )


def test_the_meter_shows_the_course_and_the_module_beside_its_estimate(training: TrainingAction) -> None:
    page = shown(learner_block(METER))
    assert 'data-total="4200" data-module="300"' in page
    assert "1 h 10 min" in page.replace("\u00a0", " ")
    assert '<progress max="900" value="300" aria-labelledby' in page


def test_the_meter_shows_the_course_alone_when_the_author_wants(training: TrainingAction) -> None:
    block = learner_block(METER)
    block.shows_module = False
    page = shown(block)
    assert 'data-total="4200"' in page
    assert "<progress" not in page


def test_the_meter_of_a_course_that_is_no_training_action_shows_zero(course: CourseKey) -> None:
    page = shown(learner_block(METER))
    assert 'data-total="0"' in page
    assert "<progress" not in page


def test_sectors_are_read_by_name(course: CourseKey) -> None:
    Sector.objects.filter(slug="sante").update(name="Santé & <soin>")
    assert "Santé &amp; &lt;soin&gt;" in shown(learner_block(CHOICE))


def test_the_award_lists_what_is_missing(training: TrainingAction) -> None:
    page = shown(learner_block(AWARD))
    assert page.count("<li>") == 4  # The trade, the modules, and the two modules that are meant.
    assert "<img" not in page


def test_the_award_shows_the_badge_and_the_certificate_once_they_are_there(
    host: InMemoryPlatform, training: TrainingAction, settings: Any
) -> None:
    settings.UTOP_SIGNING_KEY = new_seed()
    host.people[LEARNER] = Person(LEARNER, "camille", "Camille Dupont", "camille@example.fr", "fr")
    host.paths[(LEARNER, COURSE)] = tuple(replace(module, is_complete=True) for module in host.paths[(LEARNER, COURSE)])
    sectors_of_course = shown(learner_block(AWARD))
    assert "<img" not in sectors_of_course
    choose_sector(LEARNER, COURSE, "hotel", chosen_by=LEARNER, now=NOW)
    award = api.award_if_fulfilled(LEARNER, COURSE, now=NOW)
    assert award is not None
    assert "<img" not in shown(learner_block(AWARD))
    tasks.issue_credential(str(award.uuid))
    tasks.issue_attestation(str(award.uuid))
    (credential,), (attestation,) = api.credentials_of(LEARNER), api.attestations_of(LEARNER)
    page = shown(learner_block(AWARD))
    assert f'src="/utop/credentials/{credential.uuid}.png"' in page
    assert f'href="/utop/documents/{attestation.uuid}.pdf"' in page
    api.revoke(credential.uuid, "Erreur <de saisie>", by=None, now=NOW)
    page = shown(learner_block(AWARD))
    assert "Erreur &lt;de saisie&gt;" in page
    assert "<img" not in page


def test_the_award_in_a_course_without_action(course: CourseKey) -> None:
    page = shown(learner_block(AWARD))
    assert "<li>" not in page
    assert "<p>" in page


def test_the_author_chooses_the_badge_of_a_part(
    host: InMemoryPlatform, training: TrainingAction, settings: Any
) -> None:
    settings.UTOP_SIGNING_KEY = new_seed()
    host.people[LEARNER] = Person(LEARNER, "camille", "Camille Dupont", "camille@example.fr", "fr")
    first = host.paths[LEARNER, COURSE][0]
    part = Achievement.objects.create(
        action=training, is_whole=None, modules=[str(first.usage_key)], name="Bloc <1>", description="Une partie."
    )
    block = learner_block(AWARD)
    assert "Bloc &lt;1&gt;" in html(block.render("studio_view", {}))
    block.achievement = str(part.uuid)
    assert shown(block).count("<li>") == 2  # One condition, and the module that is meant.
    assert "Bloc &lt;1&gt;" in shown(block)
    host.paths[LEARNER, COURSE] = (replace(first, is_complete=True), *host.paths[LEARNER, COURSE][1:])
    (award,) = api.award_due(LEARNER, COURSE, now=NOW)
    tasks.issue_credential(str(award.uuid))
    assert f'src="/utop/credentials/{api.credentials_of(LEARNER)[0].uuid}.png"' in shown(block)
    block.achievement = "00000000-0000-4000-8000-000000000000"
    assert "“Bloc" not in shown(block)


@pytest.fixture
def finished(host: InMemoryPlatform, training: TrainingAction, settings: Any) -> TrainingAction:
    """The learner has done everything, in the trade of hotels; the badge of the training is valid for a month."""
    settings.UTOP_SIGNING_KEY = new_seed()
    host.people[LEARNER] = Person(LEARNER, "camille", "Camille Dupont", "camille@example.fr", "fr")
    host.paths[LEARNER, COURSE] = tuple(replace(module, is_complete=True) for module in host.paths[LEARNER, COURSE])
    choose_sector(LEARNER, COURSE, "hotel", chosen_by=LEARNER, now=NOW)
    Achievement.objects.create(action=training, name="Badge", description="Tout.", validity_months=1)
    return training


def test_the_award_says_that_its_badge_has_expired_and_who_renews_it(finished: TrainingAction) -> None:
    award = api.award_if_fulfilled(LEARNER, COURSE, now=NOW.replace(year=NOW.year - 3))
    assert award is not None
    tasks.issue_credential(str(award.uuid))
    assert api.credentials_of(LEARNER)[0].has_expired(NOW)
    page = shown(learner_block(AWARD))
    assert "utop-status--warn" in page
    assert escape(finished.provider.name) in page


def test_days_are_those_of_the_documents_where_the_platform_runs_in_utc(
    finished: TrainingAction, settings: Any
) -> None:
    settings.TIME_ZONE = "UTC"
    award = api.award_if_fulfilled(LEARNER, COURSE, now=datetime(2024, 3, 4, 23, 30, tzinfo=UTC))
    assert award is not None
    tasks.issue_credential(str(award.uuid))
    assert "5 avril 2024" in shown(learner_block(AWARD))


def test_the_award_says_what_is_there_and_what_is_not_yet(finished: TrainingAction) -> None:
    award = api.award_if_fulfilled(LEARNER, COURSE, now=timezone.now())
    assert award is not None
    with override("en"):
        assert "Your badge and your certificate are being prepared" in shown(learner_block(AWARD))
        tasks.issue_credential(str(award.uuid))
        assert "Your badge is there" in shown(learner_block(AWARD))
        tasks.issue_attestation(str(award.uuid))
        assert "prepared" not in shown(learner_block(AWARD))


def test_a_badge_of_another_trade_asks_nothing(finished: TrainingAction) -> None:
    other = Sector.objects.exclude(slug="hotel").first()
    part = Achievement.objects.create(
        action=finished, is_whole=None, name="Autre métier", description="Un parcours.", sector=other
    )
    block = learner_block(AWARD)
    block.achievement = str(part.uuid)
    page = shown(block)
    assert "Autre métier" in page
    assert "<li>" not in page


def test_a_trade_s_badge_asks_for_the_trade_first(training: TrainingAction) -> None:
    part = Achievement.objects.create(
        action=training, is_whole=None, name="Métier", description="Un parcours.", sector=Sector.objects.first()
    )
    block = learner_block(AWARD)
    block.achievement = str(part.uuid)
    assert shown(block).count("<li>") == 1
