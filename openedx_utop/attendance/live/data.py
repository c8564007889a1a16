"""What live sessions say to others, and what they refuse."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from opaque_keys.edx.keys import UsageKey


@dataclass(frozen=True)
class LiveHours:
    """An interval `[start, end)` of a half-day that a standing signature proves one learner attended.

    `modality`: `onsite_group`, `onsite_individual` or `remote_live`.
    """

    slot_uuid: UUID
    start: datetime
    end: datetime
    modality: str
    title: str
    module_key: UsageKey | None
