"""Every document that differs from another in one leaf, one name or one element."""

import copy
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


def mutations(document: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each leaf changed, then each member and element removed; yields the place and the whole altered document."""
    for path, value in _places(document):
        if not isinstance(value, dict | list):
            yield path, _with(document, path, lambda holder, key, value=value: holder.__setitem__(key, _other(value)))
        yield path, _with(document, path, lambda holder, key: holder.__delitem__(key))


def _places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    children: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key), child
        yield from _places(child, (*path, key))


def _with(document: dict[str, Any], path: Path, change: Any) -> dict[str, Any]:
    altered = copy.deepcopy(document)
    holder: Any = altered
    for key in path[:-1]:
        holder = holder[key]
    change(holder, path[-1])
    return altered


def _other(value: Any) -> Any:
    return not value if isinstance(value, bool) else f"{value}x"
