"""The decisions about a learner's trade, and their requests, with the names of who decided."""

from collections.abc import Iterable, Mapping
from datetime import date

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.changes.data import AnswerFacts, ChoiceFacts, Lock, RequestFacts
from openedx_utop.sectors.changes.models import ChangeAnswer, ChangeRequest
from openedx_utop.sectors.changes.rules import is_locked
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.models import SectorChoice
from openedx_utop.sectors.rules import track_bearer
from openedx_utop.sectors.tree import parents_of, sectors_by_slug, tracks_of
from openedx_utop.training.api import action_for


def lock_of(course_key: CourseKey, *, today: date) -> Lock:
    """When the trades of a course are locked; never in one that is no training action."""
    action = action_for(course_key)
    locked_from = action.sector_locked_from if action else None
    return Lock(locked_from, is_locked(locked_from, today))


def history_of(user_id: int, course_key: CourseKey) -> tuple[ChoiceFacts, ...]:
    """Every decision about the learner's sector in the course, the latest first."""
    choices = list(
        SectorChoice.objects.select_related("sector").filter(user_id=user_id, course_key=course_key).order_by("rank")
    )
    tree, names = sectors_by_slug() if choices else {}, _names(user_id, (choice.chosen_by for choice in choices))
    held = [tree[choice.sector.slug] for choice in choices]
    formers: list[SectorFacts | None] = [None, *held]
    return tuple(
        _choice_facts(choice, sector, former, names)
        for choice, sector, former in reversed(list(zip(choices, held, formers, strict=False)))
    )


def requests_of(user_id: int, course_key: CourseKey) -> tuple[RequestFacts, ...]:
    """What the learner asked for in the course, the latest first."""
    asked = ChangeRequest.objects.filter(user_id=user_id, course_key=course_key)
    return facts_of(asked.select_related("sector", "answer").order_by("-rank"))


def open_requests(course_key: CourseKey) -> tuple[RequestFacts, ...]:
    """What waits for an answer in the course, the oldest first."""
    waiting = ChangeRequest.objects.filter(course_key=course_key, answer__isnull=True)
    return facts_of(waiting.select_related("sector", "answer").order_by("asked_at", "pk"))


def tracks_followed(course_key: CourseKey) -> dict[int, tuple[SectorFacts, ...]]:
    """By learner, the tracks they went through in the course, in order: each by the sector that bears it.

    A branch follows the track of the sector above it, so going from one branch to another is no change of track.
    """
    tree, tracks = sectors_by_slug(), tracks_of(course_key)
    bearers = {slug: track_bearer(slug, parents_of(tree), tracks) or slug for slug in tree}
    followed: dict[int, tuple[SectorFacts, ...]] = {}
    choices = SectorChoice.objects.filter(course_key=course_key).order_by("user_id", "rank")
    for user_id, slug in choices.values_list("user_id", "sector__slug").iterator():
        track, before = tree[bearers[slug]], followed.get(user_id, ())
        if track not in before[-1:]:
            followed[user_id] = (*before, track)
    return followed


def facts_of(asked: Iterable[ChangeRequest]) -> tuple[RequestFacts, ...]:
    """The requests with their answers, and the names of who gave them."""
    found = [(request, _answer(request)) for request in asked]
    names = _names(0, (answer.answered_by for _request, answer in found if answer))
    tree = sectors_by_slug() if found else {}
    return tuple(_request_facts(request, answer, tree, names) for request, answer in found)


def _answer(request: ChangeRequest) -> ChangeAnswer | None:
    return request.answer if hasattr(request, "answer") else None


def _names(learner: int, user_ids: Iterable[int]) -> Mapping[int, str]:
    others = {user_id for user_id in user_ids if user_id != learner}
    return {pk: person.full_name for pk, person in platform().persons(others).items()} if others else {}


def _choice_facts(
    choice: SectorChoice, sector: SectorFacts, former: SectorFacts | None, names: Mapping[int, str]
) -> ChoiceFacts:
    return ChoiceFacts(
        sector=sector,
        former=former,
        method=choice.method,
        method_name=choice.get_method_display(),
        chosen_by=choice.chosen_by,
        author_name=names.get(choice.chosen_by, ""),
        chosen_at=choice.chosen_at,
        reason=choice.reason,
    )


def _request_facts(
    request: ChangeRequest, answer: ChangeAnswer | None, tree: Mapping[str, SectorFacts], names: Mapping[int, str]
) -> RequestFacts:
    return RequestFacts(
        uuid=request.uuid,
        user_id=request.user_id,
        course_key=request.course_key,
        sector=tree[request.sector.slug],
        reason=request.reason,
        asked_at=request.asked_at,
        answer=_answer_facts(answer, request, names) if answer else None,
        level=Level(request.level) if request.level else None,
    )


def _answer_facts(answer: ChangeAnswer, request: ChangeRequest, names: Mapping[int, str]) -> AnswerFacts:
    author = "" if answer.answered_by == request.user_id else names.get(answer.answered_by, "")
    return AnswerFacts(answer.outcome, answer.reason, answer.answered_by, author, answer.answered_at)
