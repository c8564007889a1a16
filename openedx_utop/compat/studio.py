"""Studio's answers about the course as its author holds it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.models import Count
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.completable import XBlockCompletionMode

from openedx_utop.compat.accounts import account_rows
from openedx_utop.compat.authoring import AssignmentType, AuthoredBlock, AuthoredCourse
from openedx_utop.compat.enrolments import OpenEdxEnrolments
from openedx_utop.compat.groups import ContentGroup

# Sections are at level 1, subsections at level 2, units at level 3.
SUBSECTION, UNIT = 2, 3


class OpenEdxAuthoring:
    """Answered by Studio; the LMS asks only who is an author."""

    def is_course_author(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether Studio grants write access; in the LMS too, where the platform grants limited staff theirs."""
        from common.djangoapps.student.auth import has_studio_write_access  # noqa: PLC0415

        user = account_rows().filter(pk=user_id, is_active=True).first()
        return user is not None and bool(has_studio_write_access(user, course_key, service_variant="cms"))

    def authored_course(self, course_key: CourseKey) -> AuthoredCourse | None:
        """From the draft branch, read once."""
        from cms.djangoapps.contentstore.utils import reverse_course_url  # noqa: PLC0415
        from openedx.core.djangoapps.course_groups.partition_scheme import get_cohorted_user_partition  # noqa: PLC0415

        with _drafts(course_key) as store:
            course = store.get_course(course_key, depth=UNIT)
            if course is None:
                return None
            partition = get_cohorted_user_partition(course)
            blocks = tuple(_blocks(store, course, partition.id if partition else None))
            groups = partition.groups if partition else ()
            return AuthoredCourse(
                title=course.display_name_with_default,
                url=reverse_course_url("course_handler", course_key),
                groups=tuple(ContentGroup(partition.id, group.id, group.name) for group in groups),
                blocks=blocks,
                grading=tuple(_assignment_types(course.grading_policy)),
            )

    def restrict(
        self, course_key: CourseKey, access: Mapping[UsageKey, frozenset[int] | None], *, by: int
    ) -> frozenset[UsageKey]:
        """One bulk operation; everything is read before anything is written."""
        from openedx.core.djangoapps.course_groups.partition_scheme import get_cohorted_user_partition  # noqa: PLC0415
        from xmodule.modulestore.draft_and_published import DIRECT_ONLY_CATEGORIES  # noqa: PLC0415

        with _drafts(course_key) as store:
            partition_id = get_cohorted_user_partition(store.get_course(course_key)).id
            blocks = {key: store.get_item(key) for key in access}
            drafts = {key for key in access if key.block_type not in DIRECT_ONLY_CATEGORIES}
            pending = frozenset(key for key in drafts if store.has_changes(blocks[key]))
            for key, groups in access.items():
                _admit(blocks[key], partition_id, groups)
                store.update_item(blocks[key], by)
                if key in drafts - pending:
                    store.publish(key, by)
        return pending

    def add_content_groups(self, course_key: CourseKey, names: Sequence[str], *, by: int) -> None:
        """As Studio's own page of groups does."""
        from cms.djangoapps.contentstore.course_group_config import GroupConfiguration  # noqa: PLC0415

        with _drafts(course_key) as store:
            course = store.get_course(course_key)
            found = GroupConfiguration.get_or_create_content_group(store, course)
            _keep_groups(
                store, course, found, [*found["groups"], *({"name": name, "version": 1} for name in names)], by
            )

    def rename_content_group(self, course_key: CourseKey, group_id: int, name: str, *, by: int) -> None:
        """As Studio's own page of groups does."""
        from cms.djangoapps.contentstore.course_group_config import GroupConfiguration  # noqa: PLC0415

        with _drafts(course_key) as store:
            course = store.get_course(course_key)
            found = GroupConfiguration.get_or_create_content_group(store, course)
            renamed = [{**group, "name": name} if group["id"] == group_id else group for group in found["groups"]]
            _keep_groups(store, course, found, renamed, by)

    def learners_by_group(self, course_key: CourseKey) -> Mapping[int | None, frozenset[int]]:
        """By the links of the learners' cohorts."""
        from openedx.core.djangoapps.course_groups.models import CohortMembership  # noqa: PLC0415

        learners = frozenset(OpenEdxEnrolments().learners(course_key).values_list("pk", flat=True))
        rows = CohortMembership.objects.filter(course_id=course_key).values_list(
            "user_id", "course_user_group__courseusergrouppartitiongroup__group_id"
        )
        linked: dict[int | None, set[int]] = defaultdict(set)
        for user_id, group_id in rows:
            if user_id in learners and group_id is not None:
                linked[group_id].add(user_id)
        linked[None] = set(learners).difference(*linked.values())
        return {group_id: frozenset(members) for group_id, members in linked.items()}

    def learners_done(self, units: Collection[UsageKey]) -> Mapping[UsageKey, frozenset[int]]:
        """A query for each unit, counted in the database."""
        if not units:
            return {}
        with _drafts(next(iter(units)).course_key) as store:
            leaves = {unit: tuple(_completable(store.get_item(unit))) for unit in units}
        return {unit: _completed_all(keys) for unit, keys in leaves.items() if keys}


