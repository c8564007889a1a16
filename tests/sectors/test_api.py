"""The tree, the proposal, and the learner's choice."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.core.cache import cache
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import ContentGroup
from openedx_utop.organizations.api import Situation, declare_employer, declare_without_company
from openedx_utop.sectors.api import (
    Confidence,
    NotEnrolled,
    ProposalMethod,
    ProposalStatus,
    SectorInUse,
    SectorLoop,
    Table,
    TrackUnavailable,
    UnknownSector,
    choose_sector,
    define_sector,
    forget_learner,
    has_track,
    import_rules,
    learner_sector,
    offered_sectors,
    proposal,
    remove_sector,
    sectors,
    set_track,
)
from openedx_utop.sectors.models import SectorChoice, Track
from tests.host import InMemoryPlatform
from tests.sectors.conftest import LEARNER, NOW, SIRET, employ

OTHER_COURSE = CourseKey.from_string("course-v1:utop+autre+2027")
ADVISER = 90


def choose(slug: str, course: CourseKey, *, by: int = LEARNER) -> str:
    return choose_sector(LEARNER, course, slug, chosen_by=by, now=NOW).slug


def choices() -> list[tuple[int, str, str, int]]:
    rows = SectorChoice.objects.order_by("rank")
    return [(row.rank, row.sector.slug, row.method, row.chosen_by) for row in rows]


def test_offered_are_the_trades_with_a_track_their_own_or_inherited(course: CourseKey) -> None:
    assert [sector.slug for sector in offered_sectors(course)] == ["alimentaire", "hotel", "traiteur", "sante"]


def test_a_withdrawn_sector_is_offered_no_more(course: CourseKey) -> None:
    define_sector("sante", name="Santé", is_offered=False)
    assert "sante" not in [sector.slug for sector in offered_sectors(course)]
    with pytest.raises(TrackUnavailable):
        choose("sante", course)


def test_who_holds_a_withdrawn_sector_keeps_it(course: CourseKey, host: InMemoryPlatform) -> None:
    choose("sante", course)
    define_sector("sante", name="Santé", is_offered=False)
    assert choose("sante", course) == "sante"
    held = learner_sector(LEARNER, course)
    assert held is not None
    assert (held.slug, held.is_offered, has_track(LEARNER, course)) == ("sante", False, True)


def test_a_company_with_one_trade_leads_to_it(course: CourseKey) -> None:
    employ(LEARNER, idccs=["1979"], register_naf="86.10Z")
    found = proposal(LEARNER, course, now=NOW)
    assert found.status is ProposalStatus.RESOLVED
    assert found.sector is not None
    assert found.sector.slug == "hotel"
    assert [sector.slug for sector in found.candidates] == ["alimentaire", "hotel", "traiteur", "sante"]
    assert found.message


def test_a_company_of_several_trades_leaves_the_choice_among_them(course: CourseKey) -> None:
    import_rules(["idcc;1979;alimentaire;2020-01-01"], today=NOW.date())
    employ(LEARNER, idccs=["1979"])
    found = proposal(LEARNER, course, now=NOW)
    assert (found.status, found.sector) == (ProposalStatus.AMBIGUOUS, None)
    assert [sector.slug for sector in found.candidates] == ["alimentaire", "hotel"]


def test_the_opco_of_an_agreement_leads_to_its_trade(course: CourseKey) -> None:
    import_rules(["2120;ATLAS;2019-07-19"], table=Table.OPCOS, today=NOW.date())
    import_rules(["opco;OPCO Atlas;alimentaire;2020-01-01"], today=NOW.date())
    employ(LEARNER, idccs=["2120"], register_naf="86.10Z")
    found = proposal(LEARNER, course, now=NOW)
    assert (found.sector and found.sector.slug, found.method) == ("alimentaire", ProposalMethod.OPCO)
    assert found.confidence is Confidence.MEDIUM


def test_an_agreement_that_the_tables_lack_is_logged_once(course: CourseKey, caplog: pytest.LogCaptureFixture) -> None:
    employ(LEARNER, idccs=["3248"])
    cache.clear()
    for _ in range(2):
        assert proposal(LEARNER, course, now=NOW).status is ProposalStatus.UNRESOLVED
    assert [record.getMessage() for record in caplog.records if "3248" in record.getMessage()] == [
        "No rule and no OPCO for the collective agreement 3248"
    ]


def test_what_the_staff_has_set_is_what_is_proposed(course: CourseKey) -> None:
    employ(LEARNER, idccs=["1979"])
    choose("sante", course, by=ADVISER)
    found = proposal(LEARNER, course, now=NOW)
    assert (found.status, found.sector and found.sector.slug) == (ProposalStatus.OVERRIDDEN, "sante")
    assert (found.method, found.decided_by) == (ProposalMethod.MANUAL, ADVISER)
    choose("hotel", course)
    assert choices()[-1] == (2, "hotel", "company", LEARNER)
    assert proposal(LEARNER, course, now=NOW).status is ProposalStatus.RESOLVED


def test_branches_are_offered_under_what_is_offered_above_them(course: CourseKey) -> None:
    assert [(each.slug, each.level) for each in offered_sectors(course)][1:3] == [("hotel", 0), ("traiteur", 1)]
    define_sector("hotel", name="Hôtellerie et restauration", is_offered=False)
    assert ("traiteur", 0, None) in [(each.slug, each.level, each.parent) for each in offered_sectors(course)]
    employ(LEARNER, idccs=["1979"])
    found = proposal(LEARNER, course, now=NOW).sector
    assert found is not None
    assert found.slug == "traiteur"


def test_several_agreements_of_one_trade_are_one_trade(course: CourseKey) -> None:
    employ(LEARNER, idccs=["1979", "1501", "9999"])
    found = proposal(LEARNER, course, now=NOW)
    assert (found.status, found.sector and found.sector.slug) == (ProposalStatus.RESOLVED, "hotel")
    assert (found.method, found.confidence) == (ProposalMethod.IDCC, Confidence.HIGH)


def test_old_facts_are_trusted_less(course: CourseKey) -> None:
    employ(LEARNER, idccs=["1979"], fetched_at=NOW - timedelta(days=90))
    assert proposal(LEARNER, course, now=NOW).confidence is Confidence.MEDIUM


def test_a_masked_name_does_not_hide_the_trade(course: CourseKey) -> None:
    employ(LEARNER, idccs=["1979"], is_diffusible=False)
    found = proposal(LEARNER, course, now=NOW)
    assert (found.status, found.sector and found.sector.slug) == (ProposalStatus.NON_DIFFUSIBLE, "hotel")
    assert "masque" in found.message


def test_a_declared_agreement_is_flagged(course: CourseKey) -> None:
    declare_employer(LEARNER, SIRET, idcc="1979", now=NOW)
    found = proposal(LEARNER, course, now=NOW)
    assert (found.status, found.sector and found.sector.slug) == (ProposalStatus.DECLARED, "hotel")
    assert found.confidence is Confidence.LOW
    choose("hotel", course)
    assert choices() == [(1, "hotel", "company", LEARNER)]


def test_a_closed_company_proposes_nothing_and_refuses_nothing(course: CourseKey) -> None:
    employ(LEARNER, idccs=["1979"], is_site_open=False)
    found = proposal(LEARNER, course, now=NOW)
    assert (found.status, found.sector, len(found.candidates)) == (ProposalStatus.CLOSED, None, 4)
    choose("hotel", course)


def test_a_register_that_does_not_answer_leaves_the_whole_list(course: CourseKey) -> None:
    declare_employer(LEARNER, SIRET, now=NOW)
    found = proposal(LEARNER, course, now=NOW)
    assert (found.status, found.sector, len(found.candidates)) == (ProposalStatus.UNAVAILABLE, None, 4)


def test_who_has_no_company_is_told_what_to_do(course: CourseKey) -> None:
    before = proposal(LEARNER, course, now=NOW)
    declare_without_company(LEARNER, Situation.JOB_SEEKER, now=NOW)
    after = proposal(LEARNER, course, now=NOW)
    assert before.status is after.status is ProposalStatus.UNRESOLVED
    assert before.message != after.message


def test_each_silence_of_the_company_has_its_own_sentence(course: CourseKey) -> None:
    without_company = proposal(LEARNER, course, now=NOW)
    employ(LEARNER, register_naf="14.13Z")
    without_match = proposal(LEARNER, course, now=NOW)
    without_tracks = proposal(LEARNER, OTHER_COURSE, now=NOW)
    found = (without_company, without_match, without_tracks)
    assert {one.status for one in found} == {ProposalStatus.UNRESOLVED}
    assert len({one.message for one in found}) == 3
    assert without_tracks.candidates == ()


def test_a_choice_is_recorded_and_carried_to_the_platform(course: CourseKey, host: InMemoryPlatform) -> None:
    assert not has_track(LEARNER, course)
    assert learner_sector(LEARNER, course) is None
    assert choose("sante", course) == "sante"
    held = learner_sector(LEARNER, course)
    assert held is not None
    assert (held.slug, host.placements[(LEARNER, course)].name) == ("sante", "Santé")
    assert has_track(LEARNER, course)
    assert choices() == [(1, "sante", "learner", LEARNER)]


def test_a_branch_without_a_track_follows_that_of_its_parent(course: CourseKey, host: InMemoryPlatform) -> None:
    choose("traiteur", course)
    assert host.placements[(LEARNER, course)].name == "Hôtellerie"
    assert has_track(LEARNER, course)


def test_saying_it_again_changes_nothing(course: CourseKey) -> None:
    choose("sante", course)
    choose("sante", course)
    assert choices() == [(1, "sante", "learner", LEARNER)]


def test_saying_it_again_heals_a_group_the_platform_lost(course: CourseKey, host: InMemoryPlatform) -> None:
    choose("sante", course)
    host.placements.clear()
    choose("sante", course)
    assert host.placements[(LEARNER, course)].name == "Santé"


def test_a_change_adds_a_row_and_who_decided_is_told(course: CourseKey, host: InMemoryPlatform) -> None:
    employ(LEARNER, idccs=["1979"])
    choose("sante", course)
    choose("hotel", course)
    choose("sante", course, by=ADVISER)
    assert choices() == [(1, "sante", "learner", 7), (2, "hotel", "company", 7), (3, "sante", "staff", ADVISER)]
    assert host.placements[(LEARNER, course)].name == "Santé"


def test_a_stranger_to_the_course_is_refused(course: CourseKey, host: InMemoryPlatform) -> None:
    host.enrolments.clear()
    with pytest.raises(NotEnrolled):
        choose("sante", course)
    assert choices() == []


@pytest.mark.parametrize("slug", ["", "inconnu", "SANTE", "\x00"])
def test_an_unknown_sector_is_refused(course: CourseKey, slug: str) -> None:
    with pytest.raises(UnknownSector):
        choose(slug, course)


def test_a_trade_without_a_track_in_the_course_is_refused(course: CourseKey) -> None:
    with pytest.raises(TrackUnavailable):
        choose("banque", course)


def test_a_missing_content_group_is_refused_before_anything_is_written(
    course: CourseKey, host: InMemoryPlatform
) -> None:
    host.groups.clear()
    with pytest.raises(TrackUnavailable):
        choose("sante", course)
    assert choices() == []


class OvertakenPlatform(InMemoryPlatform):
    """While the first choice is carried out, the learner makes another one."""

    def place_in_group(self, user_id: int, course_key: CourseKey, group: ContentGroup) -> None:
        if not self.placements:
            self.placements[(user_id, course_key)] = group
            choose_sector(user_id, course_key, "hotel", chosen_by=user_id, now=NOW + timedelta(seconds=1))
        super().place_in_group(user_id, course_key, group)


def test_the_last_choice_holds_on_the_platform_too(course: CourseKey, host: InMemoryPlatform) -> None:
    host.__class__ = OvertakenPlatform
    try:
        assert choose("sante", course) == "hotel"
    finally:
        host.__class__ = InMemoryPlatform
    assert [slug for _rank, slug, _method, _by in choices()] == ["sante", "hotel"]
    assert host.placements[(LEARNER, course)].name == "Hôtellerie"


class CountingPlatform(InMemoryPlatform):
    """Content groups come out of the course's structure, which takes the platform longer than its cohorts do."""

    readings = 0

    def content_groups(self, course_key: CourseKey) -> Sequence[ContentGroup]:
        self.readings += 1
        return super().content_groups(course_key)


