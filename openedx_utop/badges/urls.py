"""Pages and machine-readable answers of badges."""

from django.urls import URLPattern, URLResolver, include, path

from openedx_utop import converters  # noqa: F401 (registers course_key)
from openedx_utop.badges import backpack, holder, pages
from openedx_utop.badges.choices import pages as choices

# Identifiers are read by the views, so that a malformed one is answered in plain words too.
urlpatterns: list[URLPattern | URLResolver] = [
    path("credentials/<str:uuid>.json", pages.credential_json, name="credential-json"),
    path("credentials/<str:uuid>.png", pages.credential_png, name="credential-png"),
    path("credentials/<str:uuid>.svg", pages.credential_svg, name="credential-svg"),
    path("credentials/<str:uuid>.jws", pages.credential_token, name="credential-jws"),
    path("credentials/<str:uuid>.jwt", pages.credential_token, name="credential-jwt"),
    path("credentials/<str:uuid>", pages.credential, name="credential"),
    path("badges/", holder.my_badges, name="my-badges"),
    path("badges/<course_key:course_key>/", include("openedx_utop.badges.editing.urls")),
    path("badges/choice/", choices.choose, name="choose-badges"),
    path("badges/<uuid:uuid>/print/", holder.print_badge, name="print-badge"),
    path("badges/<uuid:uuid>/shown/", choices.show, name="show-badge"),
    path("awards/<uuid:award_uuid>/refuse/", choices.refuse, name="refuse-badge"),
    path("awards/<uuid:award_uuid>/accept/", choices.accept, name="accept-badge"),
    path("validations/", include("openedx_utop.badges.validations.urls")),
    path("did.json", pages.issuer, name="did"),
    path(".well-known/jwks.json", pages.issuer_keys, name="jwks"),
    path("status/<str:uuid>", pages.status_list, name="status-list"),
    path("assertions/<str:uuid>.json", pages.hosted_assertion, name="hosted-assertion"),
    path("badge-classes/<str:uuid>.json", pages.hosted_badge_class, name="hosted-badge-class"),
    path("badge-classes/<str:uuid>/<str:sha256>.json", pages.hosted_badge_version, name="hosted-badge-version"),
    path("issuers/<str:number>.json", pages.hosted_issuer, name="hosted-issuer"),
    path("achievements/<str:uuid>.png", pages.achievement_image, name="achievement-image"),
    path("pictures/<str:sha256>.png", pages.picture, name="picture"),
    path("achievements/<str:uuid>", pages.achievement, name="achievement"),
    path("ims/ob/v3p0/credentials", backpack.CredentialsView.as_view(), name="backpack-credentials"),
    path("ims/ob/v3p0/profile", backpack.ProfileView.as_view(), name="backpack-profile"),
]
