"""What the team's pages call things."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openedx_utop.steering.data import Filter, Order

FILTERS = {
    Filter.EVERYBODY: _("Everybody"),
    Filter.INACTIVE: _("Inactive"),
    Filter.BEHIND: pgettext_lazy("of a learner", "Behind"),
    Filter.ON_TRACK: _("On track"),
    Filter.FINISHED: pgettext_lazy("of a learner", "Finished"),
}
ORDERS = {
    Order.ATTENTION: _("who needs attention first"),
    Order.NAME: _("name"),
    Order.PRESENCE: _("last presence, the oldest first"),
    Order.PROGRESS: _("progress, the least first"),
}
