"""How long a cheque lasts. It is tested at the start of the visit: a visit may end after its cheque expired."""

from datetime import date, datetime, timedelta

from kernel.periods import add_months, end_of_day, in_utc, local_day, month_of
from lawbook.cheques import Validity


def last_day(issued_on: date, rule: Validity) -> date:
    """Return the last day on which a visit may start that is paid with a cheque issued on a day."""
    day = add_months(issued_on, rule.months)
    if rule.to_month_end:
        return month_of(day).end - timedelta(days=1)
    return day - timedelta(days=1) if rule.issue_day_counts else day


def expires_at(issued_at: datetime, rule: Validity) -> datetime:
    """Return the moment (UTC) from which a cheque is no longer good: 00:00 local after its last day."""
    return end_of_day(last_day(local_day(issued_at), rule))


def is_usable(expires: datetime, visit_start: datetime) -> bool:
    """Tell whether a cheque may pay for a visit that starts then, however long the visit lasts."""
    return in_utc(visit_start) < in_utc(expires)
