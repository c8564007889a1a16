"""Piped into the `shell` of an LMS: traps of cohorts and threads, on a course made for them and taken away again."""

import logging
import traceback
from functools import partial
from threading import Barrier, Thread
from types import SimpleNamespace
from uuid import uuid4

import crum
from common.djangoapps.student.models import CourseEnrollment, UserProfile
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from lms.djangoapps.courseware.masquerade import MASQUERADE_SETTINGS_KEY
from openedx.core.djangoapps.course_groups import cohorts
from openedx.core.djangoapps.course_groups.models import CohortMembership, CourseCohort, CourseUserGroup
from openedx.core.djangoapps.django_comment_common.models import CourseDiscussionSettings
from xmodule.modulestore import ModuleStoreEnum
from xmodule.modulestore.django import modulestore
from xmodule.partitions.partitions import Group, UserPartition

from openedx_utop.compat import platform
from openedx_utop.models import Sector, SectorChoice, Track
from openedx_utop.sectors import api

logging.disable(logging.CRITICAL)
MARK = uuid4().hex[:8]
LEARNER = get_user_model().objects.create(username=f"utop-{MARK}", email=f"{MARK}@example.org")
UserProfile.objects.create(user=LEARNER, name="Ada")
SECTORS = [Sector.objects.create(slug=f"{name}-{MARK}", name=name) for name in ("hotel", "sante")]


def course():
    """With two content groups, their tracks, and the learner enrolled."""
    store = modulestore()
    made = store.create_course("utop", MARK, uuid4().hex[:8], LEARNER.pk, fields={"display_name": "Traps"})
    groups = [Group(101, "hotel"), Group(102, "sante")]
    with store.branch_setting(ModuleStoreEnum.Branch.draft_preferred, made.id):
        partition = UserPartition(1001, "Groups", "", groups, UserPartition.get_scheme("cohort"))
        made.user_partitions = [partition]
        store.update_item(made, LEARNER.pk)
    for sector in SECTORS:
        Track.objects.create(course_key=made.id, sector=sector, group_name=sector.name)
    CourseEnrollment.enroll(LEARNER, made.id, mode="audit")
    return made.id


def choose(key, name):
    api.choose_sector(LEARNER.pk, key, f"{name}-{MARK}", chosen_by=LEARNER.pk, now=timezone.now())


def cohort():
    return CohortMembership.objects.get(user=LEARNER).course_user_group


def undecided_learners_are_not_put_into_a_default_group(key):
    assert cohorts.get_cohort(LEARNER, key).name == api.undecided_name()
    assert not CourseUserGroup.objects.filter(course_id=key, name=cohorts.DEFAULT_COHORT_NAME).exists()


def the_forum_is_not_divided(key):
    choose(key, "hotel")
    assert CourseDiscussionSettings.get(key).division_scheme == CourseDiscussionSettings.NONE


def nobody_is_taken_out_of_a_cohort_that_serves_another_purpose(key):
    cohorts.add_user_to_cohort(cohorts.add_cohort(key, "Promotion A", CourseCohort.MANUAL), LEARNER)
    try:
        choose(key, "hotel")
    except api.CohortsInUse:
        assert cohort().name == "Promotion A"
        assert not SectorChoice.objects.filter(user_id=LEARNER.pk).exists()
    else:
        raise AssertionError


def a_cohort_of_somebody_elses_with_the_name_of_a_track_is_left_to_them(key):
    cohorts.add_cohort(key, "hotel", CourseCohort.MANUAL)
    choose(key, "hotel")
    assert cohort().name == "hotel (2)"


def a_renamed_cohort_is_still_the_tracks(key):
    choose(key, "hotel")
    CourseUserGroup.objects.filter(pk=cohort().pk).update(name="Renamed")
    choose(key, "sante")
    choose(key, "hotel")
    assert cohort().name == "Renamed"


