"""A pay run that was fixed, and a payment file, keep their bytes."""

from django.db import migrations

RULES = """
CREATE FUNCTION payroll_fixed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE run bigint; state text;
BEGIN
    IF TG_TABLE_NAME = 'payroll_wageline' THEN
        run := coalesce(NEW.run_id, OLD.run_id);
    ELSE
        SELECT run_id INTO run FROM payroll_wageline WHERE id = coalesce(NEW.line_id, OLD.line_id);
    END IF;
    SELECT r.state INTO state FROM payroll_payrun r WHERE r.id = run;
    IF state <> 'draft' THEN
        RAISE EXCEPTION 'pay run % is fixed', run USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER payroll_wageline_fixed BEFORE INSERT OR UPDATE OR DELETE ON payroll_wageline
    FOR EACH ROW EXECUTE FUNCTION payroll_fixed_stays();
CREATE TRIGGER payroll_paidpiece_fixed BEFORE INSERT OR UPDATE OR DELETE ON payroll_paidpiece
    FOR EACH ROW EXECUTE FUNCTION payroll_fixed_stays();
ALTER TABLE payroll_wageline ENABLE ALWAYS TRIGGER payroll_wageline_fixed;
ALTER TABLE payroll_paidpiece ENABLE ALWAYS TRIGGER payroll_paidpiece_fixed;

CREATE FUNCTION payroll_file_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.digest <> OLD.digest OR NEW.message_id <> OLD.message_id OR NEW.total_cents <> OLD.total_cents
        OR NEW.made_by_id <> OLD.made_by_id THEN
        RAISE EXCEPTION 'payment file % keeps its bytes', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payroll_file_stays BEFORE UPDATE ON payroll_paymentfile
    FOR EACH ROW EXECUTE FUNCTION payroll_file_stays();
ALTER TABLE payroll_paymentfile ENABLE ALWAYS TRIGGER payroll_file_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("payroll", "0001_initial")]
    operations = [migrations.RunSQL(RULES)]
