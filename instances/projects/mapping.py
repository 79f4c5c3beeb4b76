"""A mapping of columns saved with a project: which column of which table holds which field.

As TOML, a table a role: ``[demand]``, then ``residents = "常住人口"``, and
``weights.elderly = "60岁以上"`` for a weight of the user's own. A role that it lists is read by
the list alone, so that the same mapping reads the same file the same way; fields outside any role
stand above what is guessed in every table. It may name the reference systems of files too.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from instances.projects import systems
from instances.projects.fields import FIELDS, GROUPS, NEEDED, Fields, is_field
from instances.projects.systems import Systems
from instances.tables.columns import guess_columns
from instances.tables.contacts import masked
from instances.tables.files import Table
from models.faults import Fault
from models.text import Text

FILE_NAME = "mapping.toml"
ANY = ""  # the role of fields outside any
_BARE = re.compile(r"^[A-Za-z0-9_-]+$")

Columns = dict[str, dict[str, str]]  # role -> field -> column


def read_mapping(path: Path, fields: Fields = FIELDS) -> tuple[Columns, Systems, list[Fault]]:
    """Return the columns and the reference systems that a file names, and its faults."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}, {}, [Fault(path=path.name, need=Text(code="table.need.file"))]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
        return {}, {}, [Fault(path=path.name, need=Text(code="project.need.toml"))]
    named, faults = systems.of_content(content.pop(systems.KEY, {}), f"{path.name}:{systems.KEY}")
    columns, others = of_content(content, path.name, fields)
    return columns, named, faults + others


def of_content(content: object, path: str, fields: Fields = FIELDS) -> tuple[Columns, list[Fault]]:
    """Return the mapping that TOML holds, and a fault for all in it that is none."""
    if not isinstance(content, dict):
        return {}, [_fault(path, "project.need.type")]
    found: Columns = {}
    faults = []
    for role, field, column in _entries(content, fields):
        known = fields.get(role, {one for some in fields.values() for one in some})
        where = f"{path}:{'.'.join(filter(None, (role, field)))}"
        if not is_field(field, role or None, fields):
            values = ", ".join(one + ".NAME" * (one in GROUPS) for one in sorted(known))
            faults.append(_fault(where, "project.need.field", known=values))
        elif not isinstance(column, str):
            faults.append(_fault(where, "project.need.type"))
        else:
            found.setdefault(role, {})[field] = column
    return found, faults


def _fault(path: str, code: str, **values: str) -> Fault:
    return Fault(path=path, need=Text(code=code, values={**values}))


def _entries(content: Mapping[str, Any], fields: Fields) -> Iterator[tuple[str, str, object]]:
    """Yield role, field and column of every entry, groups with a dot: ``weights.elderly``."""
    for key, value in content.items():
        inner = value if key in fields and isinstance(value, dict) else {key: value}
        role = key if key in fields and isinstance(value, dict) else ANY
        for field, column in inner.items():
            members = column if field in GROUPS and isinstance(column, dict) else None
            if members is None:
                yield role, field, column
            else:
                yield from ((role, f"{field}.{name}", one) for name, one in members.items())


def columns_of(
    tables: Mapping[str, Table], mapping: Columns, path: str, fields: Fields = FIELDS
) -> tuple[Columns, list[Fault]]:
    """Return the columns of every table by role, and a fault for each column that is not there."""
    found: Columns = {}
    faults: list[Fault] = []
    for role, table in tables.items():
        said = mapping.get(role)
        if said is None:
            anywhere = mapping.get(ANY, {}).items()
            given = {one: column for one, column in anywhere if column in table.columns}
            fitting = {one: column for one, column in given.items() if is_field(one, role, fields)}
            found[role] = _with_id(guess_columns(table, fields[role]) | fitting, role)
            continue
        found[role] = {one: column for one, column in said.items() if column in table.columns}
        faults += _absent(f"{path}:{role}", said, table.columns)
    everywhere = [column for table in tables.values() for column in table.columns]
    return found, faults + list(_absent(path, mapping.get(ANY, {}), everywhere))


def _with_id(columns: dict[str, str], role: str) -> dict[str, str]:
    """Return columns with the names as ids where a table has none of its own."""
    if "id" in columns or "id" not in NEEDED.get(role, ("id",)) or "name" not in columns:
        return columns
    return {"id": columns["name"]} | columns


def _absent(path: str, said: Mapping[str, str], columns: Iterable[str]) -> Iterator[Fault]:
    headings = tuple(dict.fromkeys(columns))
    for field, column in said.items():
        if column not in headings:
            need = Text(code="project.need.heading", values={"known": ", ".join(headings)})
            joint = "." if ":" in path else ":"
            yield Fault(path=f"{path}{joint}{field}", value=column, need=need)


def mapping_text(tables: Mapping[str, Table], columns: Columns) -> str:
    """Return the columns that were read as a mapping to edit, the others as remarks."""
    parts = [_TOP]
    for role, fields in columns.items():
        table = tables[role]
        others = [one for one in table.columns if one not in fields.values()]
        lines = [f"# {_remark(table.name)}", f"[{role}]"]
        lines += [f"{_key(field)} = {_string(column)}" for field, column in fields.items()]
        lines += [f"# not read / 未读取: {', '.join(map(_remark, others))}"] if others else []
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


_TOP = """\
# Which column of each table holds which field; edit it, then: muster import FOLDER --mapping THIS
# 各表中哪一列对应哪个字段；可修改后重新导入。
# weights.NAME = "..." : a weight of your own / 自定义权重
"""


def _key(field: str) -> str:
    return ".".join(one if _BARE.match(one) else _string(one) for one in field.split(".", 1))


def _string(text: str) -> str:
    """Return a TOML string; JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _remark(text: str) -> str:
    return masked(" ".join(text.split()))