def a_move_made_around_the_product_is_recorded(key):
    choose(key, "hotel")
    choose(key, "sante")
    cohorts.add_user_to_cohort(cohorts.get_cohort_by_name(key, "hotel"), LEARNER)
    assert api.learner_sector(LEARNER.pk, key).name == "hotel"


def a_silent_removal_is_made_good(key):
    choose(key, "hotel")
    CohortMembership.objects.get(user=LEARNER).delete()
    api.keep_in_step(LEARNER.pk, key)
    assert cohort().name == "hotel"


def at_once(*calls):
    """Each in a thread, and so a connection, of its own; what they raised."""
    ready, raised = Barrier(len(calls)), []

    def run(call):
        ready.wait()
        try:
            call()
        except Exception as error:  # noqa: BLE001 - told to the trap
            raised.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def two_clicks_at_once_end_in_the_choice_that_holds(key):
    for _round in range(5):
        assert at_once(lambda: choose(key, "hotel"), lambda: choose(key, "sante")) == []
        assert cohort().name == api.learner_sector(LEARNER.pk, key).name


def two_learners_who_are_a_trades_first_share_a_cohort(key):
    group = next(group for group in platform().content_groups(key) if group.name == "hotel")
    platform().gather_undecided(key, "undecided", None)
    others = [get_user_model().objects.create(username=f"{MARK}-{n}", email=f"{MARK}-{n}@example.org") for n in (1, 2)]
    try:
        for other in others:
            UserProfile.objects.create(user=other, name="Bo")
        calls = [partial(platform().place_in_group, other.pk, key, group) for other in others]
        assert at_once(*calls) == []
        found = CohortMembership.objects.filter(course_id=key).values_list("course_user_group__name", flat=True)
        assert list(found) == ["hotel", "hotel"]
    finally:
        for other in others:
            other.delete()


def time_counts_for_who_asks_whatever_another_thread_does_to_the_runtime(key):
    """The modulestore lends one set of services to all threads."""
    request = RequestFactory().get("/")
    request.user, request.session = LEARNER, {}
    somebody = SimpleNamespace(opt_attrs={"edx-platform.user_id": LEARNER.pk + 1})
    runtime = SimpleNamespace(service=lambda *_: SimpleNamespace(get_current_user=lambda: somebody))
    block = SimpleNamespace(runtime=runtime, scope_ids=SimpleNamespace(usage_id=key.make_usage_key("vertical", "u")))
    crum.set_current_request(request)
    try:
        assert platform().counted_learner(block) == LEARNER.pk
        request.session = {MASQUERADE_SETTINGS_KEY: {key: None}}
        assert platform().counted_learner(block) is None
    finally:
        crum.set_current_request(None)


TRAPS = [
    undecided_learners_are_not_put_into_a_default_group,
    the_forum_is_not_divided,
    nobody_is_taken_out_of_a_cohort_that_serves_another_purpose,
    a_cohort_of_somebody_elses_with_the_name_of_a_track_is_left_to_them,
    a_renamed_cohort_is_still_the_tracks,
    a_move_made_around_the_product_is_recorded,
    a_silent_removal_is_made_good,
    two_clicks_at_once_end_in_the_choice_that_holds,
    two_learners_who_are_a_trades_first_share_a_cohort,
    time_counts_for_who_asks_whatever_another_thread_does_to_the_runtime,
]
try:
    for trap in TRAPS:
        key = course()
        try:
            trap(key)
            print(f"TRAP {trap.__name__} ok")
        except Exception:  # noqa: BLE001 - each trap has its turn
            print(f"TRAP {trap.__name__} failed", traceback.format_exc().replace("\n", " | "))
        finally:
            modulestore().delete_course(key, LEARNER.pk)
            CourseUserGroup.objects.filter(course_id=key).delete()
            CourseEnrollment.objects.filter(course_id=key).delete()
            Track.objects.filter(course_key=key).delete()
            SectorChoice.objects.filter(course_key=key).delete()
finally:
    Sector.objects.filter(pk__in=[sector.pk for sector in SECTORS]).delete()
    LEARNER.delete()
