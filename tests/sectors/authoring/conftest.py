"""A small course in the in-memory Studio, with an author in front of it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import AssignmentType, AuthoredBlock, AuthoredCourse, ContentGroup
from openedx_utop.sectors.api import define_sector, set_track
from tests.host import InMemoryPlatform

COURSE = CourseKey.from_string("course-v1:utop+tpe+2027")
AUTHOR, COLLEAGUE = 71, 72
HOTEL, BANK = 1, 2
PAGE = f"/utop/authoring/{COURSE}/"


def block(name: str, level: int, parent: str = "", **facts: object) -> AuthoredBlock:
    """`sequential@one`, under the name of its parent."""
    block_type, block_id = name.split("@")
    above = COURSE.make_usage_key(*parent.split("@")) if parent else None
    return AuthoredBlock(COURSE.make_usage_key(block_type, block_id), level, block_id.title(), above, **facts)  # type: ignore[arg-type]


@pytest.fixture
def course(db: None, host: InMemoryPlatform) -> CourseKey:
    """One section: a trunk, a module of the hotels, one of the banks; a sector without a track."""
    for slug, name in (("hotel", "Hôtellerie"), ("banque", "Banque"), ("sante", "Santé")):
        define_sector(slug, name=name)
    set_track(COURSE, "hotel", "Hôtellerie")
    set_track(COURSE, "banque", "Banque")
    groups = (ContentGroup(50, HOTEL, "Hôtellerie"), ContentGroup(50, BANK, "Banque"))
    blocks = (
        block("chapter@semaine", 1),
        block("sequential@tronc", 2, "chapter@semaine", assignment="Module"),
        block("vertical@tronc_u", 3, "sequential@tronc"),
        block("sequential@hotel", 2, "chapter@semaine", groups=frozenset({HOTEL}), assignment="Module"),
        block("vertical@hotel_u", 3, "sequential@hotel"),
        block("sequential@guichet", 2, "chapter@semaine", groups=frozenset({BANK}), assignment="Module"),
        block("vertical@guichet_u", 3, "sequential@guichet", is_pending=True),
    )
    grading = (AssignmentType("Module", 1.0, 2, 0),)
    host.authored[COURSE] = AuthoredCourse("Petit cours", "/studio/", groups, blocks, grading)
    host.groups[COURSE] = groups
    host.members[COURSE] = {HOTEL: frozenset({1, 2, 3}), BANK: frozenset({4}), None: frozenset({5})}
    host.done = {COURSE.make_usage_key("vertical", "hotel_u"): frozenset({1, 2})}
    for user_id in (AUTHOR, COLLEAGUE):
        User.objects.create(pk=user_id, username=f"author{user_id}")
        host.authors.add((user_id, COURSE))
    return COURSE


def signed_in(user_id: int) -> Client:
    """A browser."""
    client = Client()
    client.force_login(User.objects.get(pk=user_id))
    return client


@pytest.fixture
def author(course: CourseKey) -> Client:
    """The author's browser."""
    return signed_in(AUTHOR)
