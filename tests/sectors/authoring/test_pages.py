"""The author's path over HTTP: table, review, writing; two authors; tracks; preview; versions and back."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client

from openedx_utop.compat import Cohort
from openedx_utop.sectors.api import define_sector
from openedx_utop.sectors.authoring.models import TrackPlanVersion
from openedx_utop.sectors.authoring.tables import ChangeLine
from openedx_utop.sectors.models import Track
from openedx_utop.sectors.tracks import undecided_name
from openedx_utop.sectors.tree import tracks_of
from tests.host import InMemoryPlatform
from tests.sectors.authoring.conftest import BANK, COLLEAGUE, COURSE, HOTEL, PAGE, signed_in

BOX = re.compile(r'name="cell" value="([^"]+)" aria-label="[^"]+"( checked)?')
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def form_of(response: Any) -> dict[str, Any]:
    """The form of the page as a browser would send it back."""
    html = response.content.decode()
    fields: dict[str, Any] = {
        name: unescape(value) for name, value in HIDDEN.findall(html) if name != "csrfmiddlewaretoken"
    }
    fields["cell"] = [unescape(value) for value, is_ticked in BOX.findall(html) if is_ticked]
    return fields


def ticked(form: dict[str, Any], name: str, *groups: int) -> dict[str, Any]:
    """The form with these boxes of the row ticked, and no others."""
    rest = [value for value in form["cell"] if value.rpartition("|")[0] != name]
    return {**form, "cell": [*rest, *(f"{name}|{group}" for group in groups)]}


def reviewed(client: Client, form: dict[str, Any]) -> Any:
    return client.post(PAGE, {**form, "action": "review"})


def write(client: Client, form: dict[str, Any]) -> Any:
    return client.post(f"{PAGE}write/", form_of(reviewed(client, form)))


def groups_of(host: InMemoryPlatform, block_id: str) -> frozenset[int] | None:
    (found,) = (block for block in host.authored[COURSE].blocks if block.key.block_id == block_id)
    return found.groups


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_the_table_shows_who_sees_what(author: Client) -> None:
    response = author.get(PAGE)
    assert response.status_code == 200
    assert set(form_of(response)["cell"]) == {
        "chapter@semaine|0", "sequential@tronc|0", f"sequential@hotel|{HOTEL}", f"sequential@guichet|{BANK}"
    }  # fmt: skip


def test_others_do_not_know_of_the_page(course: Any) -> None:
    assert Client().get(PAGE).status_code == 302
    stranger = User.objects.create(username="stranger")
    for path in ("", "preview/", "versions/"):
        assert signed_in(stranger.pk).get(PAGE + path).status_code == 404
    for path in ("write/", "tracks/", "names/", "restore/"):
        assert signed_in(stranger.pk).post(PAGE + path, {}).status_code == 404


def test_an_author_of_another_course_does_not_either(author: Client) -> None:
    assert author.get("/utop/authoring/course-v1:utop+other+2027/").status_code == 404


def test_ticks_are_written_once_confirmed(author: Client, host: InMemoryPlatform) -> None:
    form = ticked(form_of(author.get(PAGE)), "sequential@tronc", HOTEL, BANK)
    review = reviewed(author, form)
    assert groups_of(host, "tronc") is None
    assert "tronc" in words(review).lower()
    assert author.post(f"{PAGE}write/", form_of(review)).status_code == 302
    assert groups_of(host, "tronc") == {HOTEL, BANK}
    assert groups_of(host, "hotel") == {HOTEL}


def test_everybody_takes_the_restriction_away(author: Client, host: InMemoryPlatform) -> None:
    write(author, ticked(form_of(author.get(PAGE)), "sequential@hotel", 0))
    assert groups_of(host, "hotel") is None


def test_the_review_says_whom_it_touches_and_who_had_finished(author: Client) -> None:
    response = reviewed(author, ticked(form_of(author.get(PAGE)), "sequential@hotel", BANK))
    (touch,) = response.context["review"].touches.values()
    assert (len(touch.learners), len(touch.finished)) == (4, 2)
    assert re.search(r"4 [^,]+, \S*\s*2", words(response))


@pytest.mark.parametrize("groups", [(), (0, HOTEL)], ids=["nothing", "everybody and one"])
def test_a_row_needs_everybody_or_some(author: Client, host: InMemoryPlatform, groups: tuple[int, ...]) -> None:
    response = reviewed(author, ticked(form_of(author.get(PAGE)), "sequential@hotel", *groups))
    assert response.status_code == 400
    assert "utop-matrix__row--marked" in response.content.decode()
    # The row and its section; the page to begin with has none unfolded.
    assert response.content.decode().count('<details class="utop-matrix__fold" open>') == 2
    assert set(form_of(response)["cell"]) >= {f"sequential@hotel|{group}" for group in groups}
    assert groups_of(host, "hotel") == {HOTEL}


def test_nothing_forged_closes_a_block_to_everybody(author: Client, host: InMemoryPlatform) -> None:
    form = form_of(author.get(PAGE))
    mine = json.dumps({"sequential@hotel": []})
    assert author.post(f"{PAGE}write/", {"base": form["base"], "mine": mine}).status_code == 200
    assert groups_of(host, "hotel") == {HOTEL}


@pytest.mark.parametrize("junk", ["", "[", "[1]", '{"a": 1}', '{"a": ["x"]}', "[" * 100_000])
def test_junk_leads_back_to_the_table(author: Client, junk: str) -> None:
    assert author.post(PAGE, {"base": junk, "mine": "{}"}).status_code == 302


def test_each_section_is_a_part_of_the_table_that_says_how_much_it_holds(author: Client) -> None:
    page = author.get(PAGE, headers={"Accept-Language": "en"}).content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert table.index("3 subsections") < table.index("Other trades") < table.index("Guichet")
    assert '<details class="utop-matrix__fold" open>' not in page


@pytest.mark.parametrize(("number", "is_open"), [(8, True), (9, False)])
def test_many_changes_are_folded_on_a_phone(number: int, is_open: bool) -> None:
    lines = [ChangeLine(f"Module {rank}", "Hôtellerie", "Banque") for rank in range(number)]
    page = render_to_string("openedx_utop/sectors/authoring/changes.html", {"lines": lines})
    assert ('<details class="utop-fold" open>' in page) is is_open
    assert page.count('<th scope="row">') == number


def test_units_open_without_losing_ticks(author: Client) -> None:
    form = ticked(form_of(author.get(PAGE)), "sequential@tronc", BANK)
    response = author.post(PAGE, {**form, "open": "sequential@hotel"})
    fields = form_of(response)
    assert {"vertical@hotel_u|0", f"sequential@tronc|{BANK}"} <= set(fields["cell"])
    closed = form_of(author.post(PAGE, {**ticked(fields, "vertical@hotel_u", HOTEL), "open": "sequential@hotel"}))
    assert "vertical@hotel_u" not in closed["rows"]
    assert json.loads(closed["mine"])["vertical@hotel_u"] == [HOTEL]


def test_a_unit_with_other_changes_is_left_a_draft_and_said(author: Client) -> None:
    form = form_of(author.post(PAGE, {**form_of(author.get(PAGE)), "open": "sequential@guichet"}))
    response = author.post(
        f"{PAGE}write/", form_of(reviewed(author, ticked(form, "vertical@guichet_u", BANK))), follow=True
    )
    assert [str(said) for said in response.context["messages"] if "Guichet_U" in str(said)]


def test_two_authors_at_once_lose_nothing(author: Client, host: InMemoryPlatform) -> None:
    colleague = signed_in(COLLEAGUE)
    mine = ticked(form_of(author.get(PAGE)), "sequential@tronc", HOTEL)
    theirs = ticked(form_of(colleague.get(PAGE)), "sequential@hotel", 0)
    my_review = form_of(reviewed(author, mine))
    write(colleague, theirs)
    conflict = author.post(f"{PAGE}write/", my_review)
    assert conflict.status_code == 409
    assert (groups_of(host, "tronc"), groups_of(host, "hotel")) == (None, None)
    again = form_of(conflict)
    assert {f"sequential@tronc|{HOTEL}", "sequential@hotel|0"} <= set(again["cell"])
    write(author, again)
    assert (groups_of(host, "tronc"), groups_of(host, "hotel")) == ({HOTEL}, None)


def test_a_row_that_both_changed_is_marked(author: Client) -> None:
    colleague = signed_in(COLLEAGUE)
    mine = ticked(form_of(author.get(PAGE)), "sequential@hotel", BANK)
    write(colleague, ticked(form_of(colleague.get(PAGE)), "sequential@hotel", 0))
    response = reviewed(author, mine)
    assert response.status_code == 409
    assert 'id="sequential@hotel" class="utop-matrix__row utop-matrix__row--2 utop-matrix__row--marked"' in (
        response.content.decode()
    )


def test_a_track_is_copied_for_another(author: Client, host: InMemoryPlatform) -> None:
    form = {**form_of(author.get(PAGE)), "action": "copy", "source": HOTEL, "target": BANK}
    author.post(f"{PAGE}write/", form_of(author.post(PAGE, form)))
    assert (groups_of(host, "hotel"), groups_of(host, "guichet")) == ({HOTEL, BANK}, {BANK})
    assert TrackPlanVersion.objects.order_by("number").values_list("origin", flat=True).last() == "copied"
    assert author.post(PAGE, {**form, "target": HOTEL}).status_code == 409
    assert author.post(PAGE, {**form_of(author.get(PAGE)), "action": "copy"}).status_code == 400


def test_tracks_are_made_with_their_groups(author: Client, host: InMemoryPlatform) -> None:
    for _click in range(2):
        author.post(f"{PAGE}tracks/", {"sector": ["sante", "no-such"]})
    assert [group.name for group in host.authored[COURSE].groups] == ["Hôtellerie", "Banque", "Santé", undecided_name()]
    assert tracks_of(COURSE)["sante"] == "Santé"


def test_namesakes_have_groups_of_their_own(author: Client, host: InMemoryPlatform) -> None:
    define_sector("banque-detail", name="Banque", parent="hotel")
    author.post(f"{PAGE}tracks/", {"sector": ["banque-detail"]})
    assert tracks_of(COURSE)["banque-detail"] == "Banque (banque-detail)"
    assert [group.name for group in host.authored[COURSE].groups][2:] == ["Banque (banque-detail)", undecided_name()]


def test_a_rerun_finds_its_groups_again_by_name(author: Client, host: InMemoryPlatform) -> None:
    Track.objects.all().delete()
    author.post(f"{PAGE}tracks/", {"sector": ["hotel", "banque"]})
    assert [group.name for group in host.authored[COURSE].groups] == ["Hôtellerie", "Banque", undecided_name()]
    assert tracks_of(COURSE) == {"hotel": "Hôtellerie", "banque": "Banque"}


def test_a_renamed_group_keeps_its_sector(author: Client, host: InMemoryPlatform) -> None:
    author.post(f"{PAGE}names/", {"group": HOTEL, "name": "Hôtels"})
    assert tracks_of(COURSE)["hotel"] == "Hôtels"
    author.post(f"{PAGE}names/", {"group": HOTEL, "name": "Banque"})
    assert [group.name for group in host.authored[COURSE].groups] == ["Hôtels", "Banque"]


def test_what_stands_between_the_course_and_its_tracks_is_said_first(author: Client, host: InMemoryPlatform) -> None:
    assert "utop-conflict" not in author.get(PAGE).content.decode()
    host.other_cohorts[COURSE] = (Cohort("Promotion A", None, is_automatic=False, is_populated=True),)
    host.divided.add(COURSE)
    host.switched.add(COURSE)
    page = author.get(PAGE).content.decode()
    kinds = re.findall(r'utop-notice--(\w+)" id="utop-conflict-(\w+)"', page)
    assert kinds == [("bad", "cohorts"), ("bad", "discussions"), ("warn", "teams")]
    assert "Promotion A" in page


def test_the_preview_shows_a_track_and_what_undecided_learners_see(author: Client) -> None:
    hotel, undecided = (words(author.get(f"{PAGE}preview/", {"group": group})) for group in (HOTEL, ""))
    assert ("Hotel" in hotel, "Guichet" in hotel, "Tronc" in hotel) == (True, False, True)
    assert ("Hotel" in undecided, "Tronc" in undecided) == (False, True)


def test_versions_differ_and_are_restored(author: Client, host: InMemoryPlatform) -> None:
    write(author, ticked(form_of(author.get(PAGE)), "sequential@tronc", HOTEL))
    write(author, ticked(form_of(author.get(PAGE)), "sequential@hotel", 0))
    assert list(TrackPlanVersion.objects.order_by("number").values_list("origin", flat=True)) == [
        "found", "ticked", "ticked"
    ]  # fmt: skip
    page = author.get(f"{PAGE}versions/", {"from": 1, "to": 3})
    assert [line.title for line in page.context["lines"]] == ["Tronc", "Hotel"]
    back = author.post(f"{PAGE}restore/", {"number": 1})
    author.post(f"{PAGE}write/", form_of(back))
    assert (groups_of(host, "tronc"), groups_of(host, "hotel")) == (None, {HOTEL})
    assert TrackPlanVersion.objects.order_by("number").last().origin == "restored"  # type: ignore[union-attr]
    assert author.post(f"{PAGE}restore/", {"number": 99}).status_code == 404


def test_what_was_set_elsewhere_is_a_version_too(author: Client, host: InMemoryPlatform) -> None:
    write(author, ticked(form_of(author.get(PAGE)), "sequential@tronc", HOTEL))
    host.restrict(COURSE, {COURSE.make_usage_key("sequential", "hotel"): frozenset({BANK})}, by=1)
    write(author, ticked(form_of(author.get(PAGE)), "sequential@tronc", 0))
    assert list(TrackPlanVersion.objects.order_by("number").values_list("origin", flat=True)) == [
        "found", "ticked", "found", "ticked"
    ]  # fmt: skip
