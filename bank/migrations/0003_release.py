"""A part that was booked by hand can be opened again; what is open again counts no more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kernel.guards import append_only

APP = settings.DATABASES["default"]["USER"]

COUNTS = """
CREATE OR REPLACE FUNCTION bank_allocation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whole bigint; parts bigint;
BEGIN
    SELECT cents INTO whole FROM bank_line WHERE id = NEW.line_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(cents), 0) + NEW.cents INTO parts FROM bank_allocation a WHERE line_id = NEW.line_id
        {without};
    IF sign(NEW.cents) <> sign(whole) OR abs(parts) > abs(whole) THEN
        RAISE EXCEPTION 'bank line % has % cents, not %', NEW.line_id, whole, parts USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
ONLY_BY_HAND = """
CREATE FUNCTION bank_release_is_of_a_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM bank_allocation WHERE id = NEW.allocation_id AND target LIKE 'by hand:%')
        OR NOT EXISTS (SELECT 1 FROM ledger_entry e JOIN ledger_entry r ON r.id = e.reverses_id
            JOIN bank_allocation a ON a.entry_key = r.key WHERE a.id = NEW.allocation_id AND e.key = NEW.entry_key) THEN
        RAISE EXCEPTION 'only what was booked by hand, and reversed, is open again' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_release_is_of_a_hand BEFORE INSERT ON bank_release
    FOR EACH ROW EXECUTE FUNCTION bank_release_is_of_a_hand();
ALTER TABLE bank_release ENABLE ALWAYS TRIGGER bank_release_is_of_a_hand;
"""


class Migration(migrations.Migration):
    dependencies = [("bank", "0002_rules"), ("ledger", "0005_closed_day_rules")]
    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_key", models.CharField(max_length=120, unique=True)),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField()),
                ("allocation", models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="release", to="bank.allocation")),
            ],
        ),
        migrations.RunSQL(
            append_only("bank_release", APP)
            + COUNTS.format(without="AND NOT EXISTS (SELECT 1 FROM bank_release WHERE allocation_id = a.id)")
            + ONLY_BY_HAND,
            COUNTS.format(without="") + "DROP FUNCTION bank_release_is_of_a_hand() CASCADE;",
        ),
    ]
