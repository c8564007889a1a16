"""The operator's tree of sectors, for whoever is signed in."""

from collections.abc import Sequence

from rest_framework import serializers
from rest_framework.generics import ListAPIView

from openedx_utop import api
from openedx_utop.rest_api.v1.views import LearnerView


class SectorSerializer(serializers.Serializer):
    """A trade of the tree."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    parent = serializers.SlugField(allow_null=True, help_text="The sector that it is a branch of.")
    level = serializers.IntegerField(min_value=0, help_text="0 at the top.")
    is_offered = serializers.BooleanField(help_text="False: withdrawn, for new learners.")


class SectorsView(LearnerView, ListAPIView):
    """The whole tree, each sector before its branches."""

    serializer_class = SectorSerializer
    pagination_class = None

    def get_queryset(self) -> Sequence[api.SectorFacts]:
        """An operator has a few dozen sectors at most."""
        return api.sectors()
