"""The JSON shapes of version 1."""

from rest_framework import serializers


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

    condition = serializers.ChoiceField(choices=["sector", "modules", "grade", "time"])
    actual = serializers.FloatField()
    required = serializers.FloatField()


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


class AwardSerializer(serializers.Serializer):
    """An award of the signed-in learner."""

    uuid = serializers.UUIDField()
    course_key = serializers.CharField()
    title = serializers.CharField(source="action.title")
    awarded_at = serializers.DateTimeField()
