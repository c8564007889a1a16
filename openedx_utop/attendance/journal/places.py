"""Units and subsections as the courses' chains hold them, so that a learner's rows name them by a number."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.journal.models import NO_LEARNER, JournalRow
from openedx_utop.attendance.journal.rules import PLACE, Row, place_row
from openedx_utop.attendance.places import Keys, place_keys
from openedx_utop.compat import platform


class Places:
    """What the journal knows of each course, read once, and what the platform shows there today."""

    def __init__(self) -> None:
        self._known: dict[str, dict[tuple[str, str], tuple[int, Mapping[str, Any]]]] = {}
        self._titles: dict[str, Mapping[str, str]] = {}
        self._keys: dict[int, Keys] = {}

    def keys(self, places: set[int]) -> dict[int, Keys]:
        """Course, subsection and unit of these places, given as presences name them."""
        self._keys |= place_keys(places - self._keys.keys())
        return {place: self._keys[place] for place in places}

    def news(self, places: Mapping[int, Keys]) -> Iterator[tuple[str, Row]]:
        """The rows to add to the courses' chains for these places: those new to the journal, or titled anew."""
        for course, module, unit in sorted(places.values()):
            known, titles = self._course(course), self._shown(course)
            row = place_row(unit, module, titles)
            if (unit, module) not in known or (titles and not _says(known[unit, module][1], row)):
                yield course, row

    def note(self, course: str, number: int, fields: Mapping[str, Any]) -> None:
        """Such a row was added to the course's chain."""
        self._course(course)[fields["unit"], fields["module"]] = (number, fields)

    def numbers(self, places: Mapping[int, Keys]) -> dict[int, int]:
        """Of each place, its latest row in the course's chain."""
        return {place: self._course(course)[unit, module][0] for place, (course, module, unit) in places.items()}

    def _course(self, course: str) -> dict[tuple[str, str], tuple[int, Mapping[str, Any]]]:
        if course not in self._known:
            self._known[course] = {}
            rows = JournalRow.objects.filter(chain__user_id=NO_LEARNER, chain__course_key=course, kind=PLACE)
            for position, content in rows.order_by("position").values_list("position", "content"):
                self.note(course, position, json.loads(bytes(content)))
        return self._known[course]

    def _shown(self, course: str) -> Mapping[str, str]:
        if course not in self._titles:
            titles = platform().block_titles(CourseKey.from_string(course))
            self._titles[course] = {str(key): title for key, title in titles.items()}
        return self._titles[course]


def _says(fields: Mapping[str, Any], row: Row) -> bool:
    return all(fields.get(name) == value for name, value in row.fields.items())
