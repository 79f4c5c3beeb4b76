"""Keys: made once, shown once, kept as a hash, found by a public prefix.

A key is ``muster_PREFIX_SECRET`` with 256 random bits of secret. Its plain SHA-256 is kept: slow,
salted hashes are for passwords that can be guessed, and 2^256 secrets cannot be.
"""

import hashlib
import hmac
import json
import re
import secrets
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from api.jobs import audit
from api.jobs.audit import Act
from api.jobs.callers import Caller, Role
from api.jobs.database import reading
from api.jobs.rows import clock
from api.jobs.tables import API_KEYS, SECRETS
from models.base import Model
from models.quantities import Identifier

_FORM = re.compile(r"muster_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_NOBODY = "0" * 64  # no SHA-256 of anything known


class KeyNameTakenError(Exception):
    """There is a key of this name, perhaps a revoked one: a name is one holder for ever."""


class Key(Model):
    """A key as it is told, without its secret; times are seconds since 1970."""

    id: str
    name: str
    role: Role
    areas: tuple[Identifier, ...] | None = None
    created: float
    expires: float | None = None
    revoked: float | None = None
    prefixes: tuple[str, ...] = ()  # of what can be shown now: two during a grace period
    valid: bool


class KeyStore:
    """The keys in one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def any(self) -> bool:
        """Return whether there is a key, valid or not: losing all of them opens nothing."""
        with reading(self._engine) as connection:
            return connection.execute(select(API_KEYS.c.id).limit(1)).first() is not None

    def create(
        self,
        name: str,
        role: Role,
        *,
        by: Caller,
        areas: Sequence[str] | None = None,
        valid_s: float | None = None,
    ) -> str:
        """Make a key that is valid for ``valid_s`` seconds (None: for ever) and return it.

        Raises
        ------
        KeyNameTakenError
            There is one of this name.
        """
        key_id = uuid.uuid4().hex
        with _new_name(name), self._engine.begin() as connection:
            now = clock(connection)
            values = {
                "id": key_id,
                "name": name,
                "role": role,
                "areas": None if areas is None else json.dumps(sorted(set(areas))),
                "created": now,
                "expires": None if valid_s is None else now + valid_s,
            }
            connection.execute(insert(API_KEYS).values(**values))
            shown = _new_secret(connection, key_id, now)
            said = {name: values[name] for name in ("id", "name", "role", "areas", "expires")}
            audit.add(connection, by, Act.CREATE_KEY, detail=_detail(**said))
        return shown

    def rotate(self, name: str, *, by: Caller, grace_s: float) -> str | None:
        """Make a new secret and return it; the old one is valid for ``grace_s`` seconds more.

        None where there is no such key, or it is no longer valid. Id, role and areas stay.
        """
        with self._engine.begin() as connection:
            now = clock(connection)
            key = self._key(connection, name, now)
            if key is None or not key.valid:
                return None
            until = now + grace_s
            later = or_(SECRETS.c.valid_until.is_(None), SECRETS.c.valid_until > until)
            older = update(SECRETS).where(SECRETS.c.key_id == key.id, later)
            connection.execute(older.values(valid_until=until))
            shown = _new_secret(connection, key.id, now)
            detail = _detail(id=key.id, name=key.name, grace_s=grace_s)
            audit.add(connection, by, Act.ROTATE_KEY, detail=detail)
        return shown

    def revoke(self, name: str, *, by: Caller) -> bool:
        """End a key at once; False where there is none, or it is revoked already."""
        with self._engine.begin() as connection:
            now = clock(connection)
            key = self._key(connection, name, now)
            if key is None or key.revoked is not None:
                return False
            query = update(API_KEYS).where(API_KEYS.c.id == key.id)
            connection.execute(query.values(revoked=now))
            audit.add(connection, by, Act.REVOKE_KEY, detail=_detail(id=key.id, name=key.name))
        return True

    def listing(self) -> list[Key]:
        """Return all keys, the oldest first."""
        query = select(API_KEYS.c.name).order_by(API_KEYS.c.created, API_KEYS.c.name)
        with reading(self._engine) as connection:
            now = clock(connection)
            names = connection.execute(query).scalars().all()
            found = [self._key(connection, name, now) for name in names]
        return [key for key in found if key is not None]

    def caller(self, shown: str) -> Caller | None:
        """Return whose key this is; None for one that is unknown, revoked or out of its time.

        Hashes are compared in constant time, and one is compared whether the prefix is known
        or not: how long the answer takes tells nothing of either.
        """
        form = _FORM.fullmatch(shown)
        query = (
            select(API_KEYS, SECRETS.c.sha256, SECRETS.c.valid_until)
            .join(SECRETS, SECRETS.c.key_id == API_KEYS.c.id)
            .where(SECRETS.c.prefix == (form[1] if form else ""))
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
            now = clock(connection)
        right = hmac.compare_digest(_hash(shown), _NOBODY if row is None else row.sha256)
        if row is None or not right or row.revoked is not None:
            return None
        if any(end is not None and end <= now for end in (row.expires, row.valid_until)):
            return None
        areas = None if row.areas is None else frozenset(json.loads(row.areas))
        return Caller(row.id, row.name, Role(row.role), areas)

    def _key(self, connection: Connection, name: str, now: float) -> Key | None:
        named = or_(API_KEYS.c.name == name, API_KEYS.c.id == name)
        row = connection.execute(select(API_KEYS).where(named)).first()
        if row is None:
            return None
        open_ = or_(SECRETS.c.valid_until.is_(None), SECRETS.c.valid_until > now)
        prefixes = select(SECRETS.c.prefix).where(and_(SECRETS.c.key_id == row.id, open_))
        found = connection.execute(prefixes.order_by(SECRETS.c.created)).scalars().all()
        return Key(
            id=row.id,
            name=row.name,
            role=row.role,
            areas=None if row.areas is None else tuple(json.loads(row.areas)),
            created=row.created,
            expires=row.expires,
            revoked=row.revoked,
            prefixes=tuple(found),
            valid=row.revoked is None and (row.expires is None or row.expires > now),
        )


@contextmanager
def _new_name(name: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise KeyNameTakenError(name) from None


def _new_secret(connection: Connection, key_id: str, now: float) -> str:
    prefix = secrets.token_hex(6)
    shown = f"muster_{prefix}_{secrets.token_urlsafe(32)}"
    values = {"prefix": prefix, "key_id": key_id, "sha256": _hash(shown), "created": now}
    connection.execute(insert(SECRETS).values(**values))
    return shown


def _hash(shown: str) -> str:
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()


def _detail(**values: object) -> str:
    return json.dumps(values, ensure_ascii=False)
