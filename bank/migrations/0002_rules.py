"""Bank lines stay as the bank wrote them; parts of a line never pass the line."""

from django.conf import settings
from django.db import migrations

from kernel.guards import append_only

APP = settings.DATABASES["default"]["USER"]

RULES = """
CREATE FUNCTION bank_allocation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whole bigint; parts bigint;
BEGIN
    SELECT cents INTO whole FROM bank_line WHERE id = NEW.line_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(cents), 0) + NEW.cents INTO parts FROM bank_allocation WHERE line_id = NEW.line_id;
    IF sign(NEW.cents) <> sign(whole) OR abs(parts) > abs(whole) THEN
        RAISE EXCEPTION 'bank line % has % cents, not %', NEW.line_id, whole, parts USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_allocation_fits BEFORE INSERT ON bank_allocation
    FOR EACH ROW EXECUTE FUNCTION bank_allocation_fits();
ALTER TABLE bank_allocation ENABLE ALWAYS TRIGGER bank_allocation_fits;
"""


class Migration(migrations.Migration):
    dependencies = [("bank", "0001_initial")]
    operations = [
        # locking a line for an allocation needs the right to update one column that a trigger guards anyway
        migrations.RunSQL(
            append_only("bank_statement", APP)
            + append_only("bank_line", APP)
            + append_only("bank_allocation", APP)
            + RULES
            + f'GRANT UPDATE (ref) ON bank_line TO "{APP}";'
        )
    ]
