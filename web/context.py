"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from identity.models import Organisation


def frame(_request: HttpRequest) -> dict[str, Any]:
    """Return the organisation and its phone number (`our_phone`: a page may have a `phone` of its own), and whether this is a sandbox or a trial. The menus come from `access.page`."""
    organisation = Organisation.objects.filter(pk=1).first()
    return {
        "sandbox": settings.SANDBOX,
        "trial": settings.TRIAL,
        "organisation": organisation,
        "our_phone": organisation.phone if organisation else "",
        "languages": settings.LANGUAGES,
    }
