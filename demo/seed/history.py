"""A learner's past: time through the product's beats, answers through the problems' own checking."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

from completion.models import BlockCompletion
from django.contrib.auth.models import User
from opaque_keys.edx.keys import CourseKey, UsageKey
from webob import Request
from webob.multidict import MultiDict
from xblock.core import XBlock

from demo.access import own_path
from demo.blocks import block_class, completes_on_view
from demo.runtime import DemoRuntime
from demo.tree import Node
from openedx_utop import api

BEAT = timedelta(seconds=60)
BEATS_PER_UNIT = {"lesson": 8, "question": 4}


def follow_modules(
    user: User, course_key: CourseKey, modules: int, first_day: datetime, mistakes: frozenset[int]
) -> datetime:
    """Finish the first so many modules of the learner's path, one each working day; returns the last instant."""
    view = own_path(user, course_key)
    runtime = DemoRuntime(user, view)
    subsections = [node for _section, nodes in view.sections() for node in nodes][:modules]
    moment = first_day
    for number, (node, day) in enumerate(zip(subsections, _working_days(first_day), strict=False)):
        moment = day + timedelta(minutes=7 * number % 23)
        for unit in view.units(node):
            moment = _spend_time(user, node, unit, moment)
            for leaf in unit.leaves():
                _finish(runtime.get_block(leaf.key), leaf, moment, is_wrong=number in mistakes)
    return moment


def _working_days(first_day: datetime) -> Iterator[datetime]:
    days = (first_day + timedelta(days=offset) for offset in count())
    return (day for day in days if day.weekday() < 5)


def _spend_time(user: User, subsection: Node, unit: Node, start: datetime) -> datetime:
    """As the script in the page would: a beat a minute, somebody moving at each."""
    lease = api.issue_lease(user.pk, unit.key.course_key, subsection.key, unit.key, now=start)
    client = str(uuid4())
    has_question = any(getattr(block_class(leaf.block_type), "has_score", False) for leaf in unit.leaves())
    beats = BEATS_PER_UNIT["question" if has_question else "lesson"]
    for number in range(beats + 1):
        beat = {"lease": lease, "client": client, "seq": number + 1, "quiet": 2000, "appeared": number == 0}
        if number:
            beat["elapsed"] = int(BEAT.total_seconds() * 1000)
        answer = api.record_beat(json.dumps(beat).encode(), now=start + number * BEAT)
        lease = answer.lease
    return start + beats * BEAT


def _finish(block: XBlock, leaf: Node, moment: datetime, *, is_wrong: bool) -> None:
    if getattr(block, "has_score", False):
        block.submit_problem(_answers(block, is_wrong=is_wrong), override_time=moment)
        block.save()
    elif completes_on_view(type(block)):
        block.runtime.publish(block, "completion", {"completion": 1.0})
    elif leaf.block_type == "utop_sector_choice":
        block.handle("chosen", Request.blank("/", POST=b"{}", content_type="application/json"))
    _date_completion(block.runtime.user, leaf.key, moment)


def _answers(problem: XBlock, *, is_wrong: bool) -> MultiDict:
    """The form as a learner would fill it: right, or with the first question left empty."""
    answers = MultiDict()
    for number, (name, answer) in enumerate(sorted(problem.lcp.get_question_answers().items())):
        if "solution" in name or (is_wrong and not number):
            continue
        several = isinstance(answer, list) and _takes_several(problem, name)
        for value in answer if isinstance(answer, list) else [answer]:
            answers.add(f"input_{name}[]" if several else f"input_{name}", value)
    return answers


def _takes_several(problem: XBlock, name: str) -> bool:
    inputs = problem.lcp.tree.xpath("//checkboxgroup[@id=$name]", name=name)
    return bool(inputs)


def _date_completion(user: User, key: UsageKey, moment: datetime) -> None:
    """The completion table dates its rows itself; this one happened earlier."""
    BlockCompletion.objects.filter(user=user, block_key=key).update(created=moment, modified=moment)
