"""The rules of the books, kept by the database itself."""

from django.conf import settings
from django.db import migrations

from kernel.guards import append_only

APP = settings.DATABASES["default"]["USER"]

RULES = """
CREATE FUNCTION ledger_entry_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xid := pg_current_xact_id()::text::bigint;
    IF EXISTS (SELECT 1 FROM ledger_closedmonth WHERE month = date_trunc('month', NEW.day)::date) THEN
        RAISE EXCEPTION 'the month of % is closed', NEW.day USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_opens BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_opens();
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_opens;

CREATE FUNCTION ledger_transfer_belongs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT xid FROM ledger_entry WHERE id = NEW.entry_id) IS DISTINCT FROM pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'a transfer is written with its entry, not later' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_transfer_belongs BEFORE INSERT ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION ledger_transfer_belongs();
ALTER TABLE ledger_transfer ENABLE ALWAYS TRIGGER ledger_transfer_belongs;

CREATE FUNCTION ledger_entry_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_transfer WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'entry % moves nothing', NEW.key USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.reverses_id IS NOT NULL AND EXISTS (
        (SELECT debit, credit, cents, party, count(*) FROM ledger_transfer WHERE entry_id = NEW.id GROUP BY 1, 2, 3, 4
         EXCEPT
         SELECT credit, debit, cents, party, count(*) FROM ledger_transfer
         WHERE entry_id = NEW.reverses_id GROUP BY 1, 2, 3, 4)
        UNION ALL
        (SELECT credit, debit, cents, party, count(*) FROM ledger_transfer
         WHERE entry_id = NEW.reverses_id GROUP BY 1, 2, 3, 4
         EXCEPT
         SELECT debit, credit, cents, party, count(*) FROM ledger_transfer WHERE entry_id = NEW.id GROUP BY 1, 2, 3, 4)
    ) THEN
        RAISE EXCEPTION 'entry % does not reverse what it says', NEW.key USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_moves AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_moves();
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_moves;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(
            append_only("ledger_entry", APP)
            + append_only("ledger_transfer", APP)
            + append_only("ledger_closedmonth", APP)
            + RULES
        )
    ]
