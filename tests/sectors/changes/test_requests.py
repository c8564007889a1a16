"""After the lock date: asking, answering, and what is written down of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from opaque_keys.edx.keys import CourseKey

from openedx_utop.events.data import SectorData
from openedx_utop.events.signals import SECTOR_CHANGED, SECTOR_CHOSEN
from openedx_utop.organizations.api import declare_employer
from openedx_utop.sectors.api import (
    ChoiceMethod,
    NotEnrolled,
    SectorLocked,
    TrackUnavailable,
    UnknownSector,
    choose_sector,
    forget_learner,
    learner_sector,
)
from openedx_utop.sectors.changes import api as changes
from openedx_utop.sectors.changes.models import ChangeAnswer, ChangeRequest
from openedx_utop.sectors.models import SectorChoice
from tests.host import InMemoryPlatform
from tests.sectors.changes.conftest import ADVISER, lock_from
from tests.sectors.conftest import GROUPS, LEARNER, NOW

OTHER_COURSE = CourseKey.from_string("course-v1:utop+autre+2027")
OTHER_LEARNER = 8
LATER = NOW + timedelta(days=3)
WHY = "Je suis passée de l'hôtel à la clinique."


def held(course: CourseKey, user_id: int = LEARNER) -> str | None:
    sector = learner_sector(user_id, course)
    return sector.slug if sector else None


def asked(course: CourseKey, slug: str = "hotel") -> UUID:
    return changes.ask(LEARNER, course, slug, reason=WHY, now=NOW).uuid


def test_until_the_day_before_the_change_is_the_learners(locked: CourseKey) -> None:
    lock_from(NOW.date() + timedelta(days=1))
    choose_sector(LEARNER, locked, "hotel", chosen_by=LEARNER, now=NOW)
    assert held(locked) == "hotel"
    with pytest.raises(changes.NothingToAsk):
        changes.ask(LEARNER, locked, "sante", reason=WHY, now=NOW)


def test_the_day_is_that_of_the_official_clock(locked: CourseKey) -> None:
    lock_from(NOW.date() + timedelta(days=1))
    just_before_midnight_in_paris = NOW.replace(hour=22, minute=59)
    choose_sector(LEARNER, locked, "hotel", chosen_by=LEARNER, now=just_before_midnight_in_paris)
    with pytest.raises(SectorLocked):
        choose_sector(
            LEARNER, locked, "sante", chosen_by=LEARNER, now=just_before_midnight_in_paris + timedelta(minutes=1)
        )


def test_from_that_day_on_the_learner_does_not_move_by_themselves(locked: CourseKey, host: InMemoryPlatform) -> None:
    with pytest.raises(SectorLocked):
        choose_sector(LEARNER, locked, "hotel", chosen_by=LEARNER, now=NOW)
    assert held(locked) == "sante"
    assert host.placements[LEARNER, locked].name == GROUPS["sante"]
    choose_sector(LEARNER, locked, "sante", chosen_by=LEARNER, now=NOW)


def test_a_first_choice_is_never_locked(locked: CourseKey, host: InMemoryPlatform) -> None:
    host.enrolments.add((OTHER_LEARNER, locked))
    choose_sector(OTHER_LEARNER, locked, "hotel", chosen_by=OTHER_LEARNER, now=LATER)
    assert held(locked, OTHER_LEARNER) == "hotel"


def test_an_accepted_request_moves_the_learner_and_says_who_when_how_and_why(
    locked: CourseKey, host: InMemoryPlatform
) -> None:
    uuid = asked(locked)
    (waiting,) = changes.open_requests(locked)
    assert (waiting.uuid, waiting.sector.slug, waiting.reason, waiting.answer) == (uuid, "hotel", WHY, None)
    done = changes.accept(uuid, locked, reason="D'accord.", by=ADVISER, now=LATER)
    assert done.answer is not None
    assert (done.answer.outcome, done.answer.reason, done.answer.author_name) == (
        "accepted",
        "D'accord.",
        "Maud Conseil",
    )
    assert (held(locked), host.placements[LEARNER, locked].name) == ("hotel", GROUPS["hotel"])
    assert changes.open_requests(locked) == ()
    last, first = changes.history_of(LEARNER, locked)
    assert (last.sector.slug, last.former and last.former.slug) == ("hotel", "sante")
    assert (last.method, last.chosen_by, last.author_name) == ("request", ADVISER, "Maud Conseil")
    assert (last.chosen_at, last.reason) == (LATER, WHY)
    assert (first.sector.slug, first.former, first.method, first.author_name) == ("sante", None, "learner", "")


def test_a_refused_request_leaves_the_learner_where_they_are_and_says_why(locked: CourseKey) -> None:
    uuid = asked(locked)
    with pytest.raises(changes.ReasonMissing):
        changes.refuse(uuid, locked, reason=" \0 ", by=ADVISER, now=LATER)
    changes.refuse(uuid, locked, reason="Deux modules avant la fin.", by=ADVISER, now=LATER)
    (request,) = changes.requests_of(LEARNER, locked)
    assert request.answer is not None
    assert (request.answer.outcome, request.answer.reason) == ("refused", "Deux modules avant la fin.")
    assert held(locked) == "sante"
    assert asked(locked) != uuid


def test_a_request_is_answered_once(locked: CourseKey) -> None:
    uuid = asked(locked)
    changes.refuse(uuid, locked, reason="Non.", by=ADVISER, now=LATER)
    for answer in (changes.accept, changes.refuse):
        with pytest.raises(changes.AlreadyAnswered):
            answer(uuid, locked, reason="Oui.", by=ADVISER, now=LATER)
    with pytest.raises(changes.AlreadyAnswered):
        changes.withdraw(uuid, user_id=LEARNER, now=LATER)
    assert (held(locked), ChangeAnswer.objects.count()) == ("sante", 1)


def test_an_answer_that_cannot_be_carried_out_is_not_written(locked: CourseKey, host: InMemoryPlatform) -> None:
    uuid = asked(locked)
    host.groups.clear()
    with pytest.raises(TrackUnavailable):
        changes.accept(uuid, locked, reason="", by=ADVISER, now=LATER)
    assert len(changes.open_requests(locked)) == 1
    assert held(locked) == "sante"


def test_asking_twice_for_the_same_is_one_request(locked: CourseKey) -> None:
    assert asked(locked) == asked(locked)
    with pytest.raises(changes.RequestPending):
        asked(locked, "alimentaire")
    assert ChangeRequest.objects.count() == 1


def test_a_request_is_taken_back_by_who_made_it_only(locked: CourseKey) -> None:
    uuid = asked(locked)
    with pytest.raises(changes.UnknownRequest):
        changes.withdraw(uuid, user_id=OTHER_LEARNER, now=LATER)
    assert changes.withdraw(uuid, user_id=LEARNER, now=LATER).answer is not None
    assert asked(locked, "alimentaire") != uuid


def test_only_the_courses_own_team_answers_and_nobody_for_themselves(locked: CourseKey, host: InMemoryPlatform) -> None:
    uuid = asked(locked)
    host.staff |= {(91, OTHER_COURSE), (LEARNER, locked)}
    for stranger in (91, OTHER_LEARNER, LEARNER):
        for answer in (changes.accept, changes.refuse):
            with pytest.raises(changes.NotAnAdviser):
                answer(uuid, locked, reason="Oui.", by=stranger, now=LATER)
    with pytest.raises(changes.UnknownRequest):
        changes.accept(uuid, OTHER_COURSE, reason="", by=91, now=LATER)
    with pytest.raises(changes.UnknownRequest):
        changes.refuse(uuid4(), locked, reason="Non.", by=ADVISER, now=LATER)
    assert len(changes.open_requests(locked)) == 1
    assert changes.open_requests(OTHER_COURSE) == ()


@pytest.mark.parametrize(
    ("slug", "reason", "refusal"),
    [
        ("banque", WHY, UnknownSector),
        ("inconnu", WHY, UnknownSector),
        ("sante", WHY, changes.NothingToAsk),
        ("hotel", "  ", changes.ReasonMissing),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    locked: CourseKey, slug: str, reason: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        changes.ask(LEARNER, locked, slug, reason=reason, now=NOW)
    assert not ChangeRequest.objects.exists()


def test_who_is_not_enrolled_asks_for_nothing(locked: CourseKey) -> None:
    with pytest.raises(NotEnrolled):
        changes.ask(OTHER_LEARNER, locked, "hotel", reason=WHY, now=NOW)


def test_an_adviser_moves_a_learner_after_the_lock_and_says_why(locked: CourseKey) -> None:
    choose_sector(LEARNER, locked, "hotel", chosen_by=ADVISER, now=LATER, reason="Erreur de saisie.")
    choose_sector(LEARNER, locked, "sante", chosen_by=ADVISER, now=LATER, method=ChoiceMethod.IMPORT)
    imported, moved, _first = changes.history_of(LEARNER, locked)
    assert (moved.method, moved.reason, moved.author_name) == ("staff", "Erreur de saisie.", "Maud Conseil")
    assert imported.method == "import"


def test_how_a_sector_came_about_is_told(locked: CourseKey, host: InMemoryPlatform) -> None:
    host.enrolments.add((OTHER_LEARNER, locked))
    declare_employer(OTHER_LEARNER, "90000000100017", idcc="1979", now=NOW)
    choose_sector(OTHER_LEARNER, locked, "hotel", chosen_by=OTHER_LEARNER, now=NOW)
    assert [choice.method for choice in changes.history_of(OTHER_LEARNER, locked)] == ["company"]


def test_choices_and_changes_are_announced_once_after_the_commit(
    locked: CourseKey, host: InMemoryPlatform, django_capture_on_commit_callbacks
) -> None:
    heard: list[tuple[str, SectorData, str]] = []

    def listen(signal, choice: SectorData, **kwargs) -> None:
        heard.append((signal.event_type, choice, host.placements[choice.user_id, choice.course_key].name))

    host.enrolments.add((OTHER_LEARNER, locked))
    SECTOR_CHOSEN.connect(listen)
    SECTOR_CHANGED.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            for _click in range(2):
                choose_sector(OTHER_LEARNER, locked, "hotel", chosen_by=OTHER_LEARNER, now=NOW)
            assert heard == []
        with django_capture_on_commit_callbacks(execute=True):
            changes.accept(asked(locked), locked, reason="", by=ADVISER, now=LATER)
    finally:
        SECTOR_CHOSEN.disconnect(listen)
        SECTOR_CHANGED.disconnect(listen)
    (first, chosen, _group), (second, changed, group) = heard
    assert (first, second) == (
        "org.openedx.learning.utop_sector.chosen.v1",
        "org.openedx.learning.utop_sector.changed.v1",
    )
    assert (chosen.user_id, chosen.sector, chosen.former_sector, chosen.method) == (8, "hotel", "", "learner")
    assert (changed.sector, changed.former_sector, changed.method, changed.chosen_by) == (
        "hotel",
        "sante",
        "request",
        ADVISER,
    )
    assert group == GROUPS["hotel"]


def test_who_retires_is_forgotten(locked: CourseKey) -> None:
    uuid = asked(locked)
    changes.refuse(uuid, locked, reason="Non.", by=ADVISER, now=LATER)
    forget_learner(LEARNER)
    assert not ChangeRequest.objects.exists()
    assert not ChangeAnswer.objects.exists()
    assert not SectorChoice.objects.exists()
