"""SQL for tables that only grow. Used by migrations, which the owner of the database runs."""


def append_only(table: str, app_role: str) -> str:
    """Return SQL that lets nobody change, remove or empty the rows of a table, and no role switch it off.

    ENABLE ALWAYS makes the triggers fire also under `session_replication_role = replica`.
    """
    return f"""
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is never changed: %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER {table}_is_kept BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays;
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_kept;
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM "{app_role}";
    """
