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
    Column("submitter", String(64), nullable=False, default="open"),  # a key's id
    Column("area_count", Integer),  # areas of demand points; None: not known
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
    Column("areas", Text, nullable=False),  # JSON: areas of demand, with all that each lies in
)

SITUATIONS = Table(
    "situations",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),  # JSON: in every language
    Column("created", Float, nullable=False),
    Column("event_count", Integer, nullable=False),  # the fencing token of changes
    Column("now_s", Float, nullable=False),  # on the clock of the situation
    Column("beginning", LargeBinary, nullable=False),  # JSON, zlib
    Column("state", LargeBinary, nullable=False),  # the fold of all events, likewise
    Column("areas", Text, nullable=False),  # JSON: all it ever lay in, with what each lies in
)

SITUATION_EVENTS = Table(
    "situation_events",
    METADATA,
    Column(
        "situation_id",
        String(32),
        ForeignKey("situations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("number", Integer, primary_key=True),  # from 1, without gaps
    Column("told", Float, nullable=False),
    Column("who", String(200), nullable=False),  # the name of a key
    Column("at_s", Float, nullable=False),  # on the clock of the situation
    Column("event", Text, nullable=False),  # JSON
    Column("change", Text),  # JSON; with the last of those that came together
    Column("proposed", LargeBinary),  # likewise: the orders proposed from then on, zlib
    Column("key", String(255)),  # likewise: the idempotency key they were told with
    Column("body", String(64)),  # SHA-256 of what was told with it
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

JOB_AREAS = Table(
    "job_areas",
    METADATA,
    Column("job_id", String(32), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("point_area", String(200), primary_key=True),  # of a demand point
    Column("area", String(200), primary_key=True),  # the same, or one that it lies in
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("areas", Text),  # JSON; None: not limited
    Column("created", Float, nullable=False),
    Column("expires", Float),
    Column("revoked", Float),
)

SECRETS = Table(
    "api_secrets",
    METADATA,
    Column("prefix", String(16), primary_key=True),  # public
    Column("key_id", String(32), ForeignKey("api_keys.id"), nullable=False),
    Column("sha256", String(64), nullable=False),  # of the key as it was shown
    Column("created", Float, nullable=False),
    Column("valid_until", Float),  # set when a newer one takes its place
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, without gaps
    Column("at", Float, nullable=False),
    Column("who", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("what", String(32), nullable=False),
    Column("job_id", String(32)),  # the entry outlives the job
    Column("inputs", String(64)),
    Column("result", String(64)),
    Column("detail", Text),
    Column("previous", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),  # of all the rest, `previous` included
)
