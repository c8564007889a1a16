"""The real XBlock library over real usage keys, with fields in memory."""

from typing import Any

from opaque_keys.edx.keys import CourseKey, UsageKey
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.fields import ScopeIds
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import DictKeyValueStore, IdReader, KvsFieldData, Runtime

from demo.services import DemoI18nService

COURSE = CourseKey.from_string("course-v1:utop+tpe+2027")


class User(UserService):
    """An account with the platform's attributes."""

    def __init__(self, user_id: int | None, *, is_staff: bool = False) -> None:
        super().__init__()
        self.attributes = {"edx-platform.user_id": user_id, "edx-platform.user_is_staff": is_staff}

    def get_current_user(self) -> XBlockUser:
        user = XBlockUser()
        user.opt_attrs = dict(self.attributes)
        return user


class Unit(XBlock):
    """A vertical."""

    has_children = True


class MemoryRuntime(Runtime):
    """Keeps what blocks publish."""

    def __init__(self, user: User) -> None:
        services = {"user": user, "i18n": DemoI18nService(), "field-data": KvsFieldData(DictKeyValueStore())}
        super().__init__(IdReader, None, services=services)
        self.published: list[tuple[str, dict[str, Any]]] = []
        self.blocks: dict[UsageKey, XBlock] = {}

    def publish(self, block: XBlock, event_type: str, event_data: dict[str, Any]) -> None:
        self.published.append((event_type, event_data))

    def handler_url(self, block: XBlock, handler_name: str, *args: Any, **kwargs: Any) -> str:
        return f"/handler/{handler_name}"

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        return f"/xblock/resource/{block.scope_ids.block_type}/{uri}"

    def resource_url(self, resource: str) -> str:
        raise NotImplementedError(resource)

    def get_block(self, usage_id: UsageKey, for_parent: XBlock | None = None) -> XBlock:
        return self.blocks[usage_id]

    def applicable_aside_types(self, block: XBlock) -> list[str]:
        return []


def in_unit(runtime: MemoryRuntime, block_type: str) -> XBlock:
    """A block in a unit of a subsection."""
    module, unit, leaf = (COURSE.make_usage_key(kind, kind) for kind in ("sequential", "vertical", block_type))
    runtime.blocks[unit] = Unit(runtime, scope_ids=ScopeIds(7, "vertical", unit, unit))
    runtime.blocks[unit].parent = module
    block = runtime.construct_xblock_from_class(XBlock.load_class(block_type), ScopeIds(7, block_type, leaf, leaf))
    block.parent = unit
    runtime.blocks[leaf] = block
    return block


def html(fragment: Fragment) -> str:
    """What is shown."""
    return str(fragment.content)
