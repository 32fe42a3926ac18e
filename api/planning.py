"""Reasons, comparisons and proposals: what a coordinator asks of a plan, and what mends a disturbed week."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.actors import neighbourhoods_of, user_of
from api.schema import MOMENT, NUMBER, TEXT, says
from identity import clock
from identity.models import Role
from marketplace.models import Booking
from scheduling import comparing, mending, moving, repair_words, replanning
from scheduling.models import Plan, Proposal, Repair, Visit
from scheduling.reasoning import Reasons
from scheduling.repair_week import monday_of
from workers_pool.models import Worker


class PlanQuery(serializers.Serializer[Any]):
    plan = serializers.CharField(required=False, help_text="ref of a plan; what is published when left out")


class WhyNotQuery(PlanQuery):
    chosen = serializers.CharField(help_text="ref of a worker who goes")
    other = serializers.CharField(help_text="ref of a worker who does not")


class StartOut(serializers.Serializer[Any]):
    start_at = serializers.DateTimeField()
    able = serializers.ListField(child=serializers.CharField(), help_text="who could go then")
    others = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="what keeps each of the others away",
    )


class WhyOut(serializers.Serializer[Any]):
    crew = serializers.ListField(
        child=serializers.CharField(), help_text="refs of who goes; nobody when it is unserved"
    )
    start_at = serializers.DateTimeField(allow_null=True)
    starts = StartOut(many=True)
    remedies = serializers.ListField(
        child=serializers.CharField(), help_text="what would help, the cheapest first"
    )


class WhyNotOut(serializers.Serializer[Any]):
    rules = serializers.ListField(child=serializers.CharField(), help_text="rules that refuse the other")
    parts = serializers.ListField(
        child=serializers.CharField(), help_text="what would cost more with the other"
    )
    dearer = serializers.IntegerField()
    turn = serializers.CharField(help_text="what would turn it round")


def _booking(request: Request, ref: str) -> Booking:
    rows = Booking.objects.select_related("neighbourhood", "customer")
    return get_object_or_404(rows, ref=ref, neighbourhood__in=neighbourhoods_of(request, Role.COORDINATOR))


def _plans(request: Request) -> "QuerySet[Plan]":
    rows = Plan.objects.select_related("neighbourhood")
    return rows.filter(neighbourhood__in=neighbourhoods_of(request, Role.COORDINATOR))


def _reasons(request: Request, booking: Booking) -> Reasons:
    ref = request.query_params.get("plan", "")
    plan = (
        get_object_or_404(_plans(request), ref=ref, neighbourhood=booking.neighbourhood_id) if ref else None
    )
    return Reasons(booking, plan)


class Why(APIView):
    """GET: why a booking has nobody, start by start and worker by worker, and what would help; or who goes."""

    @extend_schema(parameters=[PlanQuery], responses=WhyOut)
    def get(self, request: Request, ref: str) -> Response:
        reasons = _reasons(request, _booking(request, ref))
        found = reasons.unserved() if reasons.is_known and not reasons.crew else None
        workers = Worker.objects.filter(pk__in=[int(key) for key in reasons.crew]).order_by("pk")
        return Response(
            {
                "crew": [worker.ref for worker in workers], "start_at": reasons.start,
                "starts": [
                    {"start_at": one.start, "able": one.able, "others": dict(one.others)}
                    for one in (found.starts if found else ())
                ],
                "remedies": found.remedies if found else [],
            }
        )  # fmt: skip


class WhyNot(APIView):
    """GET: why one worker goes and another does not; 404 when that is not the question (any more)."""

    @extend_schema(parameters=[WhyNotQuery], responses=WhyNotOut)
    def get(self, request: Request, ref: str) -> Response:
        booking = _booking(request, ref)
        form = WhyNotQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        pool = Worker.objects.filter(neighbourhood=booking.neighbourhood_id)
        chosen, other = (
            get_object_or_404(pool, ref=form.validated_data[name]) for name in ("chosen", "other")
        )
        answer = _reasons(request, booking).why_not(chosen, other)
        if answer is None:
            return Response(status=status.HTTP_404_NOT_FOUND)
        return Response(WhyNotOut(answer).data)


class CompareQuery(serializers.Serializer[Any]):
    against = serializers.CharField(
        required=False, help_text="ref of a plan of the same week; else what is published"
    )


class PartOut(serializers.Serializer[Any]):
    what = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    difference = serializers.IntegerField()


class SideOut(serializers.Serializer[Any]):
    start_at = serializers.DateTimeField()
    workers = serializers.ListField(child=serializers.CharField())


class LineOut(serializers.Serializer[Any]):
    booking = serializers.CharField()
    before = SideOut(allow_null=True)
    after = SideOut(allow_null=True)


class CompareOut(serializers.Serializer[Any]):
    is_better = serializers.BooleanField(allow_null=True)
    parts = PartOut(many=True)
    lines = LineOut(many=True)


def _side(said: Any) -> dict[str, Any] | None:
    return {"start_at": said[0], "workers": said[1]} if said else None


class Compare(APIView):
    """GET: a plan beside another one of its week, or beside what is published, part by part."""

    @extend_schema(parameters=[CompareQuery], responses=CompareOut)
    def get(self, request: Request, ref: str) -> Response:
        plan, against = get_object_or_404(_plans(request), ref=ref), request.query_params.get("against", "")
        week = _plans(request).filter(neighbourhood=plan.neighbourhood, monday=plan.monday)
        other = get_object_or_404(week, ref=against, made_at__isnull=False) if against else None
        found = comparing.compared(plan, other)
        return Response(
            {
                "is_better": found.is_better,
                "parts": [
                    {"what": str(label), "before": before, "after": after, "difference": difference}
                    for label, before, after, difference in found.parts
                ],
                "lines": [
                    {"booking": line.booking.ref, "before": _side(line.before), "after": _side(line.after)}
                    for line in found.lines
                ],
            }
        )


class RepairIn(serializers.Serializer[Any]):
    cause = serializers.ChoiceField(choices=Repair.Cause.choices)
    visits = serializers.ListField(child=serializers.CharField(), default=list, help_text="of one week")
    bookings = serializers.ListField(child=serializers.CharField(), default=list)
    not_before = serializers.DateTimeField(required=False, help_text="when a late client is at home")


class SentenceOut(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="goes, face, promise, pay, open or fine")
    text = serializers.CharField()


class ProposalOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    rank = serializers.IntegerField()
    figures = serializers.JSONField()
    costs = serializers.SerializerMethodField()

    def get_costs(self, proposal: Proposal) -> list[dict[str, str]]:
        said = repair_words.sentences(proposal, at=proposal.repair.ready_at or clock.now())
        return [{"kind": one.kind, "text": one.text} for one in said]


class RepairOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    cause = serializers.CharField()
    state = serializers.CharField()
    proposals = serializers.SerializerMethodField()

    @extend_schema(responses=ProposalOut(many=True))
    def get_proposals(self, repair: Repair) -> Any:
        return ProposalOut(repair.proposals.select_related("repair").order_by("rank"), many=True).data


class Repairs(APIView):
    """POST: ask what can be done about a disturbed week; a worker finds out."""

    @extend_schema(request=RepairIn, responses={201: RepairOut})
    def post(self, request: Request) -> Response:
        mine = neighbourhoods_of(request, Role.COORDINATOR)
        form = RepairIn(data=request.data)
        form.is_valid(raise_exception=True)
        facts = form.validated_data
        visits = [get_object_or_404(Visit, ref=ref, neighbourhood__in=mine) for ref in facts["visits"]]
        bookings = [get_object_or_404(Booking, ref=ref, neighbourhood__in=mine) for ref in facts["bookings"]]
        weeks = {(row.neighbourhood_id, monday_of(row.start_at)) for row in visits}
        weeks |= {(row.neighbourhood_id, monday_of(row.starts[0])) for row in bookings}
        if len(weeks) != 1:
            raise ValidationError({"visits": "Name visits and bookings of one week of one neighbourhood."})
        ((where, monday),) = weeks
        repair = replanning.ask(
            facts["cause"], visits=[row.pk for row in visits], bookings=[row.pk for row in bookings],
            not_before=facts.get("not_before"), neighbourhood_id=where, monday=monday, by=user_of(request), at=clock.now(),
        )  # fmt: skip
        return Response(RepairOut(repair).data, status.HTTP_201_CREATED)


class OneRepair(APIView):
    """GET: the proposals, best first, each with what it costs in words."""

    @extend_schema(responses=RepairOut)
    def get(self, request: Request, ref: str) -> Response:
        mine = neighbourhoods_of(request, Role.COORDINATOR)
        return Response(RepairOut(get_object_or_404(Repair, ref=ref, neighbourhood__in=mine)).data)


class ApplyProposal(APIView):
    """POST: do a proposal, whole; 409 when the week changed since."""

    @extend_schema(request=None, responses=RepairOut)
    def post(self, request: Request, ref: str) -> Response:
        mine = neighbourhoods_of(request, Role.COORDINATOR)
        proposal = get_object_or_404(Proposal, ref=ref, repair__neighbourhood__in=mine)
        return Response(RepairOut(mending.apply(proposal.pk, by=user_of(request), at=clock.now())).data)


class MoveIn(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="of the visit when it was looked at; 409 when it moved on")
    leaves = serializers.CharField(required=False)
    comes = serializers.CharField(required=False)
    start_at = serializers.DateTimeField(required=False)


class MoveVisit(APIView):
    """POST: give a visit to another worker, or let it begin at another time; 409 with the rule that refuses."""

    @extend_schema(request=MoveIn, responses=says("Moved", visit=TEXT, version=NUMBER, start_at=MOMENT))
    def post(self, request: Request, ref: str) -> Response:
        visit = get_object_or_404(
            Visit, ref=ref, neighbourhood__in=neighbourhoods_of(request, Role.COORDINATOR)
        )
        form = MoveIn(data=request.data)
        form.is_valid(raise_exception=True)
        facts, pool = form.validated_data, Worker.objects.filter(neighbourhood=visit.neighbourhood_id)
        leaves, comes = (
            get_object_or_404(pool, ref=facts[name]).pk if name in facts else None
            for name in ("leaves", "comes")
        )
        moved = moving.move(
            visit.pk, version=facts["version"], leaves=leaves, comes=comes,
            start_at=facts.get("start_at", visit.start_at), by=user_of(request), at=clock.now(),
        )  # fmt: skip
        return Response(
            {"visit": moved.ref, "version": moved.version, "start_at": timezone.localtime(moved.start_at)}
        )
