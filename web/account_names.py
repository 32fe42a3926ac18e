"""The accounts of the books in words a reader of the trial balance knows."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ledger.models import Account

NAMES: Mapping[Account, Any] = {
    Account.BANK: _("Bank"), Account.STRIPE: _("Tegoed bij de betaaldienst"), Account.CASH: _("Kas van de balie"),
    Account.CUSTOMERS: _("Te krijgen van klanten"), Account.SUBSIDIES_DUE: _("Subsidies gevraagd, nog niet ontvangen"),
    Account.SUSPENSE: _("Bankregels die nog niet bekend zijn"), Account.CHEQUES: _("Cheques verkocht, nog niet gebruikt"),
    Account.HANDED: _("Cheques onderweg naar een ander"), Account.VAT: _("Btw te betalen"),
    Account.WAGES_DUE: _("Bruto lonen, nog niet gesplitst"), Account.NET_DUE: _("Netto lonen te betalen"),
    Account.TAX_DUE: _("Loonbelasting en premies te betalen"), Account.HOLIDAY_RESERVE: _("Vakantiegeld, nog niet betaald"),
    Account.SUPPLIERS: _("Rekeningen van leveranciers te betalen"), Account.OPENING: _("Beginbalans"),
    Account.REVENUE: _("Cheques gebruikt, met btw tot de maand sluit"), Account.BREAKAGE: _("Cheques verlopen"),
    Account.SUBSIDY_INCOME: _("Loonkostensubsidie"), Account.PUBLIC_INCOME: _("Re-integratiegeld en giften"),
    Account.WAGES: _("Bruto lonen"), Account.HOLIDAY_COST: _("Kosten van vakantiegeld"),
    Account.PREMIUMS: _("Premies van de werkgever"), Account.FEES: _("Kosten van betalen"),
    Account.LOSSES: _("Teruggehaald en afgeschreven"), Account.COACHING: _("Coaching voor starters"),
    Account.CASH_DIFFERENCE: _("Kasverschillen"), Account.ROUNDING: _("Afronding"),
    Account.BORNE: _("Uren die wij zelf dragen"), Account.BORNE_COVER: _("Tegenhanger van uren die wij dragen"),
}  # fmt: skip
