"""One passage in the words of each trade, on the real XBlock library."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from opaque_keys.edx.keys import CourseKey
from opaque_keys.edx.locator import LibraryLocatorV2, LibraryUsageLocatorV2
from webob import Request
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.fields import ScopeIds

from openedx_utop.sectors.api import choose_sector, define_sector
from openedx_utop.sectors.models import Sector, Track
from tests.host import InMemoryPlatform
from tests.sectors.conftest import LEARNER, NOW, course
from tests.xblocks.runtime import COURSE, MemoryRuntime, User, html, in_unit
from xblocks.sector_text.versions import cleaned, searchable, source_of

assert course  # a fixture

TEXT = "utop_sector_text"
OURS = (TEXT, "utop_attendance_meter", "utop_award", "utop_sector_choice")
DEFAULT = '<p>Vos clients<br>et &nbsp; vous, <img src="/static/plan.png" alt="le plan"></p>'
VERSIONS = {"hotel": "<p>Vos <b>hôtes</b></p>", "sante": "<p>Vos patients</p>"}
DEMO = Path(__file__).resolve().parents[2] / "demo" / "course" / "vertical"


def block_of(user: User, *, versions: dict[str, str] = VERSIONS, default: str = DEFAULT) -> XBlock:
    block = in_unit(MemoryRuntime(user), TEXT)
    block.default_version, block.versions = default, dict(versions)
    return block


def shown(block: XBlock) -> str:
    return html(block.render("student_view", {}))


def read_by_learner(**parts: Any) -> str:
    return shown(block_of(User(LEARNER), **parts))


def holding(slug: str) -> None:
    choose_sector(LEARNER, COURSE, slug, chosen_by=LEARNER, now=NOW)


def exported(block: XBlock) -> str:
    node = etree.Element("unknown")
    block.add_xml_to_node(node)
    return etree.tostring(node, encoding="unicode")


def imported(olx: str) -> XBlock:
    key = COURSE.make_usage_key(TEXT, "again")
    return XBlock.load_class(TEXT).parse_xml(
        etree.fromstring(olx), MemoryRuntime(User(LEARNER)), ScopeIds(LEARNER, TEXT, key, "again")
    )


def no_database(*_arguments: Any) -> None:
    raise OperationalError("The database is away.")


def edit(block: XBlock, values: dict[str, Any]) -> Any:
    body = json.dumps({"values": values, "defaults": []}).encode()
    return block.handle("submit_studio_edits", Request.blank("/", method="POST", body=body))


class TestLearner:
    def test_reads_the_version_of_their_trade_as_its_author_wrote_it(self, course: CourseKey) -> None:
        holding("sante")
        assert '<div class="utop-text" data-version="sante"><p>Vos patients</p></div>' in read_by_learner()

    def test_without_a_trade_reads_the_default(self, course: CourseKey) -> None:
        assert DEFAULT in read_by_learner()

    def test_of_a_trade_without_a_version_reads_the_default(self, course: CourseKey) -> None:
        holding("alimentaire")
        assert DEFAULT in read_by_learner()

    def test_of_a_branch_reads_its_own_version_then_that_of_the_trade_above(self, course: CourseKey) -> None:
        holding("traiteur")
        assert VERSIONS["hotel"] in read_by_learner()
        assert "Vos convives" in read_by_learner(versions={**VERSIONS, "traiteur": "Vos convives"})
        assert DEFAULT in read_by_learner(versions={"sante": "Vos patients"})

    def test_of_a_withdrawn_trade_still_reads_it(self, course: CourseKey) -> None:
        holding("hotel")
        Sector.objects.filter(slug="hotel").update(is_offered=False)
        assert VERSIONS["hotel"] in read_by_learner()

    def test_is_told_nothing_where_there_is_no_text(self, course: CourseKey) -> None:
        assert re.search(r'<div class="utop-text"[^>]*></div>', read_by_learner(versions={}, default=""))

    def test_reads_the_default_when_the_trades_cannot_be_looked_up(
        self, course: CourseKey, caplog: pytest.LogCaptureFixture
    ) -> None:
        holding("sante")
        with connection.execute_wrapper(no_database):
            assert DEFAULT in read_by_learner()
        assert [record.exc_info is not None for record in caplog.records] == [True]

    def test_staff_who_look_as_a_group_read_its_version(self, course: CourseKey, host: InMemoryPlatform) -> None:
        holding("hotel")
        host.looked_as = (50, 2)
        assert VERSIONS["sante"] in read_by_learner()
        host.looked_as = (50, 99)
        assert DEFAULT in read_by_learner()

    def test_visitors_read_the_default_without_a_query(self, db: None, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            block = block_of(User(None))
            assert DEFAULT in shown(block)
            assert DEFAULT in html(block.render("public_view", {}))

    def test_a_passage_with_one_version_for_all_costs_no_query(
        self, course: CourseKey, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(0):
            assert DEFAULT in read_by_learner(versions={})

    def test_reading_costs_a_few_queries_and_writes_nothing(
        self, course: CourseKey, django_assert_max_num_queries: Any
    ) -> None:
        holding("traiteur")
        block = block_of(User(LEARNER))
        with django_assert_max_num_queries(3) as captured:
            shown(block)
        assert all(query["sql"].startswith("SELECT") for query in captured.captured_queries)
        assert block.runtime.published == []


class TestAuthor:
    def test_staff_read_every_version_and_which_it_is(self, course: CourseKey) -> None:
        for block, view in ((block_of(User(90, is_staff=True)), "student_view"), (block_of(User(90)), "author_view")):
            page = html(block.render(view, {}))
            assert re.findall(r'<option value="([a-z]*)">', page) == ["", "alimentaire", "hotel", "traiteur", "sante"]
            states = re.findall(r"</strong> — (.*?)</p>", page)
            assert states == [
                "pour tous les autres",
                "lit « Version par défaut »",
                "sa propre version",
                "lit « Hôtellerie et restauration »",
                "sa propre version",
            ]
            assert page.count(DEFAULT) == 2

    def test_a_course_without_tracks_offers_the_operators_whole_tree(self, course: CourseKey) -> None:
        Track.objects.all().delete()
        assert [version.slug for version in block_of(User(90)).all_versions()][1:] == [
            "alimentaire",
            "banque",
            "hotel",
            "traiteur",
            "sante",
        ]

    def test_the_form_has_a_labelled_text_for_each_and_escapes_it(self, course: CourseKey) -> None:
        page = html(block_of(User(90), default="</textarea><i>").render("studio_view", {}))
        ids = re.findall(r'<textarea id="([^"]+)"', page)
        assert len(set(ids)) == 5
        assert all(f'<label for="{identifier}">' in page for identifier in ids)
        assert "&lt;/textarea&gt;&lt;i&gt;" in page

    def test_a_version_whose_trade_is_gone_is_kept_and_said(self, course: CourseKey) -> None:
        define_sector("hotel", name="Hôtels", is_offered=False)
        block = block_of(User(90), versions={"hotel": "Hôtes", "coiffure": "Vos <i>têtes</i>"})
        warned = {version.slug: version.warning for version in block.all_versions() if version.warning}
        assert set(warned) == {"hotel", "coiffure"}
        page = html(block.render("studio_view", {}))
        assert all(warning in page for warning in warned.values())
        assert "Vos &lt;i&gt;têtes&lt;/i&gt;</textarea>" in page
        assert imported(exported(block)).versions == {"hotel": "Hôtes", "coiffure": "Vos <i>têtes</i>"}

    def test_the_form_works_when_the_trades_cannot_be_looked_up(
        self, course: CourseKey, caplog: pytest.LogCaptureFixture
    ) -> None:
        with connection.execute_wrapper(no_database):
            page = html(block_of(User(90)).render("studio_view", {}))
        assert page.count("<textarea") == 3
        assert "Le texte est conservé." in page
        assert [record.exc_info is not None for record in caplog.records] == [True]

    def test_saving_keeps_what_is_written_and_drops_what_is_emptied(self, course: CourseKey) -> None:
        block = block_of(User(90))
        texts = {"hotel": " <p>Hôtes\r\n</p> ", "sante": "  ", "coiffure": "<p>Têtes\x00</p>"}
        assert edit(block, {"default_version": "<p>Tous</p>", "versions": texts}).status_code == 200
        assert block.default_version == "<p>Tous</p>"
        assert block.versions == {"hotel": "<p>Hôtes\n</p>", "coiffure": "<p>Têtes</p>"}

    @pytest.mark.parametrize("values", [{"versions": {"hotel": 3}}, {"versions": None}, {"default_version": None}])
    def test_saving_refuses_anything_but_texts(self, course: CourseKey, values: dict[str, Any]) -> None:
        block = block_of(User(90))
        assert edit(block, values).status_code == 400
        assert (block.default_version, block.versions) == (DEFAULT, VERSIONS)

    def test_authors_find_the_table_of_tracks_and_libraries_have_none(self, course: CourseKey) -> None:
        block = block_of(User(90))
        assert f"/utop/authoring/{COURSE}/" in html(block.render("author_view", {}))
        library = LibraryLocatorV2.from_string("lib:utop:texts")
        usage = LibraryUsageLocatorV2(library, TEXT, "words")
        block.scope_ids = block.scope_ids._replace(usage_id=usage)
        assert "/utop/authoring/" not in html(block.render("author_view", {}))

    @override_settings(ROOT_URLCONF="openedx_utop.urls")
    def test_where_studio_is_elsewhere_there_is_no_table(self, course: CourseKey) -> None:
        assert "utop-text-author" in html(block_of(User(90, is_staff=True)).render("student_view", {}))

    def test_the_views_bring_their_files_and_nothing_inline(self, course: CourseKey) -> None:
        for view, name, kinds in (
            ("student_view", "block", ["css"]),
            ("author_view", "author", ["css", "js"]),
            ("studio_view", "editor", ["css", "js"]),
        ):
            fragment = block_of(User(LEARNER), default="").render(view, {})
            urls = [resource.data for resource in fragment.resources]
            assert urls == [f"/xblock/resource/{TEXT}/public/{name}.{kind}" for kind in kinds]
            assert not re.search(r'\son\w+="|\sstyle="|<script|<style', fragment.content)
            for kind in kinds:
                with XBlock.load_class(TEXT).open_local_resource(f"public/{name}.{kind}") as file:
                    content = file.read().decode()
            assert not fragment.js_init_fn or f"window.{fragment.js_init_fn} = function" in content


class TestOlx:
    def test_each_trade_has_its_element_and_html_stays_readable(self, course: CourseKey) -> None:
        node = etree.fromstring(exported(block_of(User(LEARNER))))
        assert node.tag == TEXT
        assert [(child.tag, dict(child.attrib)) for child in node] == [
            ("default", {}),
            ("version", {"sector": "hotel"}),
            ("version", {"sector": "sante"}),
        ]
        assert "<![CDATA[<p>Vos <b>hôtes</b></p>]]>" in exported(block_of(User(LEARNER)))
        assert not {"versions", "default_version"} & set(node.attrib)

    @given(default=st.text(), versions=st.dictionaries(st.from_regex(r"[-a-z0-9_]{1,20}", fullmatch=True), st.text()))
    def test_what_an_author_saved_comes_back_the_same(self, default: str, versions: dict[str, str]) -> None:
        block = block_of(User(LEARNER), default=cleaned(default))
        kept = {slug: cleaned(text) for slug, text in versions.items() if cleaned(text)}
        block.versions = kept
        again = imported(exported(block))
        assert (again.default_version, again.versions) == (cleaned(default), kept)

    @pytest.mark.parametrize("text", ["a ]]> b", "<script>if (a < b && c) x()</script>", "&eacute;<br>\n\n<hr>"])
    def test_html_that_is_not_xml_comes_back_the_same(self, text: str) -> None:
        assert imported(exported(block_of(User(LEARNER), default=text))).default_version == text

    def test_elements_written_by_hand_are_read_as_html(self) -> None:
        block = imported(
            "<utop_sector_text><!-- x --><default>\n <p>Un<br/>deux</p><p/>\n</default></utop_sector_text>"
        )
        assert block.default_version == "<p>Un<br>deux</p><p></p>"

    @pytest.mark.parametrize(
        "olx",
        [
            "<html>x</html>",
            "<version>x</version>",
            '<version sector="hotel">x</version><version sector="hotel">y</version>',
            "<default>x</default><default>y</default>",
        ],
    )
    def test_what_would_be_lost_is_refused(self, olx: str) -> None:
        with pytest.raises(ValueError, match="sector"):
            imported(f"<utop_sector_text>{olx}</utop_sector_text>")

    def test_reading_leaves_the_element_as_it_was(self) -> None:
        node = etree.fromstring("<utop_sector_text><default>x</default></utop_sector_text>")
        key = COURSE.make_usage_key(TEXT, "again")
        XBlock.load_class(TEXT).parse_xml(node, MemoryRuntime(User(LEARNER)), ScopeIds(LEARNER, TEXT, key, "again"))
        assert len(node) == 1

    @pytest.mark.parametrize("name", ["tronc_03_lecon", "tronc_07_lecon"])
    def test_the_demonstration_speaks_to_five_trades(self, name: str) -> None:
        (node,) = etree.parse(str(DEMO / f"{name}.xml")).getroot().findall(TEXT)
        block = imported(etree.tostring(node, encoding="unicode"))
        assert set(block.versions) == {"sante", "ess", "hotel", "banque", "alimentaire"}
        assert len({block.default_version, *block.versions.values()}) == 6
        assert imported(exported(block)).versions == block.versions


def test_all_versions_are_searched_as_words(course: CourseKey) -> None:
    block = block_of(User(LEARNER), versions={"hotel": "<script>x()</script><p>Vos</p><p>hôtes</p>"})
    index = block.index_dictionary()
    assert index["content"] == {
        "display_name": "Text for each trade",
        "html_content": "Vos clients et vous, le plan Vos hôtes",
    }


def test_mobile_clients_get_all_versions_with_the_platforms_addresses(course: CourseKey) -> None:
    class Addresses:
        def replace_urls(self, text: str) -> str:
            return text.replace("/static/", "/asset-v1/")

    block = block_of(User(LEARNER))
    assert block.student_view_data()["versions"] == VERSIONS
    block.runtime._services["replace_urls"] = Addresses()
    assert "/asset-v1/plan.png" in block.student_view_data()["default"]
    assert block.has_support(block.student_view, "multi_device")


def test_staff_who_look_as_a_given_learner_are_shown_what_only_shows() -> None:
    shows = {kind: getattr(XBlock.load_class(kind), "show_in_read_only_mode", False) for kind in OURS}
    assert shows == {TEXT: True, "utop_attendance_meter": True, "utop_award": True, "utop_sector_choice": False}


def test_it_is_completed_by_having_been_seen() -> None:
    cls = XBlock.load_class(TEXT)
    assert XBlockCompletionMode.get_mode(cls) == XBlockCompletionMode.COMPLETABLE
    assert not getattr(cls, "has_custom_completion", False)
    assert not getattr(cls, "has_score", False)


@given(st.text())
def test_any_markup_has_words(text: str) -> None:
    assert isinstance(searchable(text), str)


@given(st.lists(st.sampled_from("abcd"), unique=True), st.dictionaries(st.sampled_from("abcd"), st.text(max_size=1)))
def test_the_nearest_trade_that_has_a_text_is_read(lineage: list[str], versions: dict[str, str]) -> None:
    source = source_of(lineage, versions)
    above = lineage[: lineage.index(source)] if source else lineage
    assert not any(versions.get(slug) for slug in above)
    assert not source or versions[source]
