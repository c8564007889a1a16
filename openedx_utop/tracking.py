"""Events for the platform's tracking log, which research and xAPI read: what was earned and signed, never who by name.

Named as the platform names its own; `xapi` makes statements of them where event-routing-backends is installed.
"""

from uuid import UUID

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform

# .. event_name: openedx.utop.award.granted
# .. event_description: A learner fulfilled the conditions of a training action, or of a part of it.
AWARD_GRANTED = "openedx.utop.award.granted"
# .. event_name: openedx.utop.badge.awarded
# .. event_description: The badge of an award was signed.
BADGE_AWARDED = "openedx.utop.badge.awarded"
# .. event_name: openedx.utop.badge.revoked
# .. event_description: A badge was revoked, for whatever reason.
BADGE_REVOKED = "openedx.utop.badge.revoked"
# .. event_name: openedx.utop.sector.chosen
# .. event_description: A learner holds a first sector in a course.
SECTOR_CHOSEN = "openedx.utop.sector.chosen"
# .. event_name: openedx.utop.sector.changed
# .. event_description: A learner holds another sector in a course.
SECTOR_CHANGED = "openedx.utop.sector.changed"


def award_granted(user_id: int, course_key: CourseKey, *, award: UUID, achievement: UUID, scope: str) -> None:
    """An award was made; `scope`: action, block or module."""
    data = {"user_id": user_id, "award": str(award), "achievement": str(achievement), "scope": scope}
    platform().track(AWARD_GRANTED, user_id, course_key, data)


def badge_changed(event: str, user_id: int, course_key: CourseKey, *, credential: str, badge: str, name: str) -> None:
    """A badge was awarded or revoked, as the event's name says; both are addresses, which answer for what they name."""
    data = {"user_id": user_id, "credential": credential, "badge": badge, "badge_name": name}
    platform().track(event, user_id, course_key, data)


def sector_changed(event: str, user_id: int, course_key: CourseKey, *, sector: str, former: str, method: str) -> None:
    """A learner's sector was chosen or changed, as the event's name says; `sector` and `former` are slugs."""
    data = {"user_id": user_id, "sector": sector, "former_sector": former, "method": method}
    platform().track(event, user_id, course_key, data)
