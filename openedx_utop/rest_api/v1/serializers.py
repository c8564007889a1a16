"""The JSON shapes of version 1."""

from rest_framework import serializers

from openedx_utop.training.data import Missing
from openedx_utop.training.wording import in_words


class ModuleSerializer(serializers.Serializer):
    """A module of the learner's own path."""

    usage_key = serializers.CharField()
    title = serializers.CharField()
    section_title = serializers.CharField()
    estimated_seconds = serializers.IntegerField()
    is_complete = serializers.BooleanField()
    completed_at = serializers.DateTimeField(allow_null=True)
    earned = serializers.FloatField()
    possible = serializers.FloatField()


class MissingSerializer(serializers.Serializer):
    """A condition that does not hold yet."""

    condition = serializers.ChoiceField(
        choices=["sector", "modules", "grade", "time", "live", "sessions", "validation"]
    )
    actual = serializers.FloatField()
    required = serializers.FloatField()
    words = serializers.SerializerMethodField(help_text="What is left to do, in the reader's language.")

    def get_words(self, missing: Missing) -> str:
        """A sentence, with the modules concerned."""
        return in_words(missing)


class ProgressSerializer(serializers.Serializer):
    """Where the learner stands; the durations, in seconds, are never merged."""

    title = serializers.CharField(source="action.title")
    estimated_seconds = serializers.IntegerField(help_text="Published average duration of the whole path.")
    realised_seconds = serializers.IntegerField(help_text="Published average duration of the completed modules.")
    connection_seconds = serializers.IntegerField(source="presence_seconds", help_text="Measured presence.")
    certified_seconds = serializers.IntegerField(
        help_text="Presence, live hours and corrections within the action's limits: what conditions look at."
    )
    grade = serializers.FloatField(help_text="Percent.")
    is_fulfilled = serializers.BooleanField()
    missing = MissingSerializer(many=True)
    path = ModuleSerializer(many=True)


class BadgeSerializer(serializers.Serializer):
    """What can be awarded in a training action, and what the learner still lacks for it."""

    uuid = serializers.UUIDField(allow_null=True, help_text="Null: of the whole action, and nobody has it yet.")
    scope = serializers.ChoiceField(choices=["action", "block", "module"])
    name = serializers.CharField()
    is_fulfilled = serializers.BooleanField()
    missing = MissingSerializer(many=True)
    modules = serializers.ListField(child=serializers.CharField(), help_text="The learner's own of those it is about.")


class AwardSerializer(serializers.Serializer):
    """An award of the signed-in learner; `scope`: of a whole training action, of a block or of a module."""

    uuid = serializers.UUIDField()
    name = serializers.CharField(source="achievement.name")
    scope = serializers.ChoiceField(choices=["action", "block", "module"], source="achievement.scope")
    course_key = serializers.CharField()
    title = serializers.CharField(source="action.title")
    awarded_at = serializers.DateTimeField()


class SectorSerializer(serializers.Serializer):
    """A trade of the operator's tree."""

    slug = serializers.CharField()
    name = serializers.CharField()


class TrackSerializer(serializers.Serializer):
    """One track of a course, counted in people."""

    sector = SectorSerializer(allow_null=True, help_text="Null: the learners who have not chosen.")
    chosen = serializers.IntegerField(help_text="Who ever followed it.")
    arrived = serializers.IntegerField(help_text="Who came to it from another track.")
    left = serializers.IntegerField(help_text="Who went from it to another track.")
    learners = serializers.IntegerField(help_text="Who follows it now and is enrolled.")
    finished = serializers.IntegerField(help_text="Those of them whose whole path is completed.")
    dropped = serializers.IntegerField(help_text="Who followed it last and is enrolled no more.")
    connection_seconds = serializers.IntegerField(help_text="Measured presence of `learners`, together.")
