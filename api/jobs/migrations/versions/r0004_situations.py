"""Situations: what dispatchers know, event by event."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of situations."""
    op.create_table(
        "situations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("event_count", sa.Integer, nullable=False),
        sa.Column("now_s", sa.Float, nullable=False),
        sa.Column("beginning", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("areas", sa.Text, nullable=False),
    )
    op.create_table(
        "situation_events",
        sa.Column(
            "situation_id",
            sa.String(32),
            sa.ForeignKey("situations.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("told", sa.Float, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_s", sa.Float, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("change", sa.Text),
        sa.Column("proposed", sa.LargeBinary),
    )
