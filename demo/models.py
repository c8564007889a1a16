"""The host's own tables: what the platform keeps in its modulestore, cohorts, enrolments and gradebook."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField


class Stage(models.TextChoices):
    """How far an account of the demonstration has come, or what it is for."""

    NEW = "new", _("has just enrolled and has not chosen a trade")
    MIDWAY = "midway", _("has finished the common modules and started those of the trade")
    BEHIND = "behind", _("has fallen behind")
    LAST_MODULE = "last_module", _("has one module left")
    FINISHED = "finished", _("has finished: badge and certificate")
    INSTRUCTOR = "instructor", _("follows the learners of the course")
    HR = "hr", _("lists the people of a company")
    AUTHOR = "author", _("edits the course and administers the site")


class Account(models.Model):
    """
    A fictitious account, offered on the home page with one-click sign-in.

    .. pii: The accounts are fictitious.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    siret = models.CharField(max_length=14, blank=True)

    def __str__(self) -> str:
        return str(self.user)


class Course(models.Model):
    """
    A course run, as imported from OLX.

    .. no_pii: Describes a course.
    """

    course_key = CourseKeyField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    grading_policy = models.JSONField(default=dict)
    staff = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="courses_taught", blank=True)

    def __str__(self) -> str:
        return self.title


class ContentGroup(models.Model):
    """
    A content group of the course's cohort partition; its members are the cohort linked to it.

    .. no_pii: Describes a course.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="content_groups")
    partition_id = models.PositiveIntegerField()
    group_id = models.PositiveIntegerField()
    name = models.CharField(max_length=255)

    class Meta:
        ordering = ["group_id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "partition_id", "group_id"], name="demo_one_group_per_id"),
        ]

    def __str__(self) -> str:
        return self.name


class Enrollment(models.Model):
    """
    A learner's place in a course.

    .. pii: Links an account to a course.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrollments")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="enrollments")
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="demo_one_enrollment_per_course")]

    def __str__(self) -> str:
        return f"{self.user} → {self.course}"


class CohortMembership(models.Model):
    """
    The cohort a learner is in: one per course.

    .. pii: Links an account to a group.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cohort_memberships")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="cohort_memberships")
    group = models.ForeignKey(ContentGroup, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="demo_one_cohort_per_course")]

    def __str__(self) -> str:
        return f"{self.user} → {self.group}"


class Block(models.Model):
    """
    An XBlock of a course: its place in the tree and the values that its author gave to its fields.

    .. no_pii: Describes a course.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="blocks")
    usage_key = UsageKeyField(max_length=255, unique=True)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, related_name="children", null=True)
    position = models.PositiveIntegerField()
    settings = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    content = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    max_score = models.FloatField(null=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.usage_key)


class LearnerState(models.Model):
    """
    The values of a learner's fields. `scope` is a usage key (state in a block), a block type (preferences) or empty.

    .. pii: Holds a learner's answers.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=255)
    state = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "scope"], name="demo_one_state_per_scope")]

    def __str__(self) -> str:
        return f"{self.user}: {self.scope}"


class Score(models.Model):
    """
    A learner's weighted points in one block.

    .. pii: Links an account to results.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    usage_key = UsageKeyField(max_length=255)
    earned = models.FloatField()
    possible = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "usage_key"], name="demo_one_score_per_block")]

    def __str__(self) -> str:
        return f"{self.user}: {self.earned}/{self.possible}"
