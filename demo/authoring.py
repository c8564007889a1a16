"""The author's questions, answered from the host's own tables: every change is live at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from completion.models import BlockCompletion
from django.contrib.auth.models import User
from django.db.models import Max
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey, UsageKey

from demo import access, enrolment, models
from demo.blocks import block_class, is_completable
from demo.tree import CourseTree, Node
from openedx_utop.compat import AssignmentType, AuthoredBlock, AuthoredCourse, ContentGroup

# Ids under 100 are the platform's own.
FIRST_ID = 100
SUBSECTION, UNIT = 2, 3


class AuthoringAnswers:
    """What the demonstration's Studio holds."""

    def is_course_author(self, user_id: int, course_key: CourseKey) -> bool:
        """The course's staff."""
        user = User.objects.filter(pk=user_id).first()
        return user is not None and access.is_course_staff(user, course_key)

    def authored_course(self, course_key: CourseKey) -> AuthoredCourse | None:
        """The course, which has no drafts here."""
        course = models.Course.objects.filter(course_key=course_key).first()
        if course is None:
            return None
        groups = [ContentGroup(row.partition_id, row.group_id, row.name) for row in course.content_groups.all()]
        return AuthoredCourse(
            title=course.title,
            url=reverse("demo:studio", args=[course_key]),
            groups=tuple(groups),
            blocks=tuple(_blocks(CourseTree(course_key).root, 1)),
            grading=tuple(
                AssignmentType(line["type"], line["weight"], line["min_count"], line["drop_count"])
                for line in course.grading_policy.get("GRADER", ())
            ),
        )

    def restrict(
        self,
        course_key: CourseKey,
        access: Mapping[UsageKey, frozenset[int] | None],
        *,
        by: int,  # noqa: ARG002
    ) -> frozenset[UsageKey]:
        """Into the blocks' settings; nothing stays a draft."""
        partition_id = _partition_id(course_key)
        for row in models.Block.objects.filter(usage_key__in=access.keys()):
            own = dict(row.settings.get("group_access") or {})
            own.pop(str(partition_id), None)
            groups = access[row.usage_key]
            row.settings["group_access"] = own if groups is None else {**own, str(partition_id): sorted(groups)}
            row.save(update_fields=["settings"])
        return frozenset()

    def add_content_groups(self, course_key: CourseKey, names: Sequence[str], *, by: int) -> None:  # noqa: ARG002
        """Rows with the next numbers."""
        course = models.Course.objects.get(course_key=course_key)
        last = course.content_groups.aggregate(last=Max("group_id"))["last"] or FIRST_ID
        for group_id, name in enumerate(names, start=last + 1):
            partition_id = _partition_id(course_key)
            models.ContentGroup.objects.create(course=course, partition_id=partition_id, group_id=group_id, name=name)

    def rename_content_group(self, course_key: CourseKey, group_id: int, name: str, *, by: int) -> None:  # noqa: ARG002
        """The row's name."""
        models.ContentGroup.objects.filter(course__course_key=course_key, group_id=group_id).update(name=name)

    def learners_by_group(self, course_key: CourseKey) -> Mapping[int | None, frozenset[int]]:
        """By cohort."""
        rows = models.CohortMembership.objects.filter(course__course_key=course_key)
        group_of = dict(rows.values_list("user_id", "group__group_id"))
        members: dict[int | None, set[int]] = defaultdict(set)
        for user_id in enrolment.learners(course_key).values_list("pk", flat=True):
            members[group_of.get(user_id)].add(user_id)
        return {group_id: frozenset(user_ids) for group_id, user_ids in members.items()}

    def learners_done(self, units: Collection[UsageKey]) -> Mapping[UsageKey, frozenset[int]]:
        """From the real completion table."""
        if not units:
            return {}
        course_key = next(iter(units)).course_key
        rows = BlockCompletion.objects.filter(context_key=course_key, completion=1.0)
        done: dict[UsageKey, set[int]] = defaultdict(set)
        for key, user_id in rows.values_list("block_key", "user_id"):
            done[key].add(user_id)
        tree = CourseTree(course_key)
        leaves = {unit: [leaf.key for leaf in tree[unit].leaves() if _counts(leaf)] for unit in units}
        return {
            unit: frozenset.intersection(*(frozenset(done[key]) for key in keys))
            for unit, keys in leaves.items()
            if keys
        }


def _counts(leaf: Node) -> bool:
    return is_completable(block_class(leaf.block_type))


def _partition_id(course_key: CourseKey) -> int:
    group = models.ContentGroup.objects.filter(course__course_key=course_key).first()
    return group.partition_id if group else FIRST_ID


def _blocks(parent: Node, level: int) -> Iterator[AuthoredBlock]:
    for node in parent.children:
        admitted = next(iter(node.group_access.values()), None)
        is_graded = level == SUBSECTION and node.row.settings.get("graded")
        yield AuthoredBlock(
            key=node.key,
            level=level,
            title=node.title,
            parent=parent.key if level > 1 else None,
            groups=None if admitted is None else frozenset(admitted),
            assignment=node.row.settings.get("format", "") if is_graded else "",
        )
        if level < UNIT:
            yield from _blocks(node, level + 1)
