"""What payroll officer and treasurer do: pay runs, payment files, claims, bank statements, closing."""

from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.actors import needs
from api.schema import NUMBER, TEXT, says
from bank import importing
from bank.matching import open_lines
from cheques import bank_matching, stripe_mirror, vat
from identity import clock
from identity.models import Municipality, Organisation, Role
from payroll import bureau, pay_run, sepa, settlement
from payroll.models import PaymentFile, PayRun
from subsidies import claims, remittances
from subsidies.models import Claim

OFFICER, SECOND = Role.PAYROLL, Role.TREASURER


class MonthIn(serializers.Serializer[Any]):
    month = serializers.DateField(help_text="any day of it")


class RunOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    month = serializers.DateField()
    state = serializers.CharField()


class FileOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    message_id = serializers.CharField()
    state = serializers.CharField()
    total_cents = serializers.IntegerField()


class ClaimOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    state = serializers.CharField()
    total_cents = serializers.SerializerMethodField()

    def get_total_cents(self, claim: Claim) -> int:
        return claims.total_cents(claim)


class PayRuns(APIView):
    """POST: make the draft of a month's wages."""

    @extend_schema(request=MonthIn, responses={201: RunOut})
    def post(self, request: Request) -> Response:
        user = needs(request, OFFICER)
        form = MonthIn(data=request.data)
        form.is_valid(raise_exception=True)
        run = pay_run.make(form.validated_data["month"], by=user, at=clock.now())
        return Response(RunOut(run).data, status.HTTP_201_CREATED)


class FixPayRun(APIView):
    """POST: fix the wages of a month, as somebody who did not make the draft."""

    @extend_schema(request=None, responses=RunOut)
    def post(self, request: Request, ref: str) -> Response:
        user = needs(request, OFFICER, SECOND)
        run = pay_run.fix(get_object_or_404(PayRun, ref=ref).pk, by=user, at=clock.now())
        return Response(RunOut(run).data)


class SendToBureau(APIView):
    """POST: send gross to the payroll bureau and take net over."""

    @extend_schema(request=None, responses=RunOut)
    def post(self, request: Request, ref: str) -> Response:
        user = needs(request, OFFICER)
        run = bureau.send(get_object_or_404(PayRun, ref=ref).pk, by=user, at=clock.now())
        return Response(RunOut(run).data)


class MakeFile(APIView):
    """POST: make a payment file of what is not paid yet."""

    @extend_schema(request=None, responses={201: FileOut})
    def post(self, request: Request, ref: str) -> Response:
        user = needs(request, OFFICER)
        file = sepa.make_file(get_object_or_404(PayRun, ref=ref).pk, by=user, at=clock.now())
        return Response(FileOut(file).data, status.HTTP_201_CREATED)


class ApproveFile(APIView):
    """POST: the treasurer approves a payment file."""

    @extend_schema(request=None, responses=FileOut)
    def post(self, request: Request, ref: str) -> Response:
        user = needs(request, SECOND)
        file = sepa.approve(get_object_or_404(PaymentFile, ref=ref).pk, by=user, at=clock.now())
        return Response(FileOut(file).data)


class SendFile(APIView):
    """POST: give an approved file to the bank, and read its answer when it is there."""

    @extend_schema(request=None, responses=FileOut)
    def post(self, request: Request, ref: str) -> Response:
        needs(request, OFFICER, SECOND)
        file = sepa.send(get_object_or_404(PaymentFile, ref=ref).pk, at=clock.now())
        if file.state == PaymentFile.State.SENT:
            sepa.fetch_answer(file.pk, at=clock.now())
            file.refresh_from_db()
        return Response(FileOut(file).data)


class ClaimIn(serializers.Serializer[Any]):
    month = serializers.DateField()
    municipality = serializers.CharField()


class Claims(APIView):
    """POST: make a month's claim on a municipality."""

    @extend_schema(request=ClaimIn, responses={201: ClaimOut})
    def post(self, request: Request) -> Response:
        user = needs(request, OFFICER)
        form = ClaimIn(data=request.data)
        form.is_valid(raise_exception=True)
        town = get_object_or_404(Municipality, ref=form.validated_data["municipality"])
        claim = claims.make(town.pk, month=form.validated_data["month"], by=user, at=clock.now())
        return Response(ClaimOut(claim).data, status.HTTP_201_CREATED)


class SendClaim(APIView):
    """POST: send a claim."""

    @extend_schema(request=None, responses=ClaimOut)
    def post(self, request: Request, ref: str) -> Response:
        user = needs(request, OFFICER)
        claim = claims.send(get_object_or_404(Claim, ref=ref).pk, by=user, at=clock.now())
        return Response(ClaimOut(claim).data)


class StatementParser(BaseParser):
    """Leaves a bank's file as the bytes it is."""

    media_type = "application/xml"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        del media_type, parser_context
        return {"file": stream.read()}


class Statements(APIView):
    """POST: take a bank statement in and match what can be matched."""

    parser_classes = [StatementParser]

    @extend_schema(
        request={"application/xml": str},
        responses={
            201: says(
                "Imported", statements=NUMBER, lines=NUMBER, known=NUMBER, matched=NUMBER, unmatched=NUMBER
            )
        },
    )
    def post(self, request: Request) -> Response:
        user, at = needs(request, OFFICER, SECOND), clock.now()
        iban = Organisation.objects.get(pk=1).iban
        came = importing.import_file(dict(request.data)["file"], own_iban=iban, by_id=user.pk, at=at)
        matched = bank_matching.match_open_lines(at=at) + settlement.match_open_lines(at=at)
        matched += remittances.match_open_lines(at=at)
        return Response(
            {"statements": came.statements, "lines": came.lines, "known": came.known, "matched": matched,
             "unmatched": open_lines().count()},
            status.HTTP_201_CREATED,
        )  # fmt: skip


class MirrorStripe(APIView):
    """POST: take over the balance lines of the payment service."""

    @extend_schema(request=None, responses=says("Mirrored", lines=NUMBER))
    def post(self, request: Request) -> Response:
        needs(request, OFFICER, SECOND)
        return Response({"lines": stripe_mirror.pull(at=clock.now())})


class CloseVat(APIView):
    """POST: split the VAT of a month off its revenue."""

    @extend_schema(request=MonthIn, responses=says("VatOut", many=True, rate=TEXT, vat_cents=NUMBER))
    def post(self, request: Request) -> Response:
        needs(request, OFFICER, SECOND)
        form = MonthIn(data=request.data)
        form.is_valid(raise_exception=True)
        rows = vat.close_month(form.validated_data["month"], at=clock.now())
        return Response([{"rate": str(row.rate), "vat_cents": row.vat_cents} for row in rows])
