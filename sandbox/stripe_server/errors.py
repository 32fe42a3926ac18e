"""Refusals in the form Stripe gives them."""

from typing import Any

CODE_DOCS = "https://docs.stripe.com/error-codes"


class StripeError(Exception):
    """A refused request.

    ``keep`` says that what was done so far stays (a declined card leaves a failed charge) and that the answer
    is stored under the idempotency key; Stripe stores no answer for a request that failed its validation.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        keep: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.keep = keep
        named = {"code": code, "param": param, **more}
        error = {"message": message, "type": kind, **{name: value for name, value in named.items() if value}}
        if code:
            error["doc_url"] = f"{CODE_DOCS}/{code.replace('_', '-')}"
        self.body: dict[str, Any] = {"error": error}


def missing(what: str, identifier: str, param: str = "id") -> StripeError:
    """Return the refusal for an object that is not there."""
    return StripeError(f"No such {what}: '{identifier}'", status=404, code="resource_missing", param=param)


def invalid_key(given: str) -> StripeError:
    """Return the refusal for a key that is absent or wrong; only its ends are repeated."""
    if not given:
        message = "You did not provide an API key. Send it as a Bearer token in the Authorization header."
    else:
        message = f"Invalid API Key provided: {given[:8]}{'*' * 8}{given[-4:] if len(given) > 16 else ''}"
    return StripeError(message, status=401)


def broken(message: str, status: int = 500) -> StripeError:
    """Return an error on Stripe's side."""
    return StripeError(message, status=status, kind="api_error")
