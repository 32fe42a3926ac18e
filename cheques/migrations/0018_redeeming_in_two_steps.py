"""A redemption reads and writes in one call each: the product decides between them, the rules of every table stay on."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION cheques_fact_opens(of_hold bigint, fact text, booked date, OUT wallet bigint, OUT paid bigint,
    OUT again bigint, OUT owed boolean, OUT closed boolean, OUT parts jsonb) LANGUAGE plpgsql AS $$
BEGIN
    -- the wallet's lock is the gate of its holds and lots too; what follows sees what was committed while it was waited for
    SELECT w.id INTO STRICT wallet FROM cheques_wallet w
    WHERE w.id = (SELECT wallet_id FROM cheques_hold WHERE id = of_hold) FOR NO KEY UPDATE;
    SELECT r.paid, r.again, EXISTS (SELECT 1 FROM cheques_outstanding WHERE key = fact),
        EXISTS (SELECT 1 FROM ledger_closedmonth WHERE month = date_trunc('month', booked)::date)
        OR EXISTS (SELECT 1 FROM ledger_closedday WHERE day = booked), coalesce(k.parts, '[]')
    INTO paid, again, owed, closed, parts FROM (
        SELECT coalesce(sum(minutes), 0) AS paid, count(*) FILTER (WHERE minutes < 0) AS again
        FROM cheques_redemption WHERE key = fact
    ) r, (
        SELECT jsonb_agg(jsonb_build_array(p.lot_id, p.kept, p.price_cents) ORDER BY p.expires_at, p.lot_id) AS parts FROM (
            SELECT m.lot_id, l.expires_at, l.price_cents,
                sum(CASE WHEN m.target = 'held' THEN m.minutes ELSE -m.minutes END) AS kept
            FROM cheques_movement m JOIN cheques_lot l ON l.id = m.lot_id WHERE m.hold_id = of_hold GROUP BY 1, 2, 3
        ) p WHERE p.kept > 0
    ) k;
END $$;

CREATE FUNCTION cheques_fact_is_paid(of_hold bigint, fact text, uses jsonb, frees jsonb, rate numeric, used date,
    moment timestamptz, booked date, party text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE part jsonb; moved bigint; entry bigint;
BEGIN
    FOR part IN SELECT * FROM jsonb_array_elements(uses) LOOP
        INSERT INTO cheques_movement (key, lot_id, hold_id, source, target, minutes, at)
        VALUES (part ->> 0, (part ->> 1)::bigint, CASE part ->> 2 WHEN 'held' THEN of_hold END, part ->> 2, 'used',
            (part ->> 3)::int, moment) RETURNING id INTO moved;
        INSERT INTO ledger_entry (key, day, fingerprint) VALUES (part ->> 0, booked, part ->> 5) RETURNING id INTO entry;
        INSERT INTO ledger_transfer (entry_id, debit, credit, cents, party)
        VALUES (entry, 'cheques', 'revenue', (part ->> 4)::bigint, cheques_fact_is_paid.party);
        INSERT INTO cheques_redemption (movement_id, key, minutes, cents, vat_rate, used_on, entry_key)
        VALUES (moved, fact, (part ->> 3)::int, (part ->> 4)::int, rate, used, part ->> 0);
    END LOOP;
    IF jsonb_array_length(frees) > 0 THEN
        INSERT INTO cheques_movement (key, lot_id, hold_id, source, target, minutes, at)
        SELECT f ->> 0, (f ->> 1)::bigint, of_hold, 'held', 'free', (f ->> 2)::int, moment
        FROM jsonb_array_elements(frees) AS f;
    END IF;
    UPDATE cheques_hold SET state = 'closed' WHERE id = of_hold;
END $$;
"""

BACK = """
DROP FUNCTION cheques_fact_opens(bigint, text, date);
DROP FUNCTION cheques_fact_is_paid(bigint, text, jsonb, jsonb, numeric, date, timestamptz, date, text);
"""


class Migration(migrations.Migration):
    dependencies = [("cheques", "0017_labels_and_write_offs"), ("ledger", "0005_closed_day_rules")]
    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
