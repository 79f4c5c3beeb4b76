"""Keys, the submitter and the areas of jobs, and the audit log that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SQLITE = (
    """create trigger audit_no_update before update on audit
       begin select raise(abort, 'the audit log is append-only'); end""",
    """create trigger audit_no_delete before delete on audit
       begin select raise(abort, 'the audit log is append-only'); end""",
    # `insert or replace` deletes without a word to the trigger above.
    """create trigger audit_no_replace before insert on audit
       when exists (select 1 from audit where number = new.number)
       begin select raise(abort, 'the audit log is append-only'); end""",
)
_POSTGRESQL = (
    """create function audit_refuses() returns trigger language plpgsql as
       $$ begin raise exception 'the audit log is append-only'; end $$""",
    """create trigger audit_no_change before update or delete on audit
       for each row execute function audit_refuses()""",
    """create trigger audit_no_truncate before truncate on audit
       for each statement execute function audit_refuses()""",
)


def upgrade() -> None:
    """Add them; jobs that are there are those of an open service, in areas unknown."""
    op.add_column(
        "jobs", sa.Column("submitter", sa.String(64), nullable=False, server_default="open")
    )
    op.add_column("jobs", sa.Column("area_count", sa.Integer))
    op.execute("update idempotency_keys set submitter = 'open' where submitter = ''")
    op.create_table(
        "job_areas",
        sa.Column(
            "job_id", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("point_area", sa.String(200), primary_key=True),
        sa.Column("area", sa.String(200), primary_key=True),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("areas", sa.Text),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("expires", sa.Float),
        sa.Column("revoked", sa.Float),
    )
    op.create_table(
        "api_secrets",
        sa.Column("prefix", sa.String(16), primary_key=True),
        sa.Column("key_id", sa.String(32), sa.ForeignKey("api_keys.id"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("valid_until", sa.Float),
    )
    _audit()


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("job_id", sa.String(32)),
        sa.Column("inputs", sa.String(64)),
        sa.Column("result", sa.String(64)),
        sa.Column("detail", sa.Text),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    kind = op.get_bind().dialect.name
    for statement in _POSTGRESQL if kind == "postgresql" else _SQLITE:
        op.execute(statement)
