"""The host's addresses, and the plugin's as the platform mounts them."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.views.i18n import JavaScriptCatalog

from demo.converters import CourseKeyConverter, UsageKeyConverter
from demo.views import accounts, badge_platform, blocks, courses, instructor, mail, register, studio
from openedx_utop.apps import OpenedxUtopConfig

register_converter(CourseKeyConverter, "demo_course")
register_converter(UsageKeyConverter, "demo_usage")


def _plugin_urls() -> list[URLResolver]:
    """As the plugin declares them, of both processes. `get_plugin_url_patterns` would load edx-completion's, which
    need an LMS.
    """
    plugin_app: dict[str, Any] = OpenedxUtopConfig.plugin_app
    return [_included(declared) for declared in plugin_app["url_config"].values()]


def _included(declared: dict[str, str]) -> URLResolver:
    module = f"{OpenedxUtopConfig.name}.{declared['relative_path']}"
    return re_path(declared["regex"], include((module, OpenedxUtopConfig.name), namespace=declared["namespace"]))


HOST: list[URLPattern | URLResolver] = [
    path("", accounts.home, name="home"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("samples/<uuid:uuid>.pdf", accounts.sample, name="sample"),
    path("mail/", mail.mailbox, name="mailbox"),
    path("register/", register.companies, name="register"),
    path("register/trouble/", register.trouble, name="register_trouble"),
    path("badge-platform/", badge_platform.received, name="badge_platform"),
    path("badge-platform/trouble/", badge_platform.trouble, name="badge_platform_trouble"),
    path("courses/", courses.catalogue, name="catalogue"),
    path("courses/<demo_course:course_key>/", courses.outline, name="outline"),
    path("courses/<demo_course:course_key>/enrol/", courses.enrol, name="enrol"),
    path("courses/<demo_course:course_key>/<demo_usage:usage_key>/", courses.unit, name="unit"),
    path("xblock/resource/<str:block_type>/<path:uri>", blocks.resource, name="resource"),
    path("xblock/<demo_usage:usage_key>", blocks.unit_frame, name="unit_frame"),
    path("xblock/<demo_usage:usage_key>/handler/<str:handler>/", blocks.handle, name="handle"),
    path("xblock/<demo_usage:usage_key>/handler/<str:handler>/<path:suffix>", blocks.handle),
    path("studio/<demo_course:course_key>/", studio.structure, name="studio"),
    path("studio/access/<demo_usage:usage_key>/", studio.group_access, name="studio_access"),
    path("studio/block/<demo_usage:usage_key>/", studio.editor, name="studio_editor"),
    path("studio/frame/<demo_usage:usage_key>/<str:view_name>/", studio.frame, name="studio_frame"),
    path("studio/<demo_usage:usage_key>/handler/<str:handler>/", studio.handle, name="studio_handle"),
    path("studio/<demo_usage:usage_key>/handler/<str:handler>/<path:suffix>", studio.handle),
    path("instructor/<demo_course:course_key>/", instructor.learners, name="instructor"),
]

urlpatterns = [
    path("", include((HOST, "demo"))),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", JavaScriptCatalog.as_view(packages=["demo"]), name="javascript-catalog"),
    path("admin/", admin.site.urls),
    *_plugin_urls(),
]
