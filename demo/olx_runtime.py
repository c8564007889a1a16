"""Parses OLX with the blocks' own parsers, in memory."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fs.osfs import OSFS
from lxml import etree  # type: ignore[import-untyped]
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.core import XBlock
from xblock.fields import ScopeIds
from xblock.plugin import PluginMissingError
from xblock.runtime import DictKeyValueStore, KvsFieldData, Runtime

from demo.blocks import HOST_BLOCKS, CourseSettings, block_class
from demo.runtime import KeyReader
from demo.services import DemoI18nService


class OlxError(Exception):
    """The course cannot be read: which file, and why."""

    def __init__(self, file: str, reason: object) -> None:
        super().__init__(f"{file}: {reason}")


@dataclass
class KeyGenerator:
    """Keys of blocks by type and name."""

    target_course_id: CourseKey

    def create_definition(self, block_type: str, slug: str) -> UsageKey:
        """The usage key stands for the definition too."""
        return self.target_course_id.make_usage_key(block_type, slug)

    def create_usage(self, def_id: UsageKey) -> UsageKey:
        """The same key."""
        return def_id


@dataclass
class Origin:
    """Where a parsed block was found."""

    block: XBlock
    file: str
    children: list[UsageKey] = field(default_factory=list)


class OlxRuntime(Runtime):
    """Reads one course from a folder; `origins` holds the blocks in document order, parents first."""

    def __init__(self, folder: Path, course_key: CourseKey) -> None:
        services = {"field-data": KvsFieldData(DictKeyValueStore()), "i18n": DemoI18nService()}
        super().__init__(KeyReader(), KeyGenerator(course_key), mixins=(CourseSettings,), services=services)
        self.folder, self.course_key = folder, course_key
        self.resources_fs = OSFS(str(folder))
        self.origins: dict[UsageKey, Origin] = {}
        self._file = "course.xml"

    def read(self, node: Any) -> UsageKey:
        """Parse an element and all below it."""
        if not isinstance(node.tag, str):
            raise OlxError(self._file, "only elements are expected here")
        key = self.course_key.make_usage_key(node.tag, node.get("url_name") or self._name_for(node))
        if key in self.origins:
            raise OlxError(self._file, f"<{node.tag} url_name={key.block_id!r}> is used twice")
        outer, cls = self._file, self._class(node.tag)
        is_pointer = (
            set(node.attrib) <= {"url_name", "org", "course"} and not len(node) and not (node.text or "").strip()
        )
        if is_pointer and (node.tag in HOST_BLOCKS or hasattr(cls, "load_definition_xml")):
            self._file = f"{node.tag}/{key.block_id.replace(':', '/')}.xml"
            node = self._load(node) if node.tag in HOST_BLOCKS else node
        if not hasattr(cls, "load_definition_xml"):
            node.attrib.pop("url_name", None)
        self.origins[key] = origin = Origin(None, self._file)
        origin.block = self._guarded(lambda: cls.parse_xml(node, self, ScopeIds(None, node.tag, key, key)))
        self._file = outer
        return key

    def add_node_as_child(self, block: XBlock, node: Any, _id_generator: object = None) -> None:
        """Called by the parsers for each child element."""
        self.origins[block.scope_ids.usage_id].children.append(self.read(node))

    def _class(self, block_type: str) -> type[XBlock]:
        try:
            mixed: type[XBlock] = self.mixologist.mix(block_class(block_type))
        except PluginMissingError:
            raise OlxError(self._file, f"no block of type <{block_type}> is installed") from None
        return mixed

    def _load(self, node: Any) -> Any:
        loaded = self._guarded(lambda: etree.parse(str(self.folder / self._file)).getroot())
        if loaded.tag != node.tag:
            raise OlxError(self._file, f"<{node.tag}> is expected, <{loaded.tag}> is found")
        return loaded

    def _guarded(self, action: Callable[[], Any]) -> Any:
        """Parsers raise whatever they like; the author wants the file's name."""
        try:
            return action()
        except OlxError:
            raise
        except Exception as error:
            raise OlxError(self._file, str(error).strip() or type(error).__name__) from error

    @staticmethod
    def _name_for(node: Any) -> str:
        return hashlib.sha1(etree.tostring(node), usedforsecurity=False).hexdigest()[:20]

    def load_block_type(self, block_type: str) -> type[XBlock]:
        """Plain types are mapped to the published blocks."""
        return block_class(block_type)

    def applicable_aside_types(self, _block: XBlock) -> list[str]:
        """None."""
        return []

    def parse_asides(self, *_arguments: object) -> list[Any]:
        """None."""
        return []

    def get_policy(self, _usage_id: UsageKey) -> dict[str, Any]:
        """Policies of single blocks are not used."""
        return {}

    def _not_here(self, *_arguments: object, **_named: object) -> Any:
        raise NotImplementedError("A course that is being read is not rendered.")

    handler_url = local_resource_url = resource_url = publish = _not_here
