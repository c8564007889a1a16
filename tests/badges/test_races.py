"""Workers on one award and on one status list at the very same time, on a database with real concurrency."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from openedx_utop.badges import api, bitstring
from openedx_utop.badges.achievements import whole_achievement
from openedx_utop.badges.batches import PORTION
from openedx_utop.badges.editing import api as editing
from openedx_utop.badges.editing.data import Draft, Unwritten
from openedx_utop.badges.models import Achievement, Award, Credential, StatusList
from openedx_utop.training.api import action_for
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end
from tests.badges.revocations import LATER, STAFF, entry, issue
from tests.host import InMemoryPlatform

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("key")]
WORKERS = 6


def at_once(work: Callable[[int], Any], *, reads: bool = True) -> list[Any]:
    """Run the same work in as many threads as there are workers, each in a transaction that has begun to read.

    `reads`: not for what opens a transaction of its own.
    """
    barrier = Barrier(WORKERS)

    def run(worker: int) -> Any:
        try:
            with transaction.atomic() if reads else nullcontext():
                Credential.objects.count()
                barrier.wait()
                return work(worker)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


def test_workers_on_one_award_leave_one_credential(finished: InMemoryPlatform) -> None:
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    made = at_once(lambda _worker: api.issue_credential(award.uuid, now=NOW))
    assert {each.uuid for each in made} == {Credential.objects.get().uuid}


def test_commands_at_once_award_each_learner_once(finished: InMemoryPlatform) -> None:
    learners = range(CAMILLE, CAMILLE + 20)
    for learner in learners:
        learner_at_the_end(finished, learner)
    tallies = at_once(lambda _worker: api.award_learners(learners, COURSE, now=NOW), reads=False)
    assert sum(tally.made for tally in tallies) == sum(tally.signed for tally in tallies) == len(learners)
    assert Award.objects.count() == Credential.objects.count() == len(learners)


def test_a_thousand_awards_at_once_have_one_badge_each(finished: InMemoryPlatform) -> None:
    first = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert first is not None
    (row,) = Award.objects.values("action_id", "achievement_id", "awarded_at", "evaluation")
    learners = range(CAMILLE + 1, CAMILLE + 1001)
    Award.objects.bulk_create(Award(user_id=learner, **row) for learner in learners)
    finished.people.update(dict.fromkeys(learners, finished.people[CAMILLE]))

    def work(worker: int) -> int:
        starts = sorted(range(0, len(learners), PORTION), key=lambda start: (start + worker * PORTION) % 1000)
        return sum(api.award_learners(learners[start : start + PORTION], COURSE, now=NOW).signed for start in starts)

    assert sum(at_once(work, reads=False)) == len(learners)
    signed = Credential.objects.filter(award__user_id__in=learners)
    assert signed.values("award").distinct().count() == signed.count() == len(learners)


def test_revocations_at_once_all_stay_in_the_list(finished: InMemoryPlatform) -> None:
    for learner in range(CAMILLE, CAMILLE + WORKERS):
        learner_at_the_end(finished, learner)
    issued = [issue(learner) for learner in range(CAMILLE, CAMILLE + WORKERS)]
    at_once(lambda worker: api.revoke(issued[worker].uuid, "Erreur", by=STAFF, now=LATER))
    encoded = json.loads(StatusList.objects.get().document)["credentialSubject"]["encodedList"]
    assert all(bitstring.has_bit(encoded, int(entry(each)["statusListIndex"])) for each in issued)


def test_a_refusal_while_workers_issue_leaves_nothing_live(finished: InMemoryPlatform) -> None:
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None

    def work(worker: int) -> None:
        if worker == 0:
            api.refuse(award.uuid, CAMILLE, now=LATER)
            return
        with suppress(api.BadgeRefused):
            api.issue_credential(award.uuid, now=NOW)

    at_once(work)
    assert not Credential.objects.filter(is_live=True).exists()
    assert not Credential.objects.filter(is_shown=True).exists()
    assert api.is_badge_refused(award.uuid)


def test_renewals_at_once_leave_one(finished: InMemoryPlatform) -> None:
    first = issue()
    at_once(lambda _worker: api.renew(first.uuid, "Renouvelé", by=STAFF, now=LATER))
    assert Credential.objects.filter(is_live=True).count() == 1


DRAFT = Draft(name="Écoute", description="A suivi le module.", criteria="Tout.")


def keep(seen: str) -> str:
    editing.keep(COURSE, Unwritten.WHOLE, DRAFT, seen=seen)
    return DRAFT.name


def look(seen: str) -> str:
    editing.look(COURSE, Unwritten.WHOLE, DRAFT)
    return "Réussir la transition numérique"


@pytest.mark.parametrize("page", [keep, look])
def test_an_author_describes_the_badge_that_the_first_award_is_making(
    finished: InMemoryPlatform, page: Callable[[str], str]
) -> None:
    """The award's transaction has written the row, which the author's does not see yet."""
    action = action_for(COURSE)
    assert action is not None
    seen = editing.badge(COURSE, Unwritten.WHOLE).seen

    def described() -> str:
        try:
            return page(seen)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            whole_achievement(action)
            author = pool.submit(described)
            until_it_waits()
        name = author.result()
    assert Achievement.objects.get().name == name


def until_it_waits() -> None:
    """Until a statement of somebody else needs what this transaction has locked."""
    deadline = time.monotonic() + 60
    locking = "info LIKE '%%FOR UPDATE' OR info LIKE 'INSERT INTO `openedx_utop_achievement`%%'"
    with connection.cursor() as cursor:
        waiting = 0
        while not waiting:
            assert time.monotonic() < deadline
            cursor.execute(
                f"SELECT COUNT(*) FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND ({locking})", []
            )
            (waiting,) = cursor.fetchone()
            time.sleep(0.02)
