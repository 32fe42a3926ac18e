"""What workers do: see their work, answer, check in, check out, call in sick."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.actors import user_of, worker_of
from api.schema import LOST
from identity import clock
from scheduling import nobody_home, offers, replanning, visits
from scheduling.models import Assignment


class WorkOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    state = serializers.CharField()
    start_at = serializers.DateTimeField(source="visit.start_at")
    end_at = serializers.DateTimeField(source="visit.end_at")
    customer = serializers.CharField(source="visit.booking.customer.name")
    address = serializers.CharField(source="visit.booking.address.__str__")
    service = serializers.CharField(source="visit.booking.service.code")
    recorded_minutes = serializers.IntegerField(allow_null=True)
    why = serializers.ListField(child=serializers.DictField())


class Work(APIView):
    """GET: own work, oldest first."""

    @extend_schema(responses=WorkOut(many=True))
    def get(self, request: Request) -> Response:
        rows = Assignment.objects.filter(worker=worker_of(request), state__in=Assignment.LIVE).select_related(
            "visit__booking__customer", "visit__booking__address", "visit__booking__service"
        )
        return Response(WorkOut(rows.order_by("visit__start_at"), many=True).data)


class AnswerIn(serializers.Serializer[Any]):
    takes = serializers.BooleanField()


class Answer(APIView):
    """POST: take or decline an offer."""

    @extend_schema(request=AnswerIn, responses=WorkOut)
    def post(self, request: Request, ref: str) -> Response:
        form = AnswerIn(data=request.data)
        form.is_valid(raise_exception=True)
        row = get_object_or_404(Assignment, ref=ref, worker=worker_of(request))
        row = offers.answer(row.pk, takes=form.validated_data["takes"], by=user_of(request), at=clock.now())
        return Response(WorkOut(row).data)


class CheckIn(APIView):
    """POST: the worker is there."""

    @extend_schema(request=None, responses=WorkOut)
    def post(self, request: Request, ref: str) -> Response:
        row = get_object_or_404(Assignment, ref=ref, worker=worker_of(request))
        return Response(WorkOut(visits.check_in(row.pk, by=user_of(request), at=clock.now())).data)


class CheckOut(APIView):
    """POST: the worker is done."""

    @extend_schema(request=None, responses=WorkOut)
    def post(self, request: Request, ref: str) -> Response:
        row = get_object_or_404(Assignment, ref=ref, worker=worker_of(request))
        return Response(WorkOut(visits.check_out(row.pk, by=user_of(request), at=clock.now())).data)


class NobodyHome(APIView):
    """POST: nobody opened the door, and the worker leaves."""

    @extend_schema(request=None, responses=WorkOut)
    def post(self, request: Request, ref: str) -> Response:
        row = get_object_or_404(Assignment, ref=ref, worker=worker_of(request))
        return Response(WorkOut(nobody_home.report(row.pk, by=user_of(request), at=clock.now())).data)


class SickIn(serializers.Serializer[Any]):
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()


class Sick(APIView):
    """POST: the worker cannot come. No reason is asked."""

    @extend_schema(request=SickIn, responses=LOST)
    def post(self, request: Request) -> Response:
        form = SickIn(data=request.data)
        form.is_valid(raise_exception=True)
        lost, _repairs = replanning.call_in_sick(
            worker_of(request).pk, by=user_of(request), at=clock.now(), **form.validated_data
        )
        return Response({"visits": [row.visit.ref for row in lost]})
