"""xAPI statements of our tracking events, in the vocabulary of event-routing-backends.

`apps.py` imports this where that package is installed, and nowhere else: it registers itself.
"""

from django.conf import settings
from event_routing_backends.processors.xapi import constants
from event_routing_backends.processors.xapi.registry import XApiTransformersRegistry
from event_routing_backends.processors.xapi.transformer import XApiTransformer
from tincan import Activity, ActivityDefinition, Extensions, LanguageMap, Result, Verb

from openedx_utop import tracking

# Of the registry of xAPI (ActivityStreams), and of the vocabulary of Open Badges 3.0.
BADGE = "http://activitystrea.ms/schema/1.0/badge"
CREDENTIAL = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"


@XApiTransformersRegistry.register(tracking.BADGE_AWARDED)
class BadgeAwarded(XApiTransformer):
    """The learner earned the badge; the result leads to the signed credential, which anyone can verify."""

    _verb = Verb(id=constants.XAPI_VERB_EARNED, display=LanguageMap({constants.EN: constants.EARNED}))
    additional_fields = ("result",)

    def get_object(self) -> Activity:
        """The badge, at the address that describes it."""
        name = LanguageMap({settings.LANGUAGE_CODE: self.get_data("data.badge_name", True)})
        return Activity(id=self.get_data("data.badge", True), definition=ActivityDefinition(type=BADGE, name=name))

    def get_result(self) -> Result:
        """Where the credential answers."""
        return Result(success=True, extensions=Extensions({CREDENTIAL: self.get_data("data.credential", True)}))
