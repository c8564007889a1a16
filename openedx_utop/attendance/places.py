"""The numbers by which presences name where somebody was."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from django.db import transaction
from django.db.models import CharField, ExpressionWrapper, F
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.models import PresencePlace

# A course, a subsection and a unit, as text.
Keys = tuple[str, str, str]


def place_number(course: str, module: str, unit: str) -> int:
    """The number of one place, which is written down if it is new."""
    keys = (course, module, unit)
    return place_numbers([keys])[keys]


def place_numbers(places: Iterable[Keys]) -> dict[Keys, int]:
    """The number of each place; those that are new are written down, and may come from several at once.

    Raises InvalidKeyError if one of those is no place.
    """
    by_digest = {digest(keys): keys for keys in places}
    found = _found(by_digest)
    if len(found) < len(by_digest):
        # In one order, so that two that write down the same never wait for each other.
        new = [_place(by_digest[known_by]) for known_by in sorted(by_digest) if by_digest[known_by] not in found]
        with transaction.atomic():
            PresencePlace.objects.bulk_create(new, ignore_conflicts=True)
        found = _found(by_digest)
    return found


def place_keys(numbers: Iterable[int]) -> dict[int, Keys]:
    """What these numbers stand for."""
    course, module, unit = (
        ExpressionWrapper(F(name), CharField()) for name in ("course_key", "module_key", "unit_key")
    )
    places = PresencePlace.objects.filter(pk__in=set(numbers))
    return {number: tuple(keys) for number, *keys in places.values_list("pk", course, module, unit)}


def _found(by_digest: Mapping[str, Keys]) -> dict[Keys, int]:
    places = PresencePlace.objects.filter(digest__in=by_digest)
    return {by_digest[known_by]: number for known_by, number in places.values_list("digest", "id")}


def _place(keys: Keys) -> PresencePlace:
    course, module, unit = CourseKey.from_string(keys[0]), *map(UsageKey.from_string, keys[1:])
    return PresencePlace(course_key=course, module_key=module, unit_key=unit, digest=digest(keys))


def digest(keys: Keys) -> str:
    """What a place is found by."""
    return sha256("\n".join(keys).encode()).hexdigest()
