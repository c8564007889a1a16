"""From a completion to a badge and a certificate, through the events, the tasks and the learner's page."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from completion.models import BlockCompletion
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from openedx_utop import api, receivers, tasks
from openedx_utop.apps import OpenedxUtopConfig
from openedx_utop.attendance.answers import REFUSALS
from openedx_utop.attendance.corrections import api as corrections
from openedx_utop.attendance.data import NothingThere, NotPosted
from openedx_utop.attendance.live import api as live
from openedx_utop.attendance.models import LearnerClock, Presence
from openedx_utop.attestations import api as attestations
from openedx_utop.badges import api as badges
from openedx_utop.badges.models import Achievement, Award, Credential
from openedx_utop.compat import ContentGroup, Course, PathModule, Person, platform
from openedx_utop.organizations.models import Employment, Provider
from openedx_utop.sectors.api import define_sector
from openedx_utop.training.models import TrainingAction
from tests.presences import store_presence

pytestmark = pytest.mark.django_db(transaction=True)

COURSE = CourseKey.from_string("course-v1:UTOP+TPEPME+2027")
SEED = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
MORNING = datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.fixture
def learner():
    """An account of the host."""
    return get_user_model().objects.create_user("camille", email="camille.dupont@example.fr", password="x")


@pytest.fixture
def course(host, learner):
    """A training action with one track, in which the learner has done everything but nothing was awarded yet."""
    host.people[learner.pk] = Person(learner.pk, "camille", "Camille Dupont", "camille.dupont@example.fr", "fr")
    host.courses[COURSE] = Course(COURSE, "Transition numérique", "https://lms.example.org/courses/1")
    host.enrolments.add((learner.pk, COURSE))
    host.groups[COURSE] = (ContentGroup(100, 103, "Hôtellerie et restauration"),)
    provider = Provider.objects.create(name="Organisme d'essai", siret="90000000100017", email="contact@example.org")
    action = TrainingAction.objects.create(
        course_key=COURSE,
        provider=provider,
        title="Transition numérique",
        starts_on=date(2027, 1, 4),
        ends_on=date(2027, 6, 30),
        required_grade=60,
        required_minutes=1,
    )
    Achievement.objects.create(action=action, name="Transition numérique", description="Suivie.", criteria="Tout.")
    define_sector("hotel", name="Hôtellerie et restauration")
    api.set_track(COURSE, "hotel", "Hôtellerie et restauration")
    api.choose_sector(learner.pk, COURSE, "hotel", chosen_by=learner.pk, now=MORNING)
    key = COURSE.make_usage_key("sequential", "tronc_01")
    host.paths[learner.pk, COURSE] = (PathModule(key, "Tronc 1", "Semaine 1", True, MORNING, 1.0, 1.0),)
    host.grades[learner.pk, COURSE] = 100.0
    store_presence(
        user_id=learner.pk,
        course_key=COURSE,
        module_key=key,
        unit_key=COURSE.make_usage_key("vertical", "tronc_01_lecon"),
        client="a",
        start=MORNING,
        end=MORNING + timedelta(minutes=2),
    )
    # The choice was an event, too: what follows is not of its burst.
    cache.clear()
    return action


def complete(learner, name="html"):
    """A completion as the platform stores it."""
    block_key = COURSE.make_usage_key("html", name)
    BlockCompletion.objects.create(
        user=learner, context_key=COURSE, block_key=block_key, block_type="html", completion=1.0
    )


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_a_completion_leads_to_badge_and_certificate(client, course, learner):
    complete(learner)
    (award,) = api.awards_of(learner.pk)
    (credential,) = api.credentials_of(learner.pk)
    (attestation,) = api.attestations_of(learner.pk)
    assert credential.award.uuid == attestation.award_uuid == award.uuid
    client.force_login(learner)
    page = client.get("/utop/").content.decode()
    assert str(credential.uuid) in page
    assert str(attestation.uuid) in page


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_a_certificate_whose_time_is_over_is_not_awaited(client, course, learner):
    complete(learner)
    (attestation,) = api.attestations_of(learner.pk)
    Presence.objects.all().delete()
    attestations.erase_documents_over(now=datetime(2040, 1, 2, tzinfo=UTC), limit=10)
    call_command("utop_reconcile", stdout=io.StringIO())
    client.force_login(learner)
    page = client.get("/utop/", headers={"accept-language": "en"}).content.decode()
    assert f"Your certificate no. {attestation.number} was erased on Jan. 2, 2040" in page
    assert f"/utop/verify/{attestation.uuid}/" in page
    assert "being prepared" not in page
    assert str(api.credentials_of(learner.pk)[0].uuid) in page


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_a_burst_of_events_is_evaluated_once(course, learner, host):
    host.grades[learner.pk, COURSE] = 0.0
    asked = []
    host.grades = Watched(host.grades, asked)
    for number in range(5):
        complete(learner, f"html_{number}")
    assert len(asked) == 1


class Watched(dict):
    """A dictionary that remembers what it was asked."""

    def __init__(self, values, asked):
        super().__init__(values)
        self.asked = asked

    def get(self, key, default=None):
        self.asked.append(key)
        return super().get(key, default)


def test_what_is_missing_is_listed_on_the_page(client, course, learner, host):
    host.grades[learner.pk, COURSE] = 40.0
    client.force_login(learner)
    page = client.get("/utop/", headers={"accept-language": "en"}).content.decode()
    assert "Reach a grade of 60 % (today 40 %)." in page
    assert Award.objects.count() == 0


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_reconcile_issues_what_a_missing_key_held_back(course, learner):
    with override_settings(UTOP_SIGNING_KEY=""):
        api.award_if_fulfilled(learner.pk, COURSE, now=MORNING)
        Credential.objects.all().delete()
        with pytest.raises(CommandError, match="1 could not be issued"):
            call_command("utop_reconcile", stderr=io.StringIO(), stdout=io.StringIO())
    call_command("utop_reconcile", stdout=io.StringIO())
    call_command("utop_reconcile", stdout=io.StringIO())
    assert Credential.objects.count() == 1


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_reconcile_makes_the_award_whose_evaluation_was_lost(course, learner):
    assert not api.awards_of(learner.pk)
    call_command("utop_reconcile", stdout=io.StringIO())
    assert len(api.credentials_of(learner.pk)) == len(api.attestations_of(learner.pk)) == 1


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_a_badge_that_nobody_attempts_any_more_is_signed_when_somebody_learns(course, learner, host):
    """Neither a timetable nor a command: the key came back after the last attempt, and a colleague goes on."""
    with override_settings(UTOP_SIGNING_KEY=""):
        api.award_if_fulfilled(learner.pk, COURSE, now=timezone.now() - timedelta(hours=9))
        assert api.owed_badges(now=timezone.now()) == ()
    assert not Credential.objects.exists()
    complete(get_user_model().objects.create_user("dominique", password="x"))
    (credential,) = api.credentials_of(learner.pk)
    assert api.owed_badges(now=timezone.now()) == ()
    api.revoke(credential.uuid, "Erreur", by=1, now=timezone.now())
    assert api.owed_badges(now=timezone.now()) == ()


@override_settings(UTOP_SIGNING_KEY=SEED)
@pytest.mark.parametrize(("age", "is_owed"), [(timedelta(minutes=5), False), (timedelta(days=-1), True)])
def test_a_badge_that_is_being_made_is_not_owed_yet(course, learner, age, is_owed):
    with override_settings(UTOP_SIGNING_KEY=""):
        api.award_if_fulfilled(learner.pk, COURSE, now=timezone.now() - age)
    assert bool(api.owed_badges(now=timezone.now())) is is_owed


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_a_badge_that_cannot_be_is_not_owed(course, learner, host):
    badges.choose(learner.pk, is_wanted=False, now=MORNING)
    api.award_if_fulfilled(learner.pk, COURSE, now=timezone.now() - timedelta(hours=9))
    assert api.owed_badges(now=timezone.now()) == ()


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_a_revoked_badge_is_told_to_its_holder(client, course, learner):
    api.award_if_fulfilled(learner.pk, COURSE, now=MORNING)
    (credential,) = api.credentials_of(learner.pk)
    api.revoke(credential.uuid, "Délivré par erreur", by=1, now=MORNING)
    client.force_login(learner)
    page = client.get("/utop/", headers={"accept-language": "en"}).content.decode()
    assert "Your badge was revoked on Feb. 1, 2027: Délivré par erreur" in page
    assert f"{credential.uuid}.png" not in page
    assert f"/utop/verify/{credential.uuid}/" in page


def test_award_command_says_how_many(course, learner):
    out = io.StringIO()
    call_command("utop_award", str(COURSE), stdout=out)
    assert "Awards held: 1." in out.getvalue()


@pytest.mark.parametrize("key", ["nonsense", "course-v1:UTOP+OTHER+2027"])
def test_award_command_refuses_an_unknown_course(db, key):
    with pytest.raises(CommandError, match=key.replace("+", r"\+")):
        call_command("utop_award", key)


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_only_the_holder_shows_the_name(client, course, learner):
    award = api.award_if_fulfilled(learner.pk, COURSE, now=MORNING)
    stranger = get_user_model().objects.create_user("dominique", password="x")
    client.force_login(stranger)
    assert client.post(f"/utop/awards/{award.uuid}/name/", {"public": "1"}).status_code == 404
    client.force_login(learner)
    assert client.post(f"/utop/awards/{award.uuid}/name/", {"public": "1"}).status_code == 302
    assert api.credentials_of(learner.pk)[0].name_is_public
    assert api.attestations_of(learner.pk)[0].name_is_public


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_retirement_forgets_the_person_and_keeps_the_evidence(course, learner):
    api.award_if_fulfilled(learner.pk, COURSE, now=MORNING)
    api.declare_employer(learner.pk, "90000000100017", now=MORNING)
    (credential,), (attestation,) = api.credentials_of(learner.pk), api.attestations_of(learner.pk)
    badges.show_name(credential.uuid, learner.pk, public=True)
    attestations.show_name(attestation.uuid, learner.pk, public=True)
    receivers.on_retirement(user=learner)
    assert not api.credential(credential.uuid).name_is_public
    assert not api.attestation(attestation.uuid).name_is_public
    assert not Employment.objects.exists()
    assert not LearnerClock.objects.exists()
    assert Presence.objects.filter(user_id=learner.pk).exists()
    assert Award.objects.filter(user_id=learner.pk).exists()


def test_each_step_of_a_retirement_forgets_and_a_second_one_changes_nothing(course, learner):
    """A platform's own list of steps has `/retire/`, and not always `/retire_misc/`."""
    receivers_of = OpenedxUtopConfig.plugin_app["signals_config"]["lms.djangoapp"]["receivers"]
    heard = (each for each in receivers_of if each["receiver_func_name"] == "on_retirement")
    told = [each["signal_path"].rsplit(".")[-1] for each in heard]
    assert told == ["USER_RETIRE_LMS_MISC", "USER_RETIRE_LMS_CRITICAL"]
    api.declare_employer(learner.pk, "90000000100017", now=MORNING)
    for _step in told:
        receivers.on_retirement(user=learner)
        assert not Employment.objects.exists()
        assert Presence.objects.filter(user_id=learner.pk).exists()


