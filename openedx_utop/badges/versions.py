"""What a badge said, kept for each content that was signed: what was awarded stays as it was awarded."""

import json
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from openedx_utop.badges import rules
from openedx_utop.badges.data import UnknownAchievement
from openedx_utop.badges.models import AchievementVersion
from openedx_utop.badges.pictures import keep_shipped_picture

Json = dict[str, Any]


class Content(NamedTuple):
    """The text of what a badge says, and its SHA-256."""

    text: str
    sha256: str


def content_of(achievement: Json) -> Content:
    """Of an achievement as it is signed; others' words are theirs, and no part of it."""
    own = {
        name: value for name, value in achievement.items() if name not in {"@context", "endorsement", "endorsementJwt"}
    }
    text = json.dumps(own, sort_keys=True)
    return Content(text, sha256(text.encode()).hexdigest())


def keep_version(achievement_id: int, said: rules.Achievement) -> None:
    """Keep what is signed now, unless it was kept before; two workers at once leave one row."""
    content = content_of(rules.achievement_document(said))
    kept = AchievementVersion.objects.filter(achievement_id=achievement_id, sha256=content.sha256)
    if not kept.exists():
        row = AchievementVersion(achievement_id=achievement_id, sha256=content.sha256, document=content.text)
        AchievementVersion.objects.bulk_create([row], ignore_conflicts=True)
        keep_shipped_picture()


def is_kept(uuid: UUID, digest: str) -> bool:
    """Whether an achievement said this in a badge; what was signed before versions were kept may be unknown."""
    return AchievementVersion.objects.filter(achievement__uuid=uuid, sha256=digest).exists()


def version(uuid: UUID, digest: str) -> AchievementVersion:
    """What an achievement said, with the achievement and its action; raises UnknownAchievement."""
    rows = AchievementVersion.objects.select_related("achievement__action")
    found = rows.filter(achievement__uuid=uuid, sha256=digest).first()
    if found is None:
        raise UnknownAchievement(uuid)
    return found
