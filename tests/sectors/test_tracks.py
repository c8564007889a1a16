"""Tracks on a platform whose cohorts others use, too."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from opaque_keys.edx.keys import CourseKey
from openedx_events.content_authoring.data import CourseData as StudioCourse
from openedx_events.content_authoring.signals import COURSE_RERUN_COMPLETED
from openedx_events.learning.data import CohortData, CourseData, UserData, UserPersonalData
from openedx_events.learning.signals import COHORT_MEMBERSHIP_CHANGED
from openedx_filters.learning.filters import CohortChangeRequested

from openedx_utop.compat import Cohort, ContentGroup
from openedx_utop.sectors import api
from openedx_utop.sectors.checks import check_teams_switch
from openedx_utop.sectors.models import SectorChoice
from openedx_utop.sectors.moves import NOBODY
from tests.host import InMemoryPlatform
from tests.sectors.conftest import LEARNER, NOW

pytestmark = pytest.mark.django_db
OTHER = 8
TEACHER = 99


def choose(course: CourseKey, slug: str, user_id: int = LEARNER) -> None:
    api.choose_sector(user_id, course, slug, chosen_by=user_id, now=NOW)


def decisions(course: CourseKey, user_id: int = LEARNER) -> list[tuple[str, str, int]]:
    rows = SectorChoice.objects.filter(course_key=course, user_id=user_id).order_by("rank")
    return list(rows.values_list("sector__slug", "method", "chosen_by"))


def group(host: InMemoryPlatform, course: CourseKey, name: str) -> ContentGroup:
    return next(each for each in host.groups[course] if each.name == name)


@pytest.fixture
def moved(host: InMemoryPlatform, course: CourseKey, django_capture_on_commit_callbacks) -> Iterator:
    """Move the learner as the platform does: the event before the row, and the rest after the commit."""

    def move(name: str, *, is_lost: bool = False) -> None:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            person = UserPersonalData(username="ada", email="ada@example.org", name="Ada")
            COHORT_MEMBERSHIP_CHANGED.send_event(
                cohort=CohortData(
                    user=UserData(id=LEARNER, is_active=True, pii=person),
                    course=CourseData(course_key=course),
                    name=name,
                )
            )
            if not is_lost:
                host.placements[(LEARNER, course)] = group(host, course, name)

    return move


def test_the_first_choice_turns_cohorts_on_with_a_place_for_the_undecided(
    course: CourseKey, host: InMemoryPlatform
) -> None:
    choose(course, "hotel")
    assert host.is_cohorted(course)
    assert host.other_cohorts[course] == (Cohort(api.undecided_name(), None, is_automatic=True, is_populated=False),)


def test_the_undecided_see_the_content_group_that_is_made_for_them(course: CourseKey, host: InMemoryPlatform) -> None:
    host.groups[course] = (*host.groups[course], ContentGroup(50, 9, api.undecided_name()))
    choose(course, "hotel")
    assert host.other_cohorts[course][0].group == (50, 9)


def test_the_group_for_the_undecided_keeps_its_name_when_the_installation_changes_language(
    course: CourseKey, host: InMemoryPlatform, settings
) -> None:
    settings.LANGUAGE_CODE = "en"
    english = api.undecided_name()
    settings.LANGUAGE_CODE = "fr"
    assert api.undecided_name() != english
    host.groups[course] = (*host.groups[course], ContentGroup(50, 9, english))
    choose(course, "hotel")
    assert host.other_cohorts[course][0].group == (50, 9)


def test_the_platforms_own_default_group_is_taken_over_and_its_members_may_choose(
    course: CourseKey, host: InMemoryPlatform
) -> None:
    host.cohorted.add(course)
    host.other_cohorts[course] = (Cohort("Default Group", None, is_automatic=True, is_populated=True),)
    host.elsewhere[(LEARNER, course)] = "Default Group"
    choose(course, "hotel")
    assert host.placements[(LEARNER, course)].name == "Hôtellerie"
    assert [cohort.name for cohort in host.other_cohorts[course]] == ["Default Group"]


@pytest.mark.parametrize(
    "cohort",
    [
        Cohort("Promotion A", None, is_automatic=False, is_populated=True),
        Cohort("Visioconférence", (50, 77), is_automatic=False, is_populated=True),
    ],
)
def test_cohorts_that_serve_another_purpose_are_not_taken_over(
    course: CourseKey, host: InMemoryPlatform, cohort: Cohort
) -> None:
    host.other_cohorts[course] = (cohort,)
    with pytest.raises(api.CohortsInUse, match=cohort.name):
        choose(course, "hotel")
    assert not host.is_cohorted(course)
    assert decisions(course) == []
    assert [conflict.kind for conflict in api.track_conflicts(course)] == [api.ConflictKind.COHORTS]


def test_two_automatic_cohorts_are_a_purpose(course: CourseKey, host: InMemoryPlatform) -> None:
    host.other_cohorts[course] = tuple(
        Cohort(name, None, is_automatic=True, is_populated=True) for name in ("Groupe 1", "Groupe 2")
    )
    with pytest.raises(api.CohortsInUse, match="Groupe 1, Groupe 2"):
        choose(course, "hotel")


def test_an_empty_cohort_of_somebody_else_stands_in_nobodys_way(course: CourseKey, host: InMemoryPlatform) -> None:
    host.other_cohorts[course] = (Cohort("Promotion A", None, is_automatic=False, is_populated=False),)
    choose(course, "hotel")
    assert host.is_cohorted(course)


def test_a_divided_forum_is_not_divided_by_trade(course: CourseKey, host: InMemoryPlatform) -> None:
    host.divided.add(course)
    with pytest.raises(api.CohortsInUse):
        choose(course, "hotel")
    assert [conflict.kind for conflict in api.track_conflicts(course)] == [api.ConflictKind.DISCUSSIONS]


def test_nobody_is_moved_out_of_another_purposes_cohort(course: CourseKey, host: InMemoryPlatform) -> None:
    choose(course, "hotel")
    host.enrolments.add((OTHER, course))
    host.other_cohorts[course] += (Cohort("Tiers temps", None, is_automatic=False, is_populated=True),)
    host.elsewhere[(OTHER, course)] = "Tiers temps"
    with pytest.raises(api.CohortsInUse):
        choose(course, "sante", OTHER)
    assert decisions(course, OTHER) == []
    assert (OTHER, course) not in host.placements


def test_the_switch_that_hides_every_trade_is_told(course: CourseKey, host: InMemoryPlatform) -> None:
    assert check_teams_switch(None, databases=["default"]) == []
    host.switched.add(course)
    assert [message.id for message in check_teams_switch(None, databases=["default"])] == ["openedx_utop.W040"]
    assert [conflict.blocks for conflict in api.track_conflicts(course)] == [False]


def test_a_move_by_staff_is_recorded_as_theirs_and_grades_follow(
    course: CourseKey, host: InMemoryPlatform, moved
) -> None:
    choose(course, "hotel")
    host.asking = TEACHER
    moved("Santé")
    assert decisions(course) == [("hotel", "learner", LEARNER), ("sante", "staff", TEACHER)]
    assert host.recalculated == [(LEARNER, course)]


def test_a_move_by_a_file_without_a_person_behind_it_is_recorded(
    course: CourseKey, host: InMemoryPlatform, moved
) -> None:
    moved("Santé")
    assert decisions(course) == [("sante", "staff", NOBODY)]


def test_a_first_assignment_that_a_learner_asks_of_the_platform_is_theirs(
    course: CourseKey, host: InMemoryPlatform, moved
) -> None:
    host.asking = LEARNER
    moved("Santé")
    assert decisions(course) == [("sante", "learner", LEARNER)]


def test_the_loser_of_a_race_is_announced_and_not_recorded(course: CourseKey, host: InMemoryPlatform, moved) -> None:
    choose(course, "hotel")
    moved("Santé", is_lost=True)
    assert decisions(course) == [("hotel", "learner", LEARNER)]


def change_cohort(course: CourseKey) -> None:
    from types import SimpleNamespace

    membership = SimpleNamespace(user_id=LEARNER, course_id=course)
    CohortChangeRequested.run_filter(current_membership=membership, target_cohort=SimpleNamespace(name="Santé"))


def test_a_learner_does_not_change_trade_through_the_enrolment_api(course: CourseKey, host: InMemoryPlatform) -> None:
    host.asking = LEARNER
    with pytest.raises(CohortChangeRequested.PreventCohortChange):
        change_cohort(course)


class CohortChangeNotAllowed(Exception):
    """What the platform makes of a refusal, and its enrolment API does not catch."""


def test_that_refusal_is_an_answer_with_a_sentence(course: CourseKey, host: InMemoryPlatform, rf: Any) -> None:
    def enrolment_api(request: Any) -> None:
        try:
            change_cohort(course)
        except CohortChangeRequested.PreventCohortChange as refusal:
            raise CohortChangeNotAllowed(str(refusal)) from refusal

    host.asking, request = LEARNER, rf.post("/api/enrollment/v1/enrollment")
    with pytest.raises(CohortChangeNotAllowed) as raised:
        enrolment_api(request)
    answer = import_string(settings.MIDDLEWARE[-1])(enrolment_api).process_exception(request, raised.value)
    assert (answer.status_code, json.loads(answer.content)["message"]) == (403, str(raised.value))


@pytest.mark.parametrize("asking", [TEACHER, None])
def test_whoever_else_moves_a_learner_may(course: CourseKey, host: InMemoryPlatform, asking: int | None) -> None:
    host.asking = asking
    change_cohort(course)


def test_cohorts_of_a_course_without_tracks_are_none_of_our_business(course: CourseKey, host: InMemoryPlatform) -> None:
    host.asking = LEARNER
    change_cohort(CourseKey.from_string("course-v1:autre+cours+2027"))


class AskingPlatform(InMemoryPlatform):
    """The platform runs its filter when it moves somebody."""

    def place_in_group(self, user_id: int, course_key: CourseKey, group: ContentGroup) -> None:
        change_cohort(course_key)
        super().place_in_group(user_id, course_key, group)


def test_the_learners_choice_itself_passes_the_filter(course: CourseKey, host: InMemoryPlatform) -> None:
    host.asking = LEARNER
    host.__class__ = AskingPlatform
    try:
        choose(course, "hotel")
    finally:
        host.__class__ = InMemoryPlatform
    assert host.placements[(LEARNER, course)].name == "Hôtellerie"


def test_a_learner_taken_out_without_a_word_is_given_back_their_track(
    course: CourseKey, host: InMemoryPlatform
) -> None:
    choose(course, "hotel")
    del host.placements[(LEARNER, course)]
    api.keep_in_step(LEARNER, course)
    assert host.placements[(LEARNER, course)].name == "Hôtellerie"
    assert len(decisions(course)) == 1


def test_a_learner_in_another_track_is_not_moved_before_their_move_is_recorded(
    course: CourseKey, host: InMemoryPlatform
) -> None:
    choose(course, "hotel")
    host.placements[(LEARNER, course)] = group(host, course, "Santé")
    api.keep_in_step(LEARNER, course)
    assert host.placements[(LEARNER, course)].name == "Santé"


@pytest.mark.parametrize("decided", ["sante", "hotel"])
def test_a_move_that_was_never_told_stays_until_an_adviser_decides(
    course: CourseKey, host: InMemoryPlatform, decided: str
) -> None:
    choose(course, "hotel")
    host.placements[(LEARNER, course)] = group(host, course, "Santé")
    for _twice in range(2):
        assert api.reconcile_tracks(course, now=NOW) == 1
    assert host.placements[(LEARNER, course)].name == "Santé"
    listed = [(each.user_id, each.held.slug, each.shown.slug) for each in api.misplaced(course)]
    assert listed == [(LEARNER, "hotel", "sante")]
    api.choose_sector(LEARNER, course, decided, chosen_by=TEACHER, now=NOW)
    assert api.misplaced(course) == ()
    assert api.reconcile_tracks(course, now=NOW) == 0
    assert host.placements[(LEARNER, course)].name == {"sante": "Santé", "hotel": "Hôtellerie"}[decided]


def test_a_choice_that_the_platform_has_not_carried_out_is_carried_out(
    course: CourseKey, host: InMemoryPlatform
) -> None:
    choose(course, "hotel")
    choose(course, "sante")
    host.placements[(LEARNER, course)] = group(host, course, "Hôtellerie")
    assert api.misplaced(course) == ()
    assert api.reconcile_tracks(course, now=NOW) == 1
    assert host.placements[(LEARNER, course)].name == "Santé"


def test_reconciling_puts_back_records_and_leaves_the_unenrolled_alone(
    course: CourseKey, host: InMemoryPlatform
) -> None:
    gone, found = OTHER, OTHER + 1
    for user_id in (gone, found):
        host.enrolments.add((user_id, course))
    choose(course, "hotel")
    choose(course, "sante", gone)
    del host.placements[(LEARNER, course)], host.placements[(gone, course)]
    host.enrolments.remove((gone, course))
    host.placements[(found, course)] = group(host, course, "Alimentaire")
    assert api.reconcile_tracks(course, now=NOW + timedelta(days=1)) == 2
    assert host.placements[(LEARNER, course)].name == "Hôtellerie"
    assert decisions(course, found) == [("alimentaire", "staff", NOBODY)]
    assert (gone, course) not in host.placements
    assert api.reconcile_tracks(course, now=NOW + timedelta(days=2)) == 0


def test_reconciling_takes_nobody_out_of_another_purposes_cohort(course: CourseKey, host: InMemoryPlatform) -> None:
    choose(course, "hotel")
    del host.placements[(LEARNER, course)]
    host.other_cohorts[course] += (Cohort("Tiers temps", None, is_automatic=False, is_populated=True),)
    host.elsewhere[(LEARNER, course)] = "Tiers temps"
    api.reconcile_tracks(course, now=NOW)
    assert (LEARNER, course) not in host.placements


def test_a_re_run_has_the_tracks_whose_groups_it_has(course: CourseKey, host: InMemoryPlatform) -> None:
    again = CourseKey.from_string("course-v1:utop+tpe+2028")
    host.earlier[again] = course
    host.groups[again] = tuple(each for each in host.groups[course] if each.name != "Alimentaire")
    for _twice in range(2):
        COURSE_RERUN_COMPLETED.send_event(course=StudioCourse(course_key=again))
    assert [sector.slug for sector in api.offered_sectors(again)] == ["hotel", "traiteur", "sante"]


def test_a_course_that_is_no_re_run_gets_no_tracks(course: CourseKey, host: InMemoryPlatform) -> None:
    alone = CourseKey.from_string("course-v1:utop+tpe+2029")
    host.groups[alone] = host.groups[course]
    COURSE_RERUN_COMPLETED.send_event(course=StudioCourse(course_key=alone))
    assert api.offered_sectors(alone) == ()
