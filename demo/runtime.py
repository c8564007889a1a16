"""A compact XBlock runtime over real opaque keys."""

import json
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import User
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from eventtracking import tracker
from fs.memoryfs import MemoryFS
from opaque_keys.edx.keys import UsageKey
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.exceptions import NoSuchUsage
from xblock.fields import ScopeIds
from xblock.runtime import IdReader, KvsFieldData, Runtime

from demo import progress
from demo.access import LearnerView
from demo.blocks import CourseSettings, block_class
from demo.field_data import DatabaseStore
from demo.services import runtime_services


class KeyReader(IdReader):
    """Usage keys are definition keys, and tell their block type."""

    def get_definition_id(self, usage_id: UsageKey) -> UsageKey:
        """The same key."""
        return usage_id

    def get_block_type(self, def_id: UsageKey) -> str:
        """The type within the key."""
        return str(def_id.block_type)

    def _no_asides(self, aside_id: Any) -> Any:
        raise NotImplementedError("This host has no asides.")

    get_usage_id_from_aside = get_definition_id_from_aside = _no_asides
    get_aside_type_from_usage = get_aside_type_from_definition = _no_asides


class DemoRuntime(Runtime):
    """Renders and handles the blocks of one course for one account, or for the course's author."""

    def __init__(self, user: User, view: LearnerView, *, is_author: bool = False) -> None:
        services = runtime_services(user, view.tree.course_key, is_staff=view.is_staff)
        store = DatabaseStore(view.tree, user.pk, is_author=is_author)
        services["field-data"] = KvsFieldData(store)
        super().__init__(KeyReader(), None, mixins=(CourseSettings,), services=services)
        self.user, self.view, self.is_author_mode = user, view, is_author
        self.resources_fs = MemoryFS()
        self._blocks: dict[UsageKey, XBlock] = {}

    def load_block_type(self, block_type: str) -> type[XBlock]:
        """Plain types are mapped to the published blocks."""
        return block_class(block_type)

    def get_block(self, usage_id: UsageKey, for_parent: XBlock | None = None) -> XBlock:
        """The block, the same one each time."""
        if usage_id not in self.view.tree:
            raise NoSuchUsage(repr(usage_id))
        if usage_id not in self._blocks:
            user_id = None if self.is_author_mode else self.user.pk
            keys = ScopeIds(user_id, usage_id.block_type, usage_id, usage_id)
            self._blocks[usage_id] = self.construct_xblock(usage_id.block_type, keys, for_parent=for_parent)
        return self._blocks[usage_id]

    def may_see(self, usage_key: UsageKey) -> bool:
        """Whether the account's groups let it see the block."""
        return self.view.may_see(self.view.tree[usage_key])

    def publish(self, block: XBlock, event_type: str, event_data: dict[str, Any]) -> None:
        """Grades and completions go to their tables, the rest to the tracking log."""
        if self.is_author_mode:
            return
        key = block.scope_ids.usage_id
        if event_type == "grade":
            progress.record_grade(self.user, block, event_data["value"], event_data["max_value"])
        elif event_type == "completion":
            progress.record_completion(self.user, key, event_data["completion"])
        else:
            tracker.emit(event_type, {**event_data, "usage_key": str(key), "user_id": self.user.pk})

    def handler_url(
        self,
        block: XBlock,
        handler_name: str,
        suffix: str = "",
        query: str = "",
        thirdparty: bool = False,  # noqa: ARG002
    ) -> str:
        """Where a block's script calls its handler."""
        door = "studio" if self.is_author_mode else "xblock"
        url = f"/{door}/{quote(str(block.scope_ids.usage_id), safe=':+@')}/handler/{handler_name}/{suffix}"
        return f"{url}?{query}" if query else url

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        """Where a file of the block's package is served."""
        return f"/xblock/resource/{block.scope_ids.block_type}/{uri}"

    def resource_url(self, resource: str) -> str:
        """The host serves no other resources."""
        raise NotImplementedError(resource)

    def applicable_aside_types(self, _block: XBlock) -> list[str]:
        """None."""
        return []

    def wrap_xblock(self, block: XBlock, view: str, frag: Fragment, _context: Any) -> Fragment:
        """The element by which the page's script finds the block and starts its JavaScript."""
        arguments = json.dumps(frag.json_init_args).replace("</", "<\\/")
        html = format_html(
            '<div class="xblock xblock-{} xmodule_display xmodule_{}" data-usage-id="{}" data-block-type="{}"'
            ' data-init="{}" data-handler-base="{}">{}{}</div>',
            view,
            type(block).unmixed_class.__name__,
            block.scope_ids.usage_id,
            block.scope_ids.block_type,
            frag.js_init_fn or "",
            self.handler_url(block, "").rstrip("/"),
            mark_safe(frag.body_html()),  # noqa: S308 (the block's own markup)
            mark_safe(f'<script type="json/xblock-args" class="xblock_json_init_args">{arguments}</script>')  # noqa: S308
            if frag.json_init_args is not None
            else "",
        )
        wrapped = Fragment(html)
        wrapped.add_fragment_resources(frag)
        return wrapped
