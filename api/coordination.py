"""What coordinators do: plan, publish, replace, record, close a week. What QA and treasurer do with a dispute."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.actors import needs, neighbourhood_of, neighbourhoods_of, user_of
from api.schema import LOST, NUMBER, TEXT, YES, Reasons, says
from identity import clock
from identity.models import Role
from quality import disputes
from quality.models import Dispute
from scheduling import (
    cancellation,
    planning,
    publishing,
    replacing,
    replanning,
    sick_call,
    visits,
    week_closing,
)
from scheduling.models import Assignment, Plan, Visit
from scheduling.week_problem import Week
from workers_pool.models import Worker


class SentOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    state = serializers.CharField()
    worker = serializers.CharField()
    email = serializers.CharField()


class WeekVisitOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    booking = serializers.CharField()
    state = serializers.CharField()
    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()
    crew = serializers.IntegerField()
    assignments = SentOut(many=True)


class WeekVisits(APIView):
    """GET: the visits of a week in the coordinator's neighbourhoods, with who goes."""

    @extend_schema(responses=WeekVisitOut(many=True))
    def get(self, request: Request, monday: str) -> Response:
        week = Week(date.fromisoformat(monday))
        rows = Visit.objects.filter(
            neighbourhood__in=neighbourhoods_of(request, Role.COORDINATOR), start_at__gte=week.start, start_at__lt=week.end
        ).prefetch_related("assignments__worker__user").select_related("booking")  # fmt: skip
        return Response(
            [
                {
                    "ref": row.ref, "booking": row.booking.ref, "state": row.state, "start_at": row.start_at,
                    "end_at": row.end_at, "crew": row.booking.crew,
                    "assignments": [
                        {"ref": a.ref, "state": a.state, "worker": a.worker.ref, "email": a.worker.user.email}
                        for a in row.assignments.all()
                    ],
                }
                for row in rows.order_by("start_at", "pk")
            ]
        )  # fmt: skip


class PlanIn(serializers.Serializer[Any]):
    neighbourhood = serializers.CharField()
    monday = serializers.DateField()
    seconds = serializers.IntegerField(min_value=1, max_value=120, default=10)
    seed = serializers.IntegerField(default=1)


class PlanOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    state = serializers.CharField()
    figures = serializers.JSONField()
    unassigned = serializers.SerializerMethodField()

    def get_unassigned(self, plan: Plan) -> list[dict[str, str]]:
        rows = plan.unassigned.select_related("booking")
        return [
            {"booking": row.booking.ref, "code": row.code, "nl": row.reason_nl, "en": row.reason_en}
            for row in rows
        ]


def _plan(request: Request, ref: str) -> Plan:
    return get_object_or_404(Plan, ref=ref, neighbourhood__in=neighbourhoods_of(request, Role.COORDINATOR))


def _visit(request: Request, ref: str) -> Visit:
    return get_object_or_404(Visit, ref=ref, neighbourhood__in=neighbourhoods_of(request, Role.COORDINATOR))


def _assignment(request: Request, ref: str) -> Assignment:
    mine = neighbourhoods_of(request, Role.COORDINATOR)
    return get_object_or_404(Assignment, ref=ref, visit__neighbourhood__in=mine)


class Plans(APIView):
    """POST: ask for a plan; a worker makes it."""

    @extend_schema(request=PlanIn, responses={201: PlanOut})
    def post(self, request: Request) -> Response:
        form = PlanIn(data=request.data)
        form.is_valid(raise_exception=True)
        facts = dict(form.validated_data)
        where = neighbourhood_of(request, facts.pop("neighbourhood"), Role.COORDINATOR)
        plan = planning.ask(where.pk, by=user_of(request), at=clock.now(), **facts)
        return Response(PlanOut(plan).data, status.HTTP_201_CREATED)


class OnePlan(APIView):
    """GET: how far a plan is, and what it leaves unserved and why."""

    @extend_schema(responses=PlanOut)
    def get(self, request: Request, ref: str) -> Response:
        return Response(PlanOut(_plan(request, ref)).data)


class PublishPlan(APIView):
    """POST: publish a draft."""

    @extend_schema(request=None, responses=says("Published", visits=NUMBER))
    def post(self, request: Request, ref: str) -> Response:
        made = publishing.publish(_plan(request, ref).pk, by=user_of(request), at=clock.now())
        return Response({"visits": len(made)})


class SickWorkerIn(serializers.Serializer[Any]):
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()


class SickWorker(APIView):
    """POST: a worker called in sick."""

    @extend_schema(request=SickWorkerIn, responses=LOST)
    def post(self, request: Request, ref: str) -> Response:
        form = SickWorkerIn(data=request.data)
        form.is_valid(raise_exception=True)
        mine = neighbourhoods_of(request, Role.COORDINATOR)
        worker = get_object_or_404(Worker, ref=ref, neighbourhood__in=mine)
        lost, _repairs = replanning.call_in_sick(
            worker.pk, by=user_of(request), at=clock.now(), **form.validated_data
        )
        return Response({"visits": [row.visit.ref for row in lost]})


