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
STREAMS = "http://activitystrea.ms/schema/1.0"
BADGE = f"{STREAMS}/badge"
CREDENTIAL = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"
SELECTED = "http://id.tincanapi.com/verb/selected"
CATEGORY = "http://id.tincanapi.com/activitytype/category"
# Of Dublin Core: what something was put in the place of.
REPLACES = "http://purl.org/dc/terms/replaces"


def verb(address: str, word: str) -> Verb:
    """The verb at this address."""
    return Verb(id=address, display=LanguageMap({constants.EN: word}))


class AboutBadge(XApiTransformer):
    """What a learner has to do with a badge."""

    additional_fields = ("result",)
    succeeds = True

    def get_object(self) -> Activity:
        """The badge, at the address that describes it."""
        name = LanguageMap({settings.LANGUAGE_CODE: self.get_data("data.badge_name", True)})
        return Activity(id=self.get_data("data.badge", True), definition=ActivityDefinition(type=BADGE, name=name))

    def get_result(self) -> Result:
        """Where the credential answers, and the one before it."""
        told = {CREDENTIAL: self.get_data("data.credential"), REPLACES: self.get_data("data.replaces")}
        known = {name: address for name, address in told.items() if address}
        return Result(success=self.succeeds, **({"extensions": Extensions(known)} if known else {}))


@XApiTransformersRegistry.register(tracking.BADGE_AWARDED)
class BadgeAwarded(AboutBadge):
    """The learner earned the badge; the result leads to the signed credential, which anyone can verify."""

    _verb = verb(constants.XAPI_VERB_EARNED, constants.EARNED)


@XApiTransformersRegistry.register(tracking.BADGE_REISSUED)
@XApiTransformersRegistry.register(tracking.BADGE_RENEWED)
class BadgeReplaced(AboutBadge):
    """The learner has another credential of a badge that they earned before."""

    _verb = verb(f"{STREAMS}/receive", "received")


@XApiTransformersRegistry.register(tracking.BADGE_REVOKED)
class BadgeRevoked(AboutBadge):
    """The credential no longer holds."""

    _verb = verb(f"{STREAMS}/lose", "lost")
    succeeds = False


@XApiTransformersRegistry.register(tracking.BADGE_REFUSED)
class BadgeRefused(AboutBadge):
    """The learner does not want it."""

    _verb = verb(f"{STREAMS}/reject", "rejected")
    succeeds = False


@XApiTransformersRegistry.register(tracking.VALIDATION_GIVEN)
class ValidationGiven(AboutBadge):
    """Somebody confirmed what the learner can do."""

    _verb = verb(f"{STREAMS}/qualify", "qualified")


@XApiTransformersRegistry.register(tracking.VALIDATION_WITHDRAWN)
class ValidationWithdrawn(ValidationGiven):
    """The same verb, without success."""

    succeeds = False


@XApiTransformersRegistry.register(tracking.SECTOR_CHOSEN)
@XApiTransformersRegistry.register(tracking.SECTOR_CHANGED)
class SectorSelected(XApiTransformer):
    """The learner's sector; where it changed, the result names the former one."""

    _verb = verb(SELECTED, "selected")
    additional_fields = ("result",)

    def get_object(self) -> Activity:
        """The sector, by its slug."""
        slug = self.get_data("data.sector", True)
        name = LanguageMap({settings.LANGUAGE_CODE: slug})
        return Activity(
            id=self.get_object_iri("utop/sectors", slug), definition=ActivityDefinition(type=CATEGORY, name=name)
        )

    def get_result(self) -> Result:
        """The way by which it came to be, and the former sector."""
        former, way = self.get_data("data.former_sector"), self.get_data("data.method")
        return Result(response=way, **({"extensions": Extensions({REPLACES: former})} if former else {}))
