"""django-hordak in `make bench-ledger`: a process of its own, with settings and a database of its own.

Run as a file, so that the settings of the product stay out: `fill HOST DATABASE ENTRIES` makes the accounts and their
past, `spend HOST DATABASE CASE WRITERS SECONDS` prints spends per second, `balance HOST DATABASE` milliseconds. A spend
locks the account, asks its balance and transfers.
"""

import multiprocessing
import random
import statistics
import sys
from concurrent.futures import ProcessPoolExecutor
from time import monotonic
from typing import Any

import django
import psycopg
from django.conf import settings

SPREAD = 1_000
CURRENCY = "EUR"


def set_up(host: str, database: str) -> None:
    """Configure Django for hordak alone."""
    place = {"ENGINE": "django.db.backends.postgresql", "HOST": host, "NAME": database}
    settings.configure(
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "mptt", "hordak"],
        DATABASES={"default": {**place, "USER": "owner"}}, USE_TZ=True, SECRET_KEY="bench",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", DEFAULT_CURRENCY=CURRENCY, CURRENCIES=[CURRENCY],
        HORDAK_DECIMAL_PLACES=2, HORDAK_MAX_DIGITS=13,
    )  # fmt: skip
    django.setup()


def fill(host: str, database: str, entries: int) -> None:
    """Make a sold and a used account, a wallet for each customer, and so many spends behind; half of the hot one."""
    from django.core.management import call_command
    from django.db import connection
    from hordak.models import Account

    call_command("migrate", verbosity=0, interactive=False)
    used = Account.objects.create(name="used", code="9", type="IN", currencies=[CURRENCY])
    wallets = [
        Account.objects.create(
            name=f"wallet {number}", code=str(100_000 + number), type="LI", currencies=[CURRENCY]
        )
        for number in range(SPREAD + 1)
    ]
    connection.close()
    keys = [wallet.pk for wallet in wallets]
    with psycopg.connect(host=host, user="postgres", dbname=database, autocommit=True) as run:
        for table in ("hordak_transaction", "hordak_leg"):
            run.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL".encode())
        run.execute("INSERT INTO hordak_transaction (uuid, timestamp, date, description) SELECT gen_random_uuid(), now(),"
                    " '2026-11-02', i::text FROM generate_series(1, %s) i", [entries + SPREAD + 1])  # fmt: skip
        run.execute(
            "CREATE TEMP TABLE past AS SELECT row_number() OVER (ORDER BY id) AS i, id FROM hordak_transaction"
        )
        leg = (
            "INSERT INTO hordak_leg (uuid, transaction_id, account_id, description, currency, credit, debit)"
        )
        account = (
            "(%s::bigint[])[CASE WHEN i > %s THEN i - %s WHEN i %% 2 = 0 THEN 1 ELSE 2 + i / 2 %% %s END]"
        )
        sold, spent = "CASE WHEN i > %s THEN 100000000 END", "CASE WHEN i <= %s THEN 2.50 END"
        run.execute(f"{leg} SELECT gen_random_uuid(), id, {account}, '', 'EUR', {sold}, {spent} FROM past ORDER BY i".encode(),
                    [keys, entries, entries, SPREAD, entries, entries])  # fmt: skip
        run.execute(f"{leg} SELECT gen_random_uuid(), id, %s, '', 'EUR', {spent}, {sold} FROM past ORDER BY i".encode(),
                    [used.pk, entries, entries])  # fmt: skip
        for table in ("hordak_transaction", "hordak_leg"):
            run.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL".encode())
        run.execute("VACUUM ANALYZE")
        run.execute("CHECKPOINT")


def _wallets() -> tuple[Any, list[Any]]:
    from django.db import connection
    from hordak.models import Account

    found = (
        Account.objects.get(code="9"),
        list(Account.objects.filter(type="LI").order_by("pk").values_list("pk", flat=True)),
    )
    connection.close()
    return found


def _writer(share: tuple[list[int], Any, float]) -> tuple[int, float]:
    from django.db import connection, transaction
    from hordak.models import Account
    from moneyed import Money

    keys, used, seconds = share
    price, chosen, done = Money("2.50", CURRENCY), random.Random(), -1
    began = monotonic()
    while done < 0 or monotonic() - began < seconds:
        if done < 0:
            began = monotonic()  # the first one connects
        with transaction.atomic():
            wallet = Account.objects.select_for_update().get(pk=chosen.choice(keys))
            assert wallet.get_simple_balance()[CURRENCY] >= price
            used.transfer_to(wallet, price)  # a debit of what is owed, a credit of what came in
        if done < 0:
            began = monotonic()
        done += 1
    took = monotonic() - began
    connection.close()
    return done, took


def spend(case: str, writers: int, seconds: float) -> float:
    """Return spends per second, of one wallet or of all the others."""
    used, keys = _wallets()
    shares = [(keys[:1] if case == "hot" else keys[1:], used, seconds)] * writers
    with ProcessPoolExecutor(writers, mp_context=multiprocessing.get_context("fork")) as pool:
        return sum(count / took for count, took in pool.map(_writer, shares))


def balance() -> float:
    """Return the milliseconds that the balance of the hot wallet takes."""
    from hordak.models import Account

    wallet, times = Account.objects.filter(type="LI").order_by("pk")[0], []
    for _ in range(5):
        began = monotonic()
        wallet.get_simple_balance()
        times.append((monotonic() - began) * 1000)
    return statistics.median(times)


def main() -> None:
    """Do what the command line says, and print one figure."""
    what, host, database, *rest = sys.argv[1:]
    set_up(host, database)
    if what == "fill":
        fill(host, database, int(rest[0]))
    elif what == "spend":
        sys.stdout.write(f"{spend(rest[0], int(rest[1]), float(rest[2])):.3f}\n")
    else:
        sys.stdout.write(f"{balance():.3f}\n")


if __name__ == "__main__":
    main()
