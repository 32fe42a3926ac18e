"""Where Stripe tells us what happened: stored, answered at once, handled later."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cheques import stripe_inbox
from identity import clock

LARGEST_BYTES = 300_000


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Keep an event when its signature is right. Nothing else is decided here."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BYTES:
        return HttpResponse(status=413)
    try:
        stripe_inbox.store(request.body, request.headers.get("Stripe-Signature", ""), at=clock.now())
    except stripe_inbox.BadSignature:
        return HttpResponse(status=400)
    return HttpResponse(status=200)
