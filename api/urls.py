"""Addresses of the API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from api import coordination, money, resident, stripe, worker

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("stripe/webhook", stripe.webhook, name="stripe-webhook"),
    path("register", resident.Register.as_view(), name="register"),
    path("wallet", resident.Wallet.as_view(), name="wallet"),
    path("services", resident.Services.as_view(), name="services"),
    path("orders", resident.Orders.as_view(), name="orders"),
    path("orders/<slug:ref>", resident.OneOrder.as_view(), name="order"),
    path("orders/<slug:ref>/refund", resident.RefundOrder.as_view(), name="refund-order"),
    path("bookings", resident.Bookings.as_view(), name="bookings"),
    path("bookings/<slug:ref>/cancel", resident.CancelBooking.as_view(), name="cancel-booking"),
    path("visits", resident.Visits.as_view(), name="visits"),
    path("visits/<slug:ref>/confirm", resident.ConfirmVisit.as_view(), name="confirm-visit"),
    path("visits/<slug:ref>/dispute", resident.DisputeVisit.as_view(), name="dispute-visit"),
    path("visits/<slug:ref>/candidates", coordination.Candidates.as_view(), name="candidates"),
    path("visits/<slug:ref>/replace", coordination.Replace.as_view(), name="replace"),
    path("visits/<slug:ref>/drop", coordination.DropVisit.as_view(), name="drop-visit"),
    path("weeks/close", coordination.CloseWeek.as_view(), name="close-week"),
    path("weeks/<str:monday>", coordination.WeekVisits.as_view(), name="week-visits"),
    path("work", worker.Work.as_view(), name="work"),
    path("work/sick", worker.Sick.as_view(), name="sick"),
    path("assignments/<slug:ref>/answer", worker.Answer.as_view(), name="answer"),
    path("assignments/<slug:ref>/check-in", worker.CheckIn.as_view(), name="check-in"),
    path("assignments/<slug:ref>/check-out", worker.CheckOut.as_view(), name="check-out"),
    path("assignments/<slug:ref>/nobody-home", worker.NobodyHome.as_view(), name="nobody-home"),
    path("assignments/<slug:ref>/no-show", coordination.NoShow.as_view(), name="no-show"),
    path("assignments/<slug:ref>/times", coordination.RecordTimes.as_view(), name="record-times"),
    path("plans", coordination.Plans.as_view(), name="plans"),
    path("plans/<slug:ref>", coordination.OnePlan.as_view(), name="plan"),
    path("plans/<slug:ref>/publish", coordination.PublishPlan.as_view(), name="publish-plan"),
    path("workers/<slug:ref>/sick", coordination.SickWorker.as_view(), name="sick-worker"),
    path("disputes/<slug:ref>/propose", coordination.ProposeOutcome.as_view(), name="propose-outcome"),
    path("disputes/<slug:ref>/decide", coordination.DecideDispute.as_view(), name="decide-dispute"),
    path("pay-runs", money.PayRuns.as_view(), name="pay-runs"),
    path("pay-runs/<slug:ref>/fix", money.FixPayRun.as_view(), name="fix-pay-run"),
    path("pay-runs/<slug:ref>/bureau", money.SendToBureau.as_view(), name="send-to-bureau"),
    path("pay-runs/<slug:ref>/files", money.MakeFile.as_view(), name="make-file"),
    path("payment-files/<slug:ref>/approve", money.ApproveFile.as_view(), name="approve-file"),
    path("payment-files/<slug:ref>/send", money.SendFile.as_view(), name="send-file"),
    path("claims", money.Claims.as_view(), name="claims"),
    path("claims/<slug:ref>/send", money.SendClaim.as_view(), name="send-claim"),
    path("bank/statements", money.Statements.as_view(), name="statements"),
    path("stripe/mirror", money.MirrorStripe.as_view(), name="mirror-stripe"),
    path("months/vat", money.CloseVat.as_view(), name="close-vat"),
]