def test_the_evaluation_waits_for_the_commit(course, learner):
    from django.db import transaction

    with transaction.atomic():
        tasks.schedule_evaluation(learner.pk, COURSE, delay=10)
        assert not Award.objects.exists()
    assert Award.objects.exists()
    assert not connection.in_atomic_block


def test_time_credited_to_many_is_evaluated_for_each_once(course, learner):
    others = (learner.pk + 1, learner.pk + 2)
    tasks.schedule_evaluations(COURSE, others, delay=10)
    assert not Award.objects.exists()
    tasks.schedule_evaluations(COURSE, (*others, learner.pk), delay=10)
    assert {award.user_id for award in Award.objects.all()} == {learner.pk}


def test_the_api_tells_the_learner_their_progress(client, course, learner):
    assert client.get(f"/utop/api/v1/progress/{COURSE}/").status_code in (401, 403)
    client.force_login(learner)
    answer = client.get(f"/utop/api/v1/progress/{COURSE}/").json()
    assert answer["is_fulfilled"] is True
    assert (answer["connection_seconds"], answer["estimated_seconds"], answer["realised_seconds"]) == (120, 900, 900)
    assert client.get("/utop/api/v1/progress/course-v1:UTOP+OTHER+2027/").status_code == 404
    assert client.get("/utop/api/v1/progress/nonsense/").status_code == 404