def test_a_move_reads_the_course_once(course: CourseKey, host: InMemoryPlatform, django_assert_num_queries) -> None:
    choose("sante", course)
    host.__class__ = CountingPlatform
    try:
        # The tree, the tracks and their levels, what is held before and after, and the new row in its savepoint.
        with django_assert_num_queries(5 + 3):
            choose_sector(LEARNER, course, "hotel", chosen_by=99, now=NOW)
        assert getattr(host, "readings", 0) == 1
    finally:
        host.__class__ = InMemoryPlatform


def test_a_course_without_tracks_asks_for_no_sector(course: CourseKey) -> None:
    assert has_track(LEARNER, OTHER_COURSE)


def test_a_track_taken_away_is_a_track_no_more(course: CourseKey) -> None:
    choose("sante", course)
    Track.objects.filter(sector__slug="sante").delete()
    assert not has_track(LEARNER, course)


def test_a_sector_that_is_held_stays(course: CourseKey) -> None:
    choose("sante", course)
    with pytest.raises(SectorInUse):
        remove_sector("sante")
    held = learner_sector(LEARNER, course)
    assert held is not None
    assert held.slug == "sante"


def test_a_sector_that_nothing_holds_goes(course: CourseKey) -> None:
    remove_sector("banque")
    assert "banque" not in [sector.slug for sector in sectors()]
    with pytest.raises(UnknownSector):
        remove_sector("banque")


def test_the_tree_has_no_loop_and_no_orphan(course: CourseKey) -> None:
    with pytest.raises(SectorLoop):
        define_sector("hotel", name="Hôtellerie", parent="traiteur")
    with pytest.raises(SectorLoop):
        define_sector("hotel", name="Hôtellerie", parent="hotel")
    with pytest.raises(UnknownSector):
        define_sector("bar", name="Bars", parent="inconnu")


def test_a_track_of_an_unknown_sector_is_refused(course: CourseKey) -> None:
    with pytest.raises(UnknownSector):
        set_track(course, "inconnu", "Groupe")


def test_forgetting_a_learner_leaves_the_others(course: CourseKey, host: InMemoryPlatform) -> None:
    host.enrolments.add((8, course))
    choose("sante", course)
    choose_sector(8, course, "hotel", chosen_by=8, now=NOW)
    forget_learner(LEARNER)
    assert learner_sector(LEARNER, course) is None
    assert learner_sector(8, course) is not None
