"""Enrolment by lists, for the software of HR departments: the same rules and the same desks as the pages."""

from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from opaque_keys.edx.keys import CourseKey
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from openedx_utop import api
from openedx_utop.rest_api.v1.views import LearnerView

COMPANY = OpenApiParameter("company", str, description="SIRET; without it, the first company that you answer for.")

REASON = OpenApiParameter("reason", str, description="Why: needed for a seat that is accepted; its holder reads it.")


class LineSerializer(serializers.Serializer):
    """A line of a list, with its verdict."""

    line = serializers.IntegerField(source="line.number", help_text="From 1.")
    email = serializers.CharField(source="line.email")
    verdict = serializers.ChoiceField(choices=[each.value for each in api.EnrolmentVerdict])
    explanation = serializers.CharField(help_text="A sentence, where the verdict alone does not say what to do.")


class CheckSerializer(serializers.Serializer):
    """A list to try."""

    company = serializers.CharField(required=False, help_text=COMPANY.description)
    list = serializers.CharField(
        trim_whitespace=False, max_length=1_000_000, help_text="email;nom;prenom;siret;secteur;niveau, a line a person"
    )


class ApplySerializer(CheckSerializer):
    """A list to apply."""

    form_id = serializers.UUIDField(help_text="Made by you: the same one again changes nothing, or resumes.")


class VerdictsSerializer(serializers.Serializer):
    """What would become of each line."""

    lines = LineSerializer(many=True)


class AppliedListSerializer(VerdictsSerializer):
    """What became of each line."""

    uuid = serializers.UUIDField()
    pasted_at = serializers.DateTimeField()
    is_finished = serializers.BooleanField()


@extend_schema_serializer(component_name="Seat")
class SeatSerializer(serializers.Serializer):
    """A seat or a place on the waiting list; names are empty once they are erased."""

    uuid = serializers.UUIDField()
    email = serializers.CharField()
    last_name = serializers.CharField()
    first_name = serializers.CharField()
    state = serializers.ChoiceField(choices=["invited", "accepted", "waiting", "withdrawn"])
    changed_at = serializers.DateTimeField()
    reason = serializers.CharField(help_text="Why an accepted seat was taken back.")
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Of the invitation in force.")


class SeatsSerializer(serializers.Serializer):
    """The seats of a company."""

    capacity = serializers.IntegerField(allow_null=True, help_text="None: as many as are asked for.")
    taken = serializers.IntegerField()
    waiting = serializers.IntegerField()
    people = SeatSerializer(many=True)


# Views are described as classes: the description of a method rests on the platform's default, which knows none.
# Seats are given in transactions of their own, each beginning with the lock.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class DeskView(LearnerView):
    """For whoever enrols people in the course; for everybody else there is nothing here."""

    def desk(self, company: str | None) -> api.EnrolmentDesk:
        """Where the caller sits; 404 elsewhere."""
        found = api.enrolment_desk(self.request.user.pk, cast(CourseKey, self.kwargs["course_key"]), company)
        if found is None:
            raise NotFound
        return found

    def sent(self, request: Request) -> tuple[api.EnrolmentDesk, bytes, dict[str, Any]]:
        """The caller's desk, the list, and everything that was sent."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = cast(dict[str, Any], form.validated_data)
        return self.desk(said.get("company")), str(said["list"]).encode(), said


@extend_schema(responses=VerdictsSerializer)
class CheckListView(DeskView):
    """Try a list."""

    serializer_class = CheckSerializer

    def post(self, request: Request, **_kwargs: object) -> Response:
        """A verdict for each line; nothing is written."""
        desk, content, _said = self.sent(request)
        try:
            lines = api.check_list(desk, content, now=timezone.now())
        except api.BadList as error:
            raise ValidationError({"list": [str(error)]}) from error
        return Response(VerdictsSerializer({"lines": lines}).data)


@extend_schema(responses={201: AppliedListSerializer})
class ListsView(DeskView):
    """Apply a list."""

    serializer_class = ApplySerializer

    def post(self, request: Request, **_kwargs: object) -> Response:
        """Seats and invitations for the lines that are fit; a verdict for each."""
        desk, content, said = self.sent(request)
        try:
            uuid = api.apply_list(desk, content, form_id=said["form_id"], now=timezone.now())
        except api.BadList as error:
            raise ValidationError({"list": [str(error)]}) from error
        return Response(AppliedListSerializer(api.applied_list(desk, uuid)).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[COMPANY])
class AppliedListView(DeskView):
    """A list applied earlier."""

    serializer_class = AppliedListSerializer

    def get(self, request: Request, uuid: UUID, **_kwargs: object) -> Response:
        """Its verdicts."""
        found = api.applied_list(self.desk(request.query_params.get("company")), uuid)
        if found is None:
            raise Http404
        return Response(self.get_serializer(found).data)


@extend_schema(parameters=[COMPANY])
class SeatsView(DeskView):
    """The seats of a company."""

    serializer_class = SeatsSerializer

    def get(self, request: Request, **_kwargs: object) -> Response:
        """How many, and whose."""
        desk = self.desk(request.query_params.get("company"))
        seats = api.enrolment_seats(desk)
        shown = {"capacity": seats.capacity, "taken": seats.taken, "waiting": seats.waiting}
        return Response(self.get_serializer({**shown, "people": api.seats_of(desk)}).data)


@extend_schema(parameters=[COMPANY, REASON])
class SeatView(DeskView):
    """One seat."""

    serializer_class = SeatSerializer

    def delete(self, request: Request, uuid: UUID, **_kwargs: object) -> Response:
        """Take the seat back: its link no longer works, and whoever waited longest is invited."""
        desk = self.desk(request.query_params.get("company"))
        try:
            reason = request.query_params.get("reason", "")
            seat = api.withdraw_seat(desk, uuid, now=timezone.now(), reason=reason)
        except api.UnknownSeat as error:
            raise NotFound from error
        except api.SeatSettled as error:
            raise ValidationError({"detail": str(error)}) from error
        return Response(self.get_serializer(seat).data)
