"""Metadata and entry points; tools are configured in pyproject.toml."""

from pathlib import Path

from setuptools import find_packages, setup

setup(
    name="openedx-utop",
    version="0.1.0",
    description="Attendance, sector tracks and Open Badges for vocational training on Open edX",
    long_description=(Path(__file__).parent / "README.rst").read_text(encoding="utf-8"),
    long_description_content_type="text/x-rst",
    license="AGPL-3.0-only",
    license_files=["LICENSE"],
    python_requires=">=3.11",
    packages=find_packages(include=["openedx_utop", "openedx_utop.*", "xblocks", "xblocks.*"]),
    include_package_data=True,
    zip_safe=False,
    install_requires=[
        "Django>=4.2,<6.0",
        "Pillow>=11",
        "PyJWT>=2.10",
        "PyLD>=3.3,<4",
        "XBlock>=5.2",
        "celery>=5.5,<6",
        "cryptography>=45",
        "djangorestframework>=3.16",
        "drf-spectacular>=0.28",
        "edx-completion>=4.9",
        "edx-django-utils>=8.0",
        "edx-drf-extensions>=10.6",
        "edx-opaque-keys[django]>=3.0",
        "markdown-it-py>=3,<5",
        "openedx-events>=10.5",
        "openedx-filters>=2.1",
        "python-stdnum>=2.2",
        "requests>=2.32",
        "segno>=1.6.6",
        "typst>=0.15.2,<0.16",
    ],
    extras_require={
        "redis": ["hiredis>=3.2", "redis>=6.4,<8"],
        "intake": ["granian[uvloop]>=2.5,<3"],
    },
    entry_points={
        "lms.djangoapp": ["openedx_utop = openedx_utop.apps:OpenedxUtopConfig"],
        "cms.djangoapp": ["openedx_utop = openedx_utop.apps:OpenedxUtopConfig"],
        "xblock.v1": [
            "utop_sector_choice = xblocks.sector_choice.block:SectorChoiceBlock",
            "utop_sector_text = xblocks.sector_text.block:SectorTextBlock",
            "utop_award = xblocks.award.block:AwardBlock",
            "utop_attendance_meter = xblocks.attendance_meter.block:AttendanceMeterBlock",
        ],
        "openedx.course_app": [
            "utop_tracks = openedx_utop.course_app:TracksCourseApp",
            "utop_badges = openedx_utop.course_app:BadgesCourseApp",
        ],
        "openedx.course_tab": [
            "utop = openedx_utop.course_tab:UtopTab",
            "utop_steering = openedx_utop.course_tab:SteeringTab",
        ],
    },
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Framework :: Django",
        "Framework :: Django :: 4.2",
        "Framework :: Django :: 5.2",
        "Natural Language :: French",
        "Natural Language :: English",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
    ],
)