class Candidates(APIView):
    """GET: who can take a free place, best first."""

    @extend_schema(responses=says("CandidateOut", many=True, worker=TEXT, name=TEXT, why=Reasons))
    def get(self, request: Request, ref: str) -> Response:
        found = replacing.candidates(_visit(request, ref).pk)
        return Response(
            [{"worker": row.worker.ref, "name": row.worker.user.name, "why": row.why} for row in found]
        )


class ReplaceIn(serializers.Serializer[Any]):
    worker = serializers.CharField()


class Replace(APIView):
    """POST: send somebody to a free place."""

    @extend_schema(request=ReplaceIn, responses={201: says("Replaced", assignment=TEXT, state=TEXT)})
    def post(self, request: Request, ref: str) -> Response:
        form = ReplaceIn(data=request.data)
        form.is_valid(raise_exception=True)
        visit = _visit(request, ref)
        worker = get_object_or_404(
            Worker, ref=form.validated_data["worker"], neighbourhood=visit.neighbourhood_id
        )
        row = replacing.replace(visit.pk, worker_id=worker.pk, by=user_of(request), at=clock.now())
        return Response({"assignment": row.ref, "state": row.state}, status.HTTP_201_CREATED)


class DropVisit(APIView):
    """POST: take back a visit to which nobody can be sent; the customer's cheques are free again."""

    @extend_schema(request=None, responses=says("Dropped", dropped=YES))
    def post(self, request: Request, ref: str) -> Response:
        visit = _visit(request, ref)
        cancellation.cancel(visit.booking_id, by=user_of(request), at=clock.now(), despite_term=True)
        return Response({"dropped": True})


class NoShow(APIView):
    """POST: a worker did not come."""

    @extend_schema(request=None, responses=says("NotCome", state=TEXT))
    def post(self, request: Request, ref: str) -> Response:
        row = sick_call.mark_no_show(_assignment(request, ref).pk, by=user_of(request), at=clock.now())
        return Response({"state": row.state})


class TimesIn(serializers.Serializer[Any]):
    checked_in_at = serializers.DateTimeField()
    checked_out_at = serializers.DateTimeField()


class RecordTimes(APIView):
    """POST: the times of a worker whose phone did not record them."""

    @extend_schema(request=TimesIn, responses=says("Recorded", recorded_minutes=NUMBER))
    def post(self, request: Request, ref: str) -> Response:
        form = TimesIn(data=request.data)
        form.is_valid(raise_exception=True)
        row = visits.record_by_hand(
            _assignment(request, ref).pk, by=user_of(request), at=clock.now(), **form.validated_data
        )
        return Response({"recorded_minutes": row.recorded_minutes})


class WeekIn(serializers.Serializer[Any]):
    neighbourhood = serializers.CharField()
    monday = serializers.DateField()


class CloseWeek(APIView):
    """POST: accept the hours of a week."""

    @extend_schema(request=WeekIn, responses={201: says("Closed", closed=YES)})
    def post(self, request: Request) -> Response:
        form = WeekIn(data=request.data)
        form.is_valid(raise_exception=True)
        where = neighbourhood_of(request, form.validated_data["neighbourhood"], Role.COORDINATOR)
        week_closing.close(
            where.pk, monday=form.validated_data["monday"], by=user_of(request), at=clock.now()
        )
        return Response({"closed": True}, status.HTTP_201_CREATED)


class ProposalIn(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(min_value=0)
    grounds = serializers.CharField(max_length=2000)


class ProposeOutcome(APIView):
    """POST: QA proposes how many minutes the customer owes."""

    @extend_schema(request=ProposalIn, responses=says("Proposed", proposed=YES))
    def post(self, request: Request, ref: str) -> Response:
        form = ProposalIn(data=request.data)
        form.is_valid(raise_exception=True)
        mine = neighbourhoods_of(request, Role.QA)
        dispute = get_object_or_404(Dispute, ref=ref, visit__neighbourhood__in=mine)
        disputes.propose(dispute.pk, by=user_of(request), at=clock.now(), **form.validated_data)
        return Response({"proposed": True})


class DecideDispute(APIView):
    """POST: the treasurer agrees with QA's proposal."""

    @extend_schema(request=None, responses=says("Decided", decided=YES))
    def post(self, request: Request, ref: str) -> Response:
        user = needs(request, Role.TREASURER)
        disputes.decide(get_object_or_404(Dispute, ref=ref).pk, by=user, at=clock.now())
        return Response({"decided": True})
