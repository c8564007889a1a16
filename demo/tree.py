"""A course's tree of blocks, read in one query."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from opaque_keys.edx.keys import CourseKey, UsageKey

from demo.models import Block

# What a block takes from its ancestors if its author gave it no value of its own.
INHERITED = ("due", "end", "format", "graded", "max_attempts", "rerandomize", "show_correctness", "showanswer", "start")


@dataclass
class Node:
    """A block in its tree."""

    row: Block
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    @property
    def key(self) -> UsageKey:
        """Its usage key."""
        return cast(UsageKey, self.row.usage_key)

    @property
    def block_type(self) -> str:
        """For example `vertical`."""
        return str(self.key.block_type)

    @property
    def title(self) -> str:
        """What its author called it."""
        return str(self.row.settings.get("display_name") or self.key.block_id)

    @property
    def group_access(self) -> dict[int, list[int]]:
        """Partition id → ids of the groups that may see it; no entry: everybody."""
        return {int(partition): ids for partition, ids in (self.row.settings.get("group_access") or {}).items()}

    def inherited(self, name: str) -> Any:
        """The value of a field that flows down the tree; KeyError if nobody set it."""
        node: Node | None = self
        while node is not None and name in INHERITED:
            if name in node.row.settings:
                return node.row.settings[name]
            node = node.parent
        raise KeyError(name)

    def lineage(self) -> Iterator["Node"]:
        """The block and its ancestors, from the block up."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def ancestor(self, block_type: str) -> "Node | None":
        """The nearest block of this type, from the block up."""
        return next((node for node in self.lineage() if node.block_type == block_type), None)

    def leaves(self) -> Iterator["Node"]:
        """The blocks without children below this one."""
        for child in self.children:
            yield from child.leaves() if child.children else (child,)


class CourseTree:
    """All the blocks of one course; their content is read only where it is asked for."""

    def __init__(self, course_key: CourseKey) -> None:
        rows = Block.objects.filter(course__course_key=course_key).defer("content")
        self.course_key = course_key
        self.nodes: dict[UsageKey, Node] = {}
        by_id = {row.pk: Node(row) for row in rows}
        for node in by_id.values():
            self.nodes[node.key] = node
            if node.row.parent_id is not None:
                node.parent = by_id[node.row.parent_id]
                node.parent.children.append(node)

    @property
    def root(self) -> Node:
        """The course block."""
        return next(node for node in self.nodes.values() if node.parent is None)

    def __getitem__(self, key: UsageKey) -> Node:
        return self.nodes[key]

    def __contains__(self, key: object) -> bool:
        return key in self.nodes

    def of_type(self, block_type: str, below: Node | None = None) -> Iterator[Node]:
        """The blocks of one type, in course order."""
        for node in (below or self.root).children:
            if node.block_type == block_type:
                yield node
            else:
                yield from self.of_type(block_type, node)
