"""The tables of the record of truth. Times are seconds since 1970, UTC."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

PAYLOADS = Table(
    "payloads",
    METADATA,
    Column("sha256", String(64), primary_key=True),  # of the content before compression
    Column("content", LargeBinary, nullable=False),  # zlib
)

JOBS = Table(
    "jobs",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("termination", String(16)),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("finished", Float),
    Column("updated", Float, nullable=False),
    Column("inputs", String(64), ForeignKey("payloads.sha256"), nullable=False),
    Column("result", String(64), ForeignKey("payloads.sha256")),
    Column("failure", Text),  # a message as JSON: what a failed job died of
    Column("owner", String(64)),
    Column("lease_until", Float),
    Column("attempt", Integer, nullable=False, default=0),  # the fencing token
    Column("crashes", Integer, nullable=False, default=0),
    Column("stop_asked", Boolean, nullable=False, default=False),
    Column("last_event", Integer, nullable=False, default=0),
    Index("jobs_by_state", "state", "created"),
)

KEYS = Table(
    "idempotency_keys",
    METADATA,
    Column("key", String(255), nullable=False),
    Column("submitter", String(64), nullable=False),
    Column("body", String(64), nullable=False),  # SHA-256 of what was submitted with it
    Column("job_id", String(32), ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    UniqueConstraint("submitter", "key", name="one_job_per_key"),
)

SCENARIOS = Table(
    "scenarios",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("created", Float, nullable=False),
    Column("version", Integer, nullable=False),  # the latest
)

VERSIONS = Table(
    "scenario_versions",
    METADATA,
    Column("id", String(32), ForeignKey("scenarios.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),  # from 1, without gaps
    Column("name", String(200), nullable=False),
    Column("created", Float, nullable=False),
    Column("request", String(64), ForeignKey("payloads.sha256"), nullable=False),
    Column("patch", String(64), ForeignKey("payloads.sha256")),
    Column("parent", String(32)),  # what the patch was applied to; it may be gone
    Column("parent_version", Integer),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("job_id", String(32), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),  # from 1, without gaps
    Column("at", Float, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("content", Text, nullable=False),  # JSON
    Column("plan", Text),  # JSON: what the improvement would do
)
