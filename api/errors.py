"""Turn a refused operation into a 409 that a program can read."""

from typing import Any

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from kernel.errors import Refused


def to_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return 409 `{code, detail}` for a refusal; leave everything else to DRF."""
    if isinstance(error, Refused):
        return Response({"code": error.code, "detail": str(error)}, status.HTTP_409_CONFLICT)
    return exception_handler(error, context)