@contextmanager
def _drafts(course_key: CourseKey) -> Iterator[Any]:
    """The modulestore, on the branch that authors work on, in one bulk operation."""
    from xmodule.modulestore import ModuleStoreEnum  # noqa: PLC0415
    from xmodule.modulestore.django import modulestore  # noqa: PLC0415

    store = modulestore()
    with store.branch_setting(ModuleStoreEnum.Branch.draft_preferred, course_key), store.bulk_operations(course_key):
        yield store


def _blocks(store: Any, course: Any, partition_id: int | None) -> Iterator[AuthoredBlock]:
    def below(parent: Any, level: int) -> Iterator[AuthoredBlock]:
        for block in parent.get_children():
            yield AuthoredBlock(
                key=block.location,
                level=level,
                title=block.display_name_with_default,
                parent=parent.location if level > 1 else None,
                groups=_admitted(block, partition_id),
                assignment=(block.format or "") if level == SUBSECTION and block.graded else "",
                is_hidden=bool(block.visible_to_staff_only),
                is_pending=level == UNIT and bool(store.has_changes(block)),
            )
            if level < UNIT and block.has_children:
                yield from below(block, level + 1)

    return below(course, 1)


def _admitted(block: Any, partition_id: int | None) -> frozenset[int] | None:
    """By the block's own setting: the field also inherits, and ancestors are asked for themselves."""
    if partition_id is None or not block.fields["group_access"].is_set_on(block):
        return None
    groups = block.group_access.get(partition_id)
    return None if groups is None else frozenset(groups)


def _admit(block: Any, partition_id: int, groups: frozenset[int] | None) -> None:
    """Without a setting of its own, the block has that of what it stands in."""
    field = block.fields["group_access"]
    own = dict(block.group_access) if field.is_set_on(block) else {}
    own.pop(partition_id, None)
    if groups is not None:
        own[partition_id] = sorted(groups)
    if own:
        block.group_access = own
    elif field.is_set_on(block):
        field.delete_from(block)


def _assignment_types(policy: Mapping[str, Any]) -> Iterator[AssignmentType]:
    for line in policy.get("GRADER", ()):
        yield AssignmentType(line["type"], float(line["weight"]), int(line["min_count"]), int(line["drop_count"]))


def _keep_groups(store: Any, course: Any, partition: Any, groups: Sequence[Any], by: int) -> None:
    from cms.djangoapps.contentstore.course_group_config import GroupConfiguration  # noqa: PLC0415

    written = json.dumps({**partition, "groups": groups}).encode()
    kept = GroupConfiguration(written, course, partition["id"]).get_user_partition()
    others = [each for each in course.user_partitions if each.id != kept.id]
    place = next((at for at, each in enumerate(course.user_partitions) if each.id == kept.id), len(others))
    course.user_partitions = [*others[:place], kept, *others[place:]]
    store.update_item(course, by)


def _completable(block: Any) -> Iterator[UsageKey]:
    if block.has_children:
        for child in block.get_children():
            yield from _completable(child)
    elif XBlockCompletionMode.get_mode(block) == XBlockCompletionMode.COMPLETABLE:
        yield block.location


def _completed_all(leaves: Sequence[UsageKey]) -> frozenset[int]:
    from completion.models import BlockCompletion  # noqa: PLC0415

    rows = BlockCompletion.objects.filter(
        context_key=leaves[0].course_key, block_key__in=leaves, completion=1.0
    ).values("user_id")
    finished = rows.annotate(number=Count("pk")).filter(number=len(leaves))
    return frozenset(finished.values_list("user_id", flat=True))
