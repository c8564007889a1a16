"""Search in a course; the LMS alone imports this, by the name in `SEARCH_RESULT_PROCESSOR`."""

from typing import Any

from edx_django_utils.cache import RequestCache
from lms.djangoapps.course_blocks.api import get_course_blocks
from lms.lib.courseware_search.lms_result_processor import LmsSearchResultProcessor


class OwnPathSearchResults(LmsSearchResultProcessor):
    """Hits on the searcher's own path.

    The platform's own keeps the blocks that the first searcher of a course may see, and filters everybody's hits by
    them for as long as the process lives.
    """

    def get_course_blocks(self, user: Any) -> Any:
        """Once per searcher and request."""
        course_key = self.get_course_key()
        known, key = RequestCache("openedx_utop.search"), f"{user.pk} {course_key}"
        found = known.get_cached_response(key)
        if found.is_found:
            return found.value
        blocks = get_course_blocks(user, self.get_module_store().make_course_usage_key(course_key))
        known.set(key, blocks)
        return blocks
