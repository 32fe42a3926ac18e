"""What was sold stays as sold, figures change by movements only, and no more is paid back than was taken out."""

from django.db import migrations

RULES = """
CREATE FUNCTION cheques_lot_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.minutes, NEW.price_cents, NEW.vat_kind, NEW.wallet_id, NEW.order_id, NEW.parent_id, NEW.purpose_id,
        NEW.issued_at, NEW.ref) IS DISTINCT FROM (OLD.minutes, OLD.price_cents, OLD.vat_kind, OLD.wallet_id, OLD.order_id,
        OLD.parent_id, OLD.purpose_id, OLD.issued_at, OLD.ref) THEN
        RAISE EXCEPTION 'what was sold in lot % is never changed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF pg_trigger_depth() < 2 AND (NEW.free_minutes, NEW.held_minutes, NEW.frozen_minutes, NEW.used_minutes,
        NEW.refunded_minutes, NEW.expired_minutes, NEW.returned_minutes, NEW.handed_minutes) IS DISTINCT FROM (
        OLD.free_minutes, OLD.held_minutes, OLD.frozen_minutes, OLD.used_minutes, OLD.refunded_minutes,
        OLD.expired_minutes, OLD.returned_minutes, OLD.handed_minutes) THEN
        RAISE EXCEPTION 'the figures of lot % change by movements only', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cheques_lot_stays BEFORE UPDATE ON cheques_lot
    FOR EACH ROW EXECUTE FUNCTION cheques_lot_stays();
ALTER TABLE cheques_lot ENABLE ALWAYS TRIGGER cheques_lot_stays;

CREATE FUNCTION cheques_lot_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed: %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER cheques_lot_is_kept BEFORE DELETE OR TRUNCATE ON cheques_lot
    FOR EACH STATEMENT EXECUTE FUNCTION cheques_lot_is_kept();
ALTER TABLE cheques_lot ENABLE ALWAYS TRIGGER cheques_lot_is_kept;

CREATE FUNCTION cheques_refund_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.lot_id, NEW.minutes, NEW.cents) IS DISTINCT FROM (OLD.lot_id, OLD.minutes, OLD.cents) THEN
        RAISE EXCEPTION 'what refund % is of is never changed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'failed' AND NEW.state <> 'failed' THEN
        RAISE EXCEPTION 'a refund that failed stays failed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cheques_refund_stays BEFORE UPDATE ON cheques_refund
    FOR EACH ROW EXECUTE FUNCTION cheques_refund_stays();
ALTER TABLE cheques_refund ENABLE ALWAYS TRIGGER cheques_refund_stays;

CREATE FUNCTION cheques_refund_is_covered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lot cheques_lot; asked bigint;
BEGIN
    SELECT * INTO lot FROM cheques_lot WHERE id = NEW.lot_id;
    SELECT coalesce(sum(minutes), 0) INTO asked FROM cheques_refund WHERE lot_id = NEW.lot_id AND state <> 'failed';
    IF asked > lot.refunded_minutes THEN
        RAISE EXCEPTION 'lot % has refunds of % minutes and only % were taken out', lot.id, asked, lot.refunded_minutes
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.cents <> NEW.minutes * lot.price_cents / 60 THEN
        RAISE EXCEPTION 'refund % is not at the price of its lot', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cheques_refund_is_covered AFTER INSERT OR UPDATE ON cheques_refund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cheques_refund_is_covered();
ALTER TABLE cheques_refund ENABLE ALWAYS TRIGGER cheques_refund_is_covered;
"""

BACK = """
DROP FUNCTION cheques_lot_stays() CASCADE;
DROP FUNCTION cheques_lot_is_kept() CASCADE;
DROP FUNCTION cheques_refund_stays() CASCADE;
DROP FUNCTION cheques_refund_is_covered() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("cheques", "0010_payout_parts")]
    operations = [migrations.RunSQL(RULES, BACK)]
