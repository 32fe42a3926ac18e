"""A fixed run keeps its payslips; net is told once; a payment pays the net of its payslip, and nothing is removed."""

from django.db import migrations, models

RULES = """
CREATE FUNCTION payroll_run_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR NEW.state = 'draft' OR NEW.month <> OLD.month) THEN
        RAISE EXCEPTION 'pay run % is fixed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER payroll_run_stays BEFORE UPDATE OR DELETE ON payroll_payrun
    FOR EACH ROW EXECUTE FUNCTION payroll_run_stays();
ALTER TABLE payroll_payrun ENABLE ALWAYS TRIGGER payroll_run_stays;

CREATE FUNCTION payroll_payslip_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
    SELECT r.state INTO state FROM payroll_payrun r WHERE r.id = coalesce(OLD.run_id, NEW.run_id);
    IF state = 'draft' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP <> 'UPDATE' OR NEW.run_id <> OLD.run_id OR NEW.worker_id <> OLD.worker_id
        OR NEW.gross_cents <> OLD.gross_cents OR NEW.holiday_cents <> OLD.holiday_cents
        OR NEW.premium_cents <> OLD.premium_cents
        OR (OLD.net_cents IS NOT NULL AND NEW.net_cents IS DISTINCT FROM OLD.net_cents)
        OR (OLD.withheld_cents IS NOT NULL AND NEW.withheld_cents IS DISTINCT FROM OLD.withheld_cents) THEN
        RAISE EXCEPTION 'payslip of a run that is fixed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payroll_payslip_stays BEFORE INSERT OR UPDATE OR DELETE ON payroll_payslip
    FOR EACH ROW EXECUTE FUNCTION payroll_payslip_stays();
ALTER TABLE payroll_payslip ENABLE ALWAYS TRIGGER payroll_payslip_stays;

CREATE FUNCTION payroll_payment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE net integer; run bigint; file_run bigint; state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'payment % is kept', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.file_id <> OLD.file_id OR NEW.payslip_id <> OLD.payslip_id OR NEW.cents <> OLD.cents
            OR NEW.end_to_end_id <> OLD.end_to_end_id OR (OLD.state = 'rejected' AND NEW.state <> 'rejected') THEN
            RAISE EXCEPTION 'payment % stays as it was sent', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT p.net_cents, p.run_id INTO net, run FROM payroll_payslip p WHERE p.id = NEW.payslip_id;
    SELECT f.run_id, f.state INTO file_run, state FROM payroll_paymentfile f WHERE f.id = NEW.file_id;
    IF net IS DISTINCT FROM NEW.cents OR run <> file_run OR state <> 'draft' THEN
        RAISE EXCEPTION 'a payment is the net of its payslip, in a draft file of its run'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payroll_payment_stays BEFORE INSERT OR UPDATE OR DELETE ON payroll_payment
    FOR EACH ROW EXECUTE FUNCTION payroll_payment_stays();
ALTER TABLE payroll_payment ENABLE ALWAYS TRIGGER payroll_payment_stays;

CREATE FUNCTION payroll_file_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payment file % is kept', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payroll_file_is_kept BEFORE DELETE ON payroll_paymentfile
    FOR EACH ROW EXECUTE FUNCTION payroll_file_is_kept();
ALTER TABLE payroll_paymentfile ENABLE ALWAYS TRIGGER payroll_file_is_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("payroll", "0002_rules")]
    operations = [
        migrations.AddConstraint(
            model_name="paymentfile",
            constraint=models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(approved_by__isnull=False),
                name="file_is_approved_before_it_goes",
            ),
        ),
        migrations.RunSQL(RULES),
    ]
