"""A closed day takes no entries either, and closing is never undone."""

from django.conf import settings
from django.db import migrations

from kernel.guards import append_only

APP = settings.DATABASES["default"]["USER"]

RULES = """
CREATE OR REPLACE FUNCTION ledger_entry_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xid := pg_current_xact_id()::text::bigint;
    IF EXISTS (SELECT 1 FROM ledger_closedmonth WHERE month = date_trunc('month', NEW.day)::date)
        OR EXISTS (SELECT 1 FROM ledger_closedday WHERE day = NEW.day) THEN
        RAISE EXCEPTION 'the books of % are closed', NEW.day USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_closed_days")]
    operations = [
        migrations.RunSQL(append_only("ledger_closedday", APP) + append_only("ledger_closedyear", APP) + RULES)
    ]
