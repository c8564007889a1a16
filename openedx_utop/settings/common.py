"""Tunables, each overridable by the operator's YAML under the same name."""

from typing import Any

from openedx_utop.settings.extension_points import merge_extension_points


def plugin_settings(settings: Any) -> None:
    """Set defaults and register the plugin's extension points."""
    settings.UTOP_PLATFORM = "openedx_utop.compat.OpenEdxPlatform"

    settings.UTOP_RECORDER = "openedx_utop.attendance.backends.direct.DirectRecorder"
    # Of the redis recorder, and of it alone: a database of a Redis that never evicts. docs/operators/recorder.md
    settings.UTOP_REDIS_URL = ""
    # A beat waits for it this long at most, then goes straight to the database.
    settings.UTOP_REDIS_TIMEOUT_SECONDS = 0.2
    # Whether beats are answered before the platform's own middleware. The answers are the same.
    settings.UTOP_BEATS_IN_FIRST_POSITION = True
    settings.UTOP_BEAT_SECONDS = 30
    settings.UTOP_SILENCE_SECONDS = 90
    # The silence admitted, 60 to 600: while reading, and in units that hold one of these blocks.
    settings.UTOP_IDLE_SECONDS = 180
    settings.UTOP_ACTIVITY_IDLE_SECONDS = 300
    settings.UTOP_ACTIVITY_BLOCK_TYPES = ["problem", "openassessment", "edx_sga", "freetextresponse"]
    # Somebody who only watches is asked this often whether they are still there.
    settings.UTOP_MEDIA_PROMPT_SECONDS = 1200
    settings.UTOP_TRAIL_SECONDS = 15
    settings.UTOP_LEASE_SECONDS = 600

    # A correction of more minutes than this needs a second person, and so do smaller ones that add up to more.
    settings.UTOP_CORRECTION_REVIEW_MINUTES = 60
    settings.UTOP_EVIDENCE_MAX_BYTES = 5 * 1024 * 1024

    # Where the policy of an action asks for IP addresses: the keys that encrypt them, today's first, as
    # `utop_create_key --addresses` prints them. None: no address is stored.
    settings.UTOP_ADDRESS_KEYS = []

    # For how many days an invitation to a course can be accepted, and in what language it is written.
    settings.UTOP_INVITATION_DAYS = 30
    settings.UTOP_INVITATION_LANGUAGE = "fr"

    # Platforms often run in UTC; what an auditor reads must not.
    settings.UTOP_TIME_ZONE = "Europe/Paris"

    # The trainers' page: days without presence before a learner is inactive, and of grace before one is behind.
    settings.UTOP_INACTIVE_DAYS = 7
    settings.UTOP_BEHIND_DAYS = 7

    settings.UTOP_EVALUATION_DELAY_SECONDS = 10
    settings.UTOP_PRESENCE_EVALUATION_DELAY_SECONDS = 300

    # The Ed25519 seed that signs badges, as `utop_create_key` prints it. Empty: nothing is signed, and a check says so.
    settings.UTOP_SIGNING_KEY = ""
    # Keys that signed before, public (`z6Mk…`, PEM) or private: what they signed is valid for as long as they are here.
    settings.UTOP_RETIRED_SIGNING_KEYS = []
    # The RSA key, in PEM, that signs the same badges as tokens (VC-JWT). Empty: badges have no token.
    settings.UTOP_JWT_SIGNING_KEY = ""

    _retention(settings)
    _companies(settings)
    _badges(settings)

    merge_extension_points(settings)


def _retention(settings: Any) -> None:
    """How long what is kept for a time is kept."""
    # For how many days `utop_apply_retention` leaves what is no evidence: where learners' tabs stand, once
    # none is used any more (one day at least); places in past sessions and the like; and IP addresses.
    settings.UTOP_CLOCK_DAYS = 7
    settings.UTOP_RUNNING_STATE_DAYS = 365
    settings.UTOP_ADDRESS_DAYS = 365
    # The same for the names and e-mail addresses of enrolment lists, counted from the last change of the seat.
    settings.UTOP_LIST_DAYS = 365

    # For how many years `utop_erase_journal` leaves what the sealed journal holds of a learner in a training, from the
    # end of the year in which it was over; and where the European Union paid for a part of it.
    settings.UTOP_JOURNAL_YEARS = 6
    settings.UTOP_JOURNAL_EU_YEARS = 10


def _companies(settings: Any) -> None:
    """The public registers, and who may take part."""
    # recherche-entreprises; empty: it is never asked. docs/operators/registre-des-entreprises.md
    settings.UTOP_COMPANY_REGISTER_URL = "https://recherche-entreprises.api.gouv.fr"
    settings.UTOP_COMPANY_REGISTER_TIMEOUT_SECONDS = 5
    # Requests a second, of all processes that share a cache. The register allows seven to an IP address.
    settings.UTOP_COMPANY_REGISTER_RATE = 5
    # How long its facts are trusted, and how long it is believed that it does not know a number.
    settings.UTOP_COMPANY_FACTS_DAYS = 30
    settings.UTOP_UNKNOWN_COMPANY_HOURS = 24
    # France compétences (SIRET to OPCO). Without a key it is never asked.
    settings.UTOP_OPCO_REGISTER_URL = "https://api.francecompetences.fr"
    settings.UTOP_OPCO_REGISTER_KEY = ""
    # Companies of this many employees or more are not eligible; 0: no limit.
    settings.UTOP_HEADCOUNT_LIMIT = 250


def _badges(settings: Any) -> None:
    """Whom badges are sent on to, and who vouches for them."""
    # Badge platforms that badges are sent on to, by a name of yours. docs/operators/badge-platforms.md
    settings.UTOP_BADGE_PLATFORMS = {}
    # Endorsers of badges (`host` or `host:port`) that may be at a private address, and are asked without TLS. Trust
    # them as much as the platform: any other host must be public.
    settings.UTOP_PRIVATE_ENDORSERS = []
    # How many days before a badge expires its holder is told; 0: never. And every how many days endorsers are asked
    # whether they still list the key that they signed with.
    settings.UTOP_EXPIRY_NOTICE_DAYS = 30
    settings.UTOP_ENDORSER_CHECK_DAYS = 7
