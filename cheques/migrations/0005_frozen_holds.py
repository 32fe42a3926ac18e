"""Hours kept aside for a visit may be frozen: the payment for them was taken back."""

from django.db import migrations

OLD = "('free', 'frozen'), ('frozen', 'free')"
NEW = "('free', 'frozen'), ('held', 'frozen'), ('frozen', 'free')"


def _replaced(old: str, new: str) -> str:
    """Return SQL that takes the function as it stands and changes one list in it."""
    return f"""
    DO $do$ BEGIN
        EXECUTE replace(
            pg_get_functiondef('cheques_movement_moves()'::regprocedure), $old${old}$old$, $new${new}$new$);
    END $do$;
    """


class Migration(migrations.Migration):
    dependencies = [("cheques", "0004_chargeback")]
    operations = [migrations.RunSQL(_replaced(OLD, NEW), _replaced(NEW, OLD))]
