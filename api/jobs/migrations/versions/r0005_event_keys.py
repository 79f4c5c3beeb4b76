"""The idempotency keys of events, each with a hash of what was told with it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns, which are empty for what was told before."""
    op.add_column("situation_events", sa.Column("key", sa.String(255)))
    op.add_column("situation_events", sa.Column("body", sa.String(64)))
