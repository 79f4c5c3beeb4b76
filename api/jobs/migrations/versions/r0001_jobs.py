"""Jobs, their payloads, events and idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "payloads",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("process_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("termination", sa.String(16)),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("started", sa.Float),
        sa.Column("finished", sa.Float),
        sa.Column("updated", sa.Float, nullable=False),
        sa.Column("inputs", sa.String(64), sa.ForeignKey("payloads.sha256"), nullable=False),
        sa.Column("result", sa.String(64), sa.ForeignKey("payloads.sha256")),
        sa.Column("failure", sa.Text),
        sa.Column("owner", sa.String(64)),
        sa.Column("lease_until", sa.Float),
        sa.Column("attempt", sa.Integer, nullable=False, default=0),
        sa.Column("crashes", sa.Integer, nullable=False, default=0),
        sa.Column("stop_asked", sa.Boolean, nullable=False, default=False),
        sa.Column("last_event", sa.Integer, nullable=False, default=0),
    )
    op.create_index("jobs_by_state", "jobs", ["state", "created"])
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("submitter", sa.String(64), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column(
            "job_id", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False
        ),
        sa.UniqueConstraint("submitter", "key", name="one_job_per_key"),
    )
    op.create_table(
        "events",
        sa.Column(
            "job_id", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("plan", sa.Text),
    )
