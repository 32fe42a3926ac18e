"""A town's by-law: an amount per paid hour of a worker without a wage subsidy, up to a limit per worker and month.

A municipality gives no second wage subsidy for one job (Participatiewet art. 10d(9)), so who has one is left out.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from kernel.minutes import HOUR
from kernel.money import half_up
from subsidies.schemes import Due, Facts, Terms, runs_in

NAME = "Verordening van de gemeente"
TERMS: Mapping[str, str] = {
    "cents_per_hour": "centen per betaald uur",
    "most_cents": "hoogste bedrag per maand",
}
PAYS = True


def due(scheme: Terms, month: date, facts: Facts) -> list[Due]:
    """Return an amount per worker."""
    if runs_in(scheme, month) is None:
        return []
    rate, most = scheme.terms["cents_per_hour"], scheme.terms["most_cents"]
    found = []
    for worker, minutes in sorted(facts.paid_minutes.items()):
        cents = min(most, half_up(Fraction(minutes * rate, HOUR)))
        if cents and worker not in facts.with_wage_subsidy:
            rule = f"{minutes} min x {rate} cents/hour, at most {most}"
            found.append(Due(f"{month:%Y-%m}:{worker}", cents, rule, worker))
    return found
