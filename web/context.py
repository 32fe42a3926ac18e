"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from identity.models import Organisation


def frame(_request: HttpRequest) -> dict[str, Any]:
    """Return the organisation, and whether this is a sandbox or a trial. The menus come from `access.page`.

    Its number is `our_phone`, because pages of the accounts have a `phone` of their own.
    """
    organisation = Organisation.objects.filter(pk=1).first()
    return {
        "sandbox": settings.SANDBOX,
        "trial": settings.BUILT_IN_SERVERS,
        "organisation": organisation,
        "our_phone": organisation.phone if organisation else "",
        "languages": settings.LANGUAGES,
    }
