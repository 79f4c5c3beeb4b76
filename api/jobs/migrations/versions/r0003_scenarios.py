"""Scenarios: requests that are kept, with their versions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of scenarios."""
    op.create_table(
        "scenarios",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "scenario_versions",
        sa.Column(
            "id", sa.String(32), sa.ForeignKey("scenarios.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("request", sa.String(64), sa.ForeignKey("payloads.sha256"), nullable=False),
        sa.Column("patch", sa.String(64), sa.ForeignKey("payloads.sha256")),
        sa.Column("parent", sa.String(32)),
        sa.Column("parent_version", sa.Integer),
        sa.Column("areas", sa.Text, nullable=False),
    )
