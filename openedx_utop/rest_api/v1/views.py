"""What a signed-in learner may ask about themselves, and the staff about their course."""

from collections.abc import Sequence

from drf_spectacular.openapi import AutoSchema
from edx_rest_framework_extensions.auth.jwt.authentication import JwtAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.permissions import IsAuthenticated

from openedx_utop import api
from openedx_utop.rest_api.v1.serializers import AwardSerializer, BadgeSerializer, ProgressSerializer, TrackSerializer


class LearnerView(GenericAPIView):
    """Signed in, by session or by the platform's JWT."""

    authentication_classes = [JwtAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    # The platform's own default describes nothing.
    schema = AutoSchema()


class ProgressView(LearnerView, RetrieveAPIView):
    """Where the signed-in learner stands in one training action, and what is still missing."""

    serializer_class = ProgressSerializer

    def get_object(self) -> api.Evaluation:
        """404 if the course is no training action."""
        evaluation = api.evaluation(self.request.user.pk, self.kwargs["course_key"])
        if evaluation is None:
            raise NotFound
        return evaluation


class BadgesView(LearnerView, ListAPIView):
    """Where the signed-in learner stands for each badge of a training action, the whole action's first."""

    serializer_class = BadgeSerializer
    pagination_class = None

    def get_queryset(self) -> Sequence[dict[str, object]]:
        """404 if the course is no training action."""
        action = api.action_for(self.kwargs["course_key"])
        if action is None:
            raise NotFound
        return [
            {
                "uuid": badge.uuid,
                "scope": badge.scope,
                "name": badge.name,
                "is_fulfilled": standing.is_fulfilled,
                "missing": standing.missing,
                "modules": [str(module.usage_key) for module in standing.path],
            }
            for badge, standing in api.evaluations(self.request.user.pk, action)
        ]


class AwardsView(LearnerView, ListAPIView):
    """The signed-in learner's awards, the latest first."""

    serializer_class = AwardSerializer
    pagination_class = None

    def get_queryset(self) -> Sequence[api.AwardFacts]:
        """A learner has a handful of awards at most."""
        return api.awards_of(self.request.user.pk)


class TracksView(LearnerView, ListAPIView):
    """For the staff of a course: what became of each of its tracks, the learners without one last."""

    serializer_class = TrackSerializer
    pagination_class = None

    def get_queryset(self) -> Sequence[api.TrackFigures]:
        """404 if the course is no training action, or the asker not of its staff."""
        tracks = api.tracks_for(self.request.user.pk, self.kwargs["course_key"])
        if tracks is None:
            raise NotFound
        return tracks
