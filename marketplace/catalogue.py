"""What can be booked, what it includes, and what it does not include and why."""

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from identity.models import Organisation
from kernel.errors import Refused
from marketplace.models import Service, TaskRule
from marketplace.standard import STANDARD


class TaskNotAllowed(Refused):
    """The service does not include this task."""


class GuardingNotPermitted(Refused):
    """The organisation has no permit to guard that is valid on the day (Wpbr)."""


def bookable(*, on: date) -> list[Service]:
    """Return the services that can be booked on a day; guarding only with the permit."""
    services = Service.objects.filter(active=True).order_by("pk")
    return [service for service in services if not service.needs_guarding_permit or has_permit(on)]


def has_permit(on: date) -> bool:
    """Tell whether the organisation may guard on a day."""
    organisation = Organisation.objects.filter(pk=1).first()
    return bool(
        organisation
        and organisation.guarding_permit
        and organisation.guarding_permit_until
        and on <= organisation.guarding_permit_until
    )


def check_permit(service: Service, *, on: date) -> None:
    """Refuse guarding without a permit.

    :raises GuardingNotPermitted: it is not valid on the day of the visit.
    """
    if service.needs_guarding_permit and not has_permit(on):
        raise GuardingNotPermitted(_("Bewaken kan op die dag niet: daar is een vergunning voor nodig."))


def check_tasks(service: Service, codes: Sequence[str]) -> None:
    """Refuse a task that the service does not include.

    :raises TaskNotAllowed: with the reason, and what to do instead.
    """
    rules = {rule.code: rule for rule in service.tasks.all()}
    for code in codes:
        rule = rules.get(code)
        if rule is None:
            raise TaskNotAllowed(_("Deze taak hoort niet bij %(service)s.") % {"service": in_words(service)})
        if not rule.allowed:
            raise TaskNotAllowed(reason_of(rule))


def in_words(service: Service) -> str:
    """Return the name of a service in the reader's language."""
    return service.name_en if (translation.get_language() or "nl").startswith("en") else service.name_nl


def names(language: str = "") -> dict[str, str]:
    """Return the name of every service, old ones too, by its code, in a language or the reader's."""
    with translation.override(language or translation.get_language() or "nl"):
        return {service.code: in_words(service) for service in Service.objects.all()}


def reason_of(rule: TaskRule) -> str:
    """Return why a task is not included, in the reader's language."""
    english = (translation.get_language() or "nl").startswith("en")
    return rule.reason_en or rule.reason_nl if english else rule.reason_nl


def install_standard() -> None:
    """Put the standard services in the catalogue; what is there already stays as it is."""
    for facts in STANDARD:
        service, _fresh = Service.objects.get_or_create(
            code=facts["code"], defaults={key: value for key, value in facts.items() if key != "tasks"}
        )
        for code, name_nl, name_en, reason_nl, reason_en in facts["tasks"]:
            TaskRule.objects.get_or_create(
                service=service,
                code=code,
                defaults={
                    "name_nl": name_nl,
                    "name_en": name_en,
                    "allowed": not reason_nl,
                    "reason_nl": reason_nl,
                    "reason_en": reason_en,
                },
            )