def test_the_schema_describes_the_api(client, db):
    answer = client.get("/utop/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    paths = answer.json()["paths"]
    assert "/utop/api/v1/progress/{course_key}/" in paths
    beat = paths["/utop/api/v1/beats/"]["post"]
    # What is asked of another address or in another way is no answer of this operation.
    answered = {each[0] for refused, each in REFUSALS.items() if refused not in {NothingThere, NotPosted}}
    assert {int(status) for status in beat["responses"]} == {200, *answered}


def correct(learner, seconds, *, document_issued):
    """A correction by one member of the staff, accepted by another where it has to be."""
    new = corrections.NewCorrection(MORNING.date(), None, seconds, "incident", "Panne.")
    platform().staff |= {(101, COURSE), (102, COURSE)}
    written = corrections.record(
        learner.pk, COURSE, new, author_id=101, document_issued=document_issued, now=MORNING + timedelta(days=1)
    )
    if written.needs_second_person:
        corrections.decide(written.uuid, is_accepted=True, why="", by=102, now=MORNING + timedelta(days=1))


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_a_correction_after_the_certificate_leads_to_another_and_leaves_the_award(client, course, learner):
    complete(learner)
    (first,), (award,) = api.attestations_of(learner.pk), api.awards_of(learner.pk)
    correct(learner, 600, document_issued=attestations.is_attested(learner.pk, COURSE))
    second, former = api.attestations_of(learner.pk)
    assert (former.uuid, former.replaced_by.uuid, second.award_uuid) == (first.uuid, second.uuid, award.uuid)
    assert api.awards_of(learner.pk) == (award,)
    client.force_login(learner)
    page = client.get("/utop/").content.decode()
    assert page.index(f"/utop/documents/{second.uuid}.pdf") < page.index(f"/utop/documents/{first.uuid}.pdf")
    call_command("utop_reconcile", stdout=io.StringIO())
    assert len(api.attestations_of(learner.pk)) == 2


@override_settings(UTOP_SIGNING_KEY=SEED)
def test_a_correction_may_be_what_was_missing(course, learner):
    TrainingAction.objects.update(required_minutes=10)
    complete(learner)
    assert not api.awards_of(learner.pk)
    cache.clear()
    correct(learner, 600, document_issued=False)
    assert len(api.attestations_of(learner.pk)) == 1


@pytest.fixture
def broker_down(settings):
    """Tasks go to the default broker, one that nobody runs here; releases of Celery differ in who is asked first."""
    configuration = tasks.evaluate.app.conf
    settings.CELERY_TASK_ALWAYS_EAGER = configuration.task_always_eager = False
    yield
    configuration.task_always_eager = True


@pytest.mark.usefixtures("broker_down")
def test_a_broker_that_is_down_costs_the_learner_nothing(course, learner):
    complete(learner)
    assert BlockCompletion.objects.count() == 1
    assert not Award.objects.exists()


def test_a_signed_half_day_leads_to_the_award(course, learner):
    half_day = live.HalfDay(MORNING, MORNING + timedelta(hours=3))
    plan = live.Plan("Clôture", "onsite_group", "Mairie", "", None, None, None, (half_day,))
    trainer = get_user_model().objects.create_user("maud")
    plan = replace(plan, trainer_id=trainer.pk)
    session = live.session(live.plan_session(plan, course_key=COURSE, by=1, now=MORNING))
    code = live.code_on_show(session.slots[0].uuid, MORNING)
    live.sign_with_code(learner.pk, session.slots[0].uuid, code, now=MORNING)
    assert not Award.objects.exists()
    cache.clear()
    live.sign_as_trainer(trainer.pk, session.slots[0].uuid, now=MORNING)
    assert Award.objects.get().user_id == learner.pk
