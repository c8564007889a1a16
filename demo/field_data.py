"""Where the fields of XBlocks are kept: the author's values in `Block`, the learner's in `LearnerState`."""

from typing import Any, TypeAlias

from opaque_keys.edx.keys import UsageKey
from xblock.exceptions import InvalidScopeError
from xblock.fields import Scope, UserScope
from xblock.runtime import KeyValueStore

from demo.models import LearnerState
from demo.tree import CourseTree

Key: TypeAlias = KeyValueStore.Key


def _is_learners(key: Key) -> bool:
    """The tree's own scopes, `children` and `parent`, say nothing of users."""
    return bool(getattr(key.scope, "user", None) == UserScope.ONE)


def _named(value: Any) -> Any:
    """Named tuples as objects, as the platform's encoder writes them: scores are read back so."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return value._asdict()
    return [_named(item) for item in value] if isinstance(value, list) else value


class DatabaseStore(KeyValueStore):
    """One learner's, or in the author's hands nobody's, view of a course's fields. Values are JSON-ready."""

    def __init__(self, tree: CourseTree, user_id: int, *, is_author: bool) -> None:
        self.tree = tree
        self.user_id = user_id
        self.is_author = is_author
        self._states: dict[str, dict[str, Any]] = {}

    def get(self, key: Key) -> Any:
        """The stored value; KeyError if there is none."""
        return self._values(key)[key.field_name]

    def has(self, key: Key) -> bool:
        """Whether a value is stored."""
        return key.field_name in self._values(key)

    def set(self, key: Key, value: Any) -> None:
        """Store one value."""
        self.set_many({key: value})

    def delete(self, key: Key) -> None:
        """Forget one value."""
        values = self._writable(key)
        del values[key.field_name]
        self._store(key, values)

    def set_many(self, update_dict: dict[Key, Any]) -> None:
        """Store several values, writing each row once."""
        changed: dict[tuple[Any, Any], tuple[Key, dict[str, Any]]] = {}
        for key, value in update_dict.items():
            if key.scope in (Scope.children, Scope.parent):
                continue
            values = self._writable(key)
            values[key.field_name] = _named(value)
            changed[key.scope, key.block_scope_id] = (key, values)
        for key, values in changed.values():
            self._store(key, values)

    def default(self, key: Key) -> Any:
        """What the block inherits; KeyError if it inherits nothing."""
        if not isinstance(key.block_scope_id, UsageKey) or key.block_scope_id not in self.tree:
            raise KeyError(key.field_name)
        return self.tree[key.block_scope_id].inherited(key.field_name)

    def _values(self, key: Key) -> dict[str, Any]:
        if _is_learners(key):
            return self._state(key)
        if key.scope == Scope.user_state_summary:
            raise InvalidScopeError(key)
        node = self.tree[key.block_scope_id]
        if key.scope == Scope.children:
            return {"children": [child.key for child in node.children]} if node.children else {}
        if key.scope == Scope.parent:
            return {"parent": node.parent.key} if node.parent else {}
        values: dict[str, Any] = node.row.content if key.scope == Scope.content else node.row.settings
        return values

    def _state(self, key: Key) -> dict[str, Any]:
        scope = str(key.block_scope_id or "")
        if scope not in self._states:
            row = LearnerState.objects.filter(user_id=self.user_id, scope=scope).first()
            self._states[scope] = row.state if row else {}
        return self._states[scope]

    def _writable(self, key: Key) -> dict[str, Any]:
        """The author writes settings and content, learners write their state, and neither the other's."""
        if self.is_author == (_is_learners(key)):
            raise InvalidScopeError(key)
        return self._values(key)

    def _store(self, key: Key, values: dict[str, Any]) -> None:
        if _is_learners(key):
            scope = str(key.block_scope_id or "")
            LearnerState.objects.update_or_create(user_id=self.user_id, scope=scope, defaults={"state": values})
        else:
            column = "content" if key.scope == Scope.content else "settings"
            self.tree[key.block_scope_id].row.save(update_fields=[column])
