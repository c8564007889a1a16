"""What a signed-in learner may ask about themselves."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from edx_rest_framework_extensions.auth.jwt.authentication import JwtAuthentication
from opaque_keys.edx.keys import CourseKey
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from openedx_utop import api
from openedx_utop.rest_api.v1.serializers import AwardSerializer, ProgressSerializer


class LearnerView(APIView):
    """Signed in, by session or by the platform's JWT."""

    authentication_classes = [JwtAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    schema = AutoSchema()


class ProgressView(LearnerView):
    """The learner's progress in one training action."""

    @extend_schema(responses=ProgressSerializer)
    def get(self, request: Request, course_key: CourseKey) -> Response:
        """Figures and what is still missing; 404 if the course is no training action of the learner's."""
        evaluation = api.evaluation(request.user.pk, course_key)
        if evaluation is None:
            raise NotFound
        return Response(ProgressSerializer(evaluation).data)


class AwardsView(LearnerView):
    """The learner's awards."""

    @extend_schema(responses=AwardSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All of them, the latest first."""
        return Response(AwardSerializer(api.awards_of(request.user.pk), many=True).data)
