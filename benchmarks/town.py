"""A town's year of hours, laid down in bulk: workers with a file, a contract and an award, and what they worked.

Every weekday a visit of three hours in the morning, every second one another in the afternoon with a ride between:
about a hundred paid hours a month. Bookings and holds stand behind the visits. Rules of the database are asleep while
the rows are copied, as they are when a backup is put back; whoever pays and claims afterwards meets them all.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import psycopg
from django.db import models

from cheques.models import Hold
from kernel.periods import add_months
from marketplace.models import Booking
from scheduling.models import Assignment, Travel, Visit
from tests import build, build_pay, build_work
from tools import embedded
from workers_pool.models import Worker

YEAR = date(2026, 1, 1)
WEEK_MINUTES = 25 * 60
MORNING, AFTERNOON, RIDE = 180, 195, 12
SHIFTS = f"""
CREATE TEMP TABLE shift AS
SELECT row_number() OVER (ORDER BY day, worker_id, start_minute) AS n, worker_id, minutes, start_minute,
       (day + make_interval(mins => start_minute)) AT TIME ZONE 'Europe/Amsterdam' AS start_at
FROM generate_series(%s::timestamp, %s::timestamp, '1 day') AS day
CROSS JOIN unnest(%s::bigint[]) AS worker_id
CROSS JOIN (VALUES (540, {MORNING}), (780, {AFTERNOON})) AS half (start_minute, minutes)
WHERE extract(isodow FROM day) < 6 AND (start_minute = 540 OR (extract(doy FROM day)::int + worker_id) %% 2 = 0)
"""
ENDS = "s.start_at + make_interval(mins => s.minutes)"


def settle(workers: int) -> list[Worker]:
    """Hire the workers of a town, two thirds of them with an award from January."""
    build.organisation(iban=build_pay.ORGANISATION, wage_tax_number="123456789L01")
    made = []
    for number in range(workers):
        worker = build_work.worker(
            f"Medewerker {number}", week_minutes=WEEK_MINUTES, wanted_minutes=WEEK_MINUTES, from_on=YEAR
        )
        build_pay.worker_file(worker)
        if number % 3:
            build_pay.award(worker, week_minutes=WEEK_MINUTES)
        made.append(worker)
    return made


def work(database: str, workers: list[Worker], months: int) -> int:
    """Lay down what they worked in the first months of the year; return the accepted minutes."""
    visit = build_work.published_visit()
    assignment, booking = visit.assignments.get(), visit.booking
    until = add_months(YEAR, months) - timedelta(days=1)
    with embedded.as_superuser(database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(SHIFTS, [YEAR, until, [worker.pk for worker in workers]])
        _copy(connection, Hold, booking.hold_id, {})
        _copy(
            connection,
            Booking,
            booking.pk,
            {"hold_id": _new(Hold), "form_key": "gen_random_uuid()", "state": "'planned'"},
        )
        _copy(connection, Visit, visit.pk, {
            "booking_id": _new(Booking), "start_at": "s.start_at", "end_at": ENDS, "state": "'finished'",
        })  # fmt: skip
        _copy(connection, Assignment, assignment.pk, {
            "visit_id": _new(Visit), "worker_id": "s.worker_id", "during": f"tstzrange(s.start_at, {ENDS})",
            "state": "'worked'", "checked_in_at": "s.start_at", "checked_out_at": ENDS, "recorded_minutes": "s.minutes",
            "accepted_minutes": "s.minutes", "accepted_at": ENDS, "confirmed_minutes": "s.minutes",
            "outcome": "'customer'", "confirmed_at": ENDS,
        })  # fmt: skip
        connection.execute(
            "INSERT INTO scheduling_travel (worker_id, origin_id, destination_id, start_at, minutes, accepted_at)"
            " SELECT m.worker_id, 3000000 + m.n, 3000000 + a.n, a.start_at - make_interval(mins => %s), %s, a.start_at FROM shift m"
            " JOIN shift a ON a.worker_id = m.worker_id AND a.start_minute = 780 AND a.start_at::date = m.start_at::date"
            " WHERE m.start_minute = 540",
            [RIDE, RIDE],
        )
        (minutes,) = connection.execute("SELECT coalesce(sum(minutes), 0)::text FROM shift").fetchall()[0]
        connection.execute(
            "UPDATE scheduling_visit SET state = 'cancelled' WHERE id = %s", [visit.pk]
        )  # the pattern
        for model in (Hold, Booking, Visit, Assignment, Travel):
            connection.execute(f"ANALYZE {model._meta.db_table}")
        connection.commit()
    return int(str(minutes))


def _new(model: type[models.Model]) -> str:
    """Return the key a copied row gets: far from the few that were made one by one."""
    return f"(1000000 * {1 + [Hold, Booking, Visit, Assignment].index(model)} + s.n)"


def _copy(
    connection: "psycopg.Connection[tuple[object, ...]]",
    model: type[models.Model],
    pk: int,
    other: Mapping[str, str],
) -> None:
    """Copy a row once for each shift, with other values in some columns."""
    own = {"id": _new(model), **other}
    columns = [str(field.column) for field in model._meta.concrete_fields]
    if "ref" in columns:
        own["ref"] = f"left(md5('{model._meta.db_table}' || s.n), 12)"
    if "key" in columns:
        own["key"] = "'town:' || s.n"
    values = ", ".join(own.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    connection.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM shift s, (SELECT * FROM {table} WHERE id = {pk}) t"
    )
