"""Invoices stay as they were made, and the database itself numbers them: from 1, without a gap, for each year."""

from django.conf import settings
from django.db import migrations

from kernel.guards import append_only

APP = settings.DATABASES["default"]["USER"]

RULES = """
CREATE FUNCTION cheques_invoice_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.year <> extract(year FROM NEW.issued_on) THEN
        RAISE EXCEPTION 'an invoice is numbered in the year of its date' USING ERRCODE = 'check_violation';
    END IF;
    -- whoever makes the next one waits until this one is there or is not: a number is never lost
    PERFORM pg_advisory_xact_lock(hashtext('cheques.invoice'), NEW.year::int);
    SELECT coalesce(max(number), 0) + 1 INTO NEW.number FROM cheques_invoice WHERE year = NEW.year;
    RETURN NEW;
END $$;
CREATE TRIGGER cheques_invoice_number BEFORE INSERT ON cheques_invoice
    FOR EACH ROW EXECUTE FUNCTION cheques_invoice_number();
ALTER TABLE cheques_invoice ENABLE ALWAYS TRIGGER cheques_invoice_number;

CREATE FUNCTION cheques_credit_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whole cheques_invoice; minutes bigint; cents bigint;
BEGIN
    IF NEW.kind <> 'credit' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO whole FROM cheques_invoice WHERE id = NEW.credits_id FOR NO KEY UPDATE;
    SELECT sum(note.minutes), sum(note.total_cents) INTO minutes, cents
    FROM cheques_invoice note WHERE note.credits_id = NEW.credits_id;
    IF whole.kind <> 'invoice' OR minutes > whole.minutes OR cents > whole.total_cents
        OR NEW.customer_id <> whole.customer_id THEN
        RAISE EXCEPTION 'invoice % cannot be credited that far', NEW.credits_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cheques_credit_fits AFTER INSERT ON cheques_invoice
    FOR EACH ROW EXECUTE FUNCTION cheques_credit_fits();
ALTER TABLE cheques_invoice ENABLE ALWAYS TRIGGER cheques_credit_fits;
"""


class Migration(migrations.Migration):
    dependencies = [("cheques", "0012_firms")]
    operations = [
        # locking an invoice for a credit note needs the right to update one column that a trigger guards anyway
        migrations.RunSQL(
            append_only("cheques_invoice", APP)
            + append_only("cheques_reminder", APP)
            + RULES
            + f'GRANT UPDATE (ref) ON cheques_invoice TO "{APP}";'
        )
    ]
