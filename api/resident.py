"""What residents and firms do: register, buy, book, confirm, say that it is not right."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.actors import customer_of, idempotency_key, user_of
from cheques import converging, lots, purchase, refund_accounts, refunds
from cheques.models import Lot, Order
from identity import clock, permissions, registration
from identity.models import Address, Customer
from marketplace import bookings, catalogue
from marketplace.models import Booking, Service
from quality import disputes
from quality.models import Dispute
from scheduling import cancellation, confirming, slots
from scheduling.models import Visit


class RegisterIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Customer.Kind.choices, default="resident")
    name = serializers.CharField(max_length=120)
    phone = serializers.CharField(max_length=20, allow_blank=True, default="")
    postcode = serializers.CharField(max_length=8)
    house_number = serializers.CharField(max_length=12)
    language = serializers.CharField(max_length=5, default="nl")
    kvk = serializers.CharField(max_length=8, allow_blank=True, default="")
    vat_id = serializers.CharField(max_length=20, allow_blank=True, default="")


class Register(APIView):
    """POST: become a customer."""

    @extend_schema(request=RegisterIn, responses={201: None})
    def post(self, request: Request) -> Response:
        form = RegisterIn(data=request.data)
        form.is_valid(raise_exception=True)
        facts = dict(form.validated_data)
        kind, user, at = facts.pop("kind"), user_of(request), clock.now()
        if kind == Customer.Kind.FIRM:
            del facts["language"]
            customer = registration.register_firm(user=user, at=at, **facts)
        else:
            del facts["kvk"], facts["vat_id"]
            customer = registration.register_resident(user=user, at=at, **facts)
        return Response({"ref": customer.ref, "address": customer.address.ref}, status.HTTP_201_CREATED)


class WalletOut(serializers.Serializer[Any]):
    free = serializers.IntegerField()
    held = serializers.IntegerField()
    used = serializers.IntegerField()
    expired = serializers.IntegerField()
    frozen = serializers.IntegerField()
    refunded = serializers.IntegerField()
    outstanding = serializers.IntegerField()


class Wallet(APIView):
    """GET: the figures of the wallet, in minutes."""

    @extend_schema(responses=WalletOut)
    def get(self, request: Request) -> Response:
        return Response(WalletOut(lots.figures(customer_of(request).pk, at=clock.now())).data)


class ServiceOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    name_nl = serializers.CharField()
    name_en = serializers.CharField()
    min_minutes = serializers.IntegerField()
    max_minutes = serializers.IntegerField()
    max_crew = serializers.IntegerField()


class Services(APIView):
    """GET: what can be booked today."""

    @extend_schema(responses=ServiceOut(many=True))
    def get(self, _request: Request) -> Response:
        return Response(ServiceOut(catalogue.bookable(on=clock.now().date()), many=True).data)


class OrderIn(serializers.Serializer[Any]):
    hours = serializers.IntegerField()


class OrderOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    state = serializers.CharField()
    hours = serializers.IntegerField()
    total_cents = serializers.IntegerField()
    pay_url = serializers.CharField(source="session_url")


class Orders(APIView):
    """POST: ask for cheques; the answer holds the address of the pay page."""

    @extend_schema(request=OrderIn, responses={201: OrderOut})
    def post(self, request: Request) -> Response:
        form = OrderIn(data=request.data)
        form.is_valid(raise_exception=True)
        customer, user = customer_of(request), user_of(request)
        if not permissions.may_act_for(user, customer, *permissions.MAY_BUY):
            raise Http404
        order = purchase.place_order(
            customer.pk,
            hours=form.validated_data["hours"],
            form_key=idempotency_key(request),
            by=user,
            at=clock.now(),
        )
        if order.state == Order.State.OPEN:
            back = f"{settings.SITE_URL}/mijn/kopen/{order.ref}/"
            purchase.start_checkout(order.pk, success_url=f"{back}klaar/", cancel_url=back)
            order.refresh_from_db()
        return Response(OrderOut(order).data, status.HTTP_201_CREATED)


class OneOrder(APIView):
    """GET: how far an order is, asked at the payment service."""

    @extend_schema(responses=OrderOut)
    def get(self, request: Request, ref: str) -> Response:
        order = get_object_or_404(Order, ref=ref, customer=customer_of(request))
        return Response(OrderOut(converging.converge_order(order.pk, at=clock.now())).data)


class RefundIn(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(min_value=15)
    iban = serializers.CharField(
        required=False, default="", help_text="where the money goes, when no payment tells it"
    )
    name = serializers.CharField(required=False, default="", help_text="who holds that account")


class RefundOrder(APIView):
    """POST: give unused hours of an order back."""

    @extend_schema(request=RefundIn, responses={201: None})
    def post(self, request: Request, ref: str) -> Response:
        form = RefundIn(data=request.data)
        form.is_valid(raise_exception=True)
        lot = get_object_or_404(Lot, order__ref=ref, wallet__customer=customer_of(request))
        asked = form.validated_data
        refund = refunds.request(
            lot.pk, minutes=asked["minutes"], by=user_of(request), at=clock.now(),
            account=refund_accounts.Account(asked["name"], asked["iban"]),
        )  # fmt: skip
        if not refunds.waits_for_second_person(refund):
            refund = refunds.send(refund.pk, at=clock.now())
        return Response(
            {"ref": refund.ref, "state": refund.state, "cents": refund.cents}, status.HTTP_201_CREATED
        )


class BookingIn(serializers.Serializer[Any]):
    service = serializers.SlugField()
    address = serializers.CharField(required=False, help_text="ref; the own address when left out")
    starts = serializers.ListField(child=serializers.DateTimeField(), min_length=1, max_length=8)
    minutes = serializers.IntegerField()
    crew = serializers.IntegerField(default=1)
    tasks = serializers.ListField(child=serializers.SlugField(), default=list)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")
    series = serializers.CharField(max_length=20, allow_blank=True, default="")
    purchase_order = serializers.CharField(max_length=40, allow_blank=True, default="")
    promised = serializers.BooleanField(
        default=False,
        help_text="refuse when a start of `slots` is not free any more; otherwise ask for it anyway",
    )


class BookingOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    state = serializers.CharField()
    starts = serializers.ListField(child=serializers.DateTimeField())
    minutes = serializers.IntegerField()
    crew = serializers.IntegerField()


class Bookings(APIView):
    """POST: ask for a visit, with cheques held for it. GET: what was asked."""

    @extend_schema(responses=BookingOut(many=True))
    def get(self, request: Request) -> Response:
        rows = Booking.objects.filter(customer=customer_of(request)).order_by("pk")
        return Response(BookingOut(rows, many=True).data)

    @extend_schema(request=BookingIn, responses={201: BookingOut})
    def post(self, request: Request) -> Response:
        form = BookingIn(data=request.data)
        form.is_valid(raise_exception=True)
        facts, customer, user = dict(form.validated_data), customer_of(request), user_of(request)
        service = get_object_or_404(Service, code=facts.pop("service"), active=True)
        address = customer.address
        if ref := facts.pop("address", ""):
            address = get_object_or_404(Address.objects.filter(neighbourhood=customer.neighbourhood), ref=ref)
        book = slots.book if facts.pop("promised") else bookings.place
        booking = book(
            customer.pk, service_id=service.pk, address_id=address.pk, form_key=idempotency_key(request), by=user,
            at=clock.now(), **facts,
        )  # fmt: skip
        return Response(BookingOut(booking).data, status.HTTP_201_CREATED)


class SlotsIn(serializers.Serializer[Any]):
    service = serializers.SlugField()
    minutes = serializers.IntegerField(min_value=15, max_value=bookings.LARGEST_MINUTES)
    crew = serializers.IntegerField(min_value=1, max_value=20, default=1)


class SlotOut(serializers.Serializer[Any]):
    start_at = serializers.DateTimeField()
    is_known = serializers.BooleanField(help_text="somebody the customer knows can go then")


class Slots(APIView):
    """GET: starts that can be promised, at most one a day; an empty list when nobody is free."""

    @extend_schema(parameters=[SlotsIn], responses=SlotOut(many=True))
    def get(self, request: Request) -> Response:
        customer, form = customer_of(request), SlotsIn(data=request.query_params)
        form.is_valid(raise_exception=True)
        facts = form.validated_data
        service = get_object_or_404(Service, code=facts["service"], active=True)
        wanted = slots.Wanted(customer, service, customer.address, facts["minutes"], facts["crew"])
        return Response(SlotOut(slots.best(wanted, at=clock.now(), most=7), many=True).data)


class CancelBooking(APIView):
    """POST: take a booking back."""

    @extend_schema(request=None, responses=BookingOut)
    def post(self, request: Request, ref: str) -> Response:
        booking = get_object_or_404(Booking, ref=ref, customer=customer_of(request))
        return Response(BookingOut(cancellation.cancel(booking.pk, by=user_of(request), at=clock.now())).data)


class VisitOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    booking = serializers.CharField(source="booking.ref")
    state = serializers.CharField()
    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()
    workers = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField()

    def get_workers(self, visit: Visit) -> list[str]:
        return [row.worker.user.name for row in visit.assignments.all() if row.state in row.LIVE]

    def get_outcome(self, visit: Visit) -> str:
        return next((row.outcome for row in visit.assignments.all() if row.outcome), "")


class Visits(APIView):
    """GET: own visits."""

    @extend_schema(responses=VisitOut(many=True))
    def get(self, request: Request) -> Response:
        rows = Visit.objects.filter(booking__customer=customer_of(request)).order_by("start_at")
        return Response(VisitOut(rows.prefetch_related("assignments__worker__user"), many=True).data)


class ConfirmVisit(APIView):
    """POST: the customer agrees with the hours."""

    @extend_schema(request=None, responses=VisitOut)
    def post(self, request: Request, ref: str) -> Response:
        visit = get_object_or_404(Visit, ref=ref, booking__customer=customer_of(request))
        return Response(VisitOut(confirming.confirm(visit.pk, by=user_of(request), at=clock.now())).data)


class DisputeIn(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=Dispute.What.choices)
    words = serializers.CharField(max_length=2000, allow_blank=True, default="")


class DisputeVisit(APIView):
    """POST: the hours are not right. The worker is paid all the same."""

    @extend_schema(request=DisputeIn, responses={201: None})
    def post(self, request: Request, ref: str) -> Response:
        form = DisputeIn(data=request.data)
        form.is_valid(raise_exception=True)
        visit = get_object_or_404(Visit, ref=ref, booking__customer=customer_of(request))
        dispute = disputes.open_dispute(visit.pk, by=user_of(request), at=clock.now(), **form.validated_data)
        return Response({"ref": dispute.ref}, status.HTTP_201_CREATED)
