"""What the product announces."""

from django.dispatch import Signal
from openedx_events.tooling import OpenEdxPublicSignal

from openedx_utop.events.data import AwardData, SeatData, SectorData

# .. event_type: org.openedx.learning.utop_award.granted.v1
# .. event_name: AWARD_GRANTED
# .. event_description: Emitted after the commit of an award, once per learner and training action.
# .. event_data: AwardData
AWARD_GRANTED = OpenEdxPublicSignal(
    event_type="org.openedx.learning.utop_award.granted.v1",
    data={"award": AwardData},
)

# .. event_type: org.openedx.learning.utop_sector.chosen.v1
# .. event_name: SECTOR_CHOSEN
# .. event_description: Emitted after the commit of a learner's first sector in a course, once the platform was asked
#    to show its track.
# .. event_data: SectorData
SECTOR_CHOSEN = OpenEdxPublicSignal(
    event_type="org.openedx.learning.utop_sector.chosen.v1",
    data={"choice": SectorData},
)

# .. event_type: org.openedx.learning.utop_sector.changed.v1
# .. event_name: SECTOR_CHANGED
# .. event_description: Emitted after the commit of a change of a learner's sector in a course, once the platform was
#    asked to show its track.
# .. event_data: SectorData
SECTOR_CHANGED = OpenEdxPublicSignal(
    event_type="org.openedx.learning.utop_sector.changed.v1",
    data={"choice": SectorData},
)

# .. event_type: org.openedx.learning.utop_seat.granted.v1
# .. event_name: SEAT_GRANTED
# .. event_description: Emitted once an account has accepted a seat of a company in a course and is enrolled there.
# .. event_data: SeatData
SEAT_GRANTED = OpenEdxPublicSignal(
    event_type="org.openedx.learning.utop_seat.granted.v1",
    data={"seat": SeatData},
)

# .. event_type: org.openedx.learning.utop_seat.withdrawn.v1
# .. event_name: SEAT_WITHDRAWN
# .. event_description: Emitted after the commit that takes an accepted seat back from its account.
# .. event_data: SeatData
SEAT_WITHDRAWN = OpenEdxPublicSignal(
    event_type="org.openedx.learning.utop_seat.withdrawn.v1",
    data={"seat": SeatData},
)

# Sent in process after each credited beat, or each stored batch of them, too often for a public event. Arguments:
# course_key, user_ids.
presence_credited = Signal()

# Sent in process after the commit that adds live hours of a learner, or takes some away.
# Arguments: user_id, course_key.
live_hours_changed = Signal()

# Sent in process after the commit that makes invitations, a portion of a list at once. Argument: uuids.
invitations_made = Signal()

# Sent in process when a list of people is begun and lines of it are left to do. Argument: uuid.
list_due = Signal()

# Sent in process after the commit that takes an accepted seat back. Argument: uuid.
seat_withdrawn = Signal()

# Sent in process after the commit that makes a correction of time count.
# Arguments: user_id, course_key, correction_uuid.
correction_effective = Signal()

# Sent in process after the commit that validates a learner, or withdraws that. Arguments: user_id, course_key.
validation_changed = Signal()

# Sent in process when a company was declared and the public register did not answer. Argument: siret.
company_unanswered = Signal()

# Sent in process after the commit that leaves something to do on a badge platform. Argument: delivery_id.
delivery_due = Signal()
