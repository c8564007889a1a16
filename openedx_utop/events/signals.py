"""What the product announces."""

from django.dispatch import Signal
from openedx_events.tooling import OpenEdxPublicSignal

from openedx_utop.events.data import AwardData

# .. event_type: org.openedx.learning.utop_award.granted.v1
# .. event_name: AWARD_GRANTED
# .. event_description: Emitted after the commit of an award, once per learner and training action.
# .. event_data: AwardData
AWARD_GRANTED = OpenEdxPublicSignal(
    event_type="org.openedx.learning.utop_award.granted.v1",
    data={"award": AwardData},
)

# Sent in process after each credited beat, too often for a public event. Arguments: user_id, course_key.
presence_credited = Signal()

# Sent in process when a signature adds live hours. Arguments: user_id, course_key.
hours_signed = Signal()

# Sent in process after the commit that makes a correction of time count.
# Arguments: user_id, course_key, correction_uuid.
correction_effective = Signal()

# Sent in process when a company was declared and the public register did not answer. Argument: siret.
company_unanswered = Signal()

# Sent in process after the commit that leaves something to do on a badge platform. Argument: delivery_id.
delivery_due = Signal()
