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
# .. event_description: The badge of an award was signed, the first of that award.
BADGE_AWARDED = "openedx.utop.badge.awarded"
# .. event_name: openedx.utop.badge.reissued
# .. event_description: A badge was signed anew, of an award that had one before; `replaces` says which.
BADGE_REISSUED = "openedx.utop.badge.reissued"
# .. event_name: openedx.utop.badge.renewed
# .. event_description: The same, with a validity that begins on that day.
BADGE_RENEWED = "openedx.utop.badge.renewed"
# .. event_name: openedx.utop.badge.revoked
# .. event_description: A badge was revoked, and none was put in its place.
BADGE_REVOKED = "openedx.utop.badge.revoked"
# .. event_name: openedx.utop.badge.refused
# .. event_description: A badge was withdrawn because its holder refuses it.
BADGE_REFUSED = "openedx.utop.badge.refused"
# .. event_name: openedx.utop.validation.given
# .. event_description: Somebody confirmed that the learner has what a badge stands for.
VALIDATION_GIVEN = "openedx.utop.validation.given"
# .. event_name: openedx.utop.validation.withdrawn
# .. event_description: That was taken back.
VALIDATION_WITHDRAWN = "openedx.utop.validation.withdrawn"
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


def badge_changed(
    event: str, user_id: int, course_key: CourseKey, *, credential: str, badge: str, name: str, replaces: str = ""
) -> None:
    """A badge was signed or ended, as the event's name says; all are addresses, which answer for what they name."""
    data = {"user_id": user_id, "credential": credential, "badge": badge, "badge_name": name}
    platform().track(event, user_id, course_key, {**data, **({"replaces": replaces} if replaces else {})})


def validation_changed(event: str, user_id: int, course_key: CourseKey, *, badge: str, name: str) -> None:
    """A learner was validated for a badge, or no longer is, as the event's name says; by whom stays in the register."""
    platform().track(event, user_id, course_key, {"user_id": user_id, "badge": badge, "badge_name": name})


def sector_changed(event: str, user_id: int, course_key: CourseKey, *, sector: str, former: str, method: str) -> None:
    """A learner's sector was chosen or changed, as the event's name says; `sector` and `former` are slugs."""
    data = {"user_id": user_id, "sector": sector, "former_sector": former, "method": method}
    platform().track(event, user_id, course_key, data)
