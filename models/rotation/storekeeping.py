"""What a storekeeper does and writes down: lines of work, orders of the day, differences.

The workbook that goes out and the one that comes back have the same columns, named here once; a
heading is the Chinese name and the key.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field

from models.base import Model
from models.quantities import Identifier, Kilograms, Quantity


class Action(StrEnum):
    """What a line of a sheet asks for."""

    ISSUE = "issue"
    MOVE = "move"
    ORDER = "order"
    RECEIVE = "receive"
    EXPIRE = "expire"
    COUNT = "count"


class Heading(NamedTuple):
    """A column of a storekeeper's sheet: its key, its name in Chinese, and how wide it is."""

    key: str
    chinese: str
    width: int = 14

    @property
    def text(self) -> str:
        """What stands at its head.

        Examples
        --------
        >>> Heading("lot", "批次").text
        '批次 lot'
        """
        return f"{self.chinese} {self.key}"


LINE_COLUMNS = (
    Heading("action", "作业", 16),
    Heading("vehicle", "车辆", 12),
    Heading("depot", "仓库", 22),
    Heading("item", "物资", 14),
    Heading("lot", "批次", 34),
    Heading("expires", "有效期至", 13),
    Heading("planned", "计划数量", 12),
    Heading("packs", "折合包装", 20),
    Heading("weight_kg", "重量", 12),
    Heading("to", "去向", 26),
    Heading("arrives", "预计到货", 13),
    Heading("done", "实际数量", 12),
    Heading("unit", "单位", 10),
    Heading("new_expiry", "实际有效期", 14),
    Heading("remark", "备注", 24),
)
BOOK_COLUMNS = (
    Heading("lot", "批次", 34),
    Heading("depot", "仓库", 22),
    Heading("item", "物资", 14),
    Heading("quantity", "账面数量", 12),
    Heading("expires", "有效期至", 13),
    Heading("packs", "折合包装", 20),
    Heading("counted", "实盘数量", 12),
    Heading("unit", "单位", 10),
    Heading("new_expiry", "实际有效期", 14),
    Heading("remark", "备注", 24),
)
BOOK_SHEET = "台账 Book"
NOTES_SHEET = "说明 Notes"


class PickOrder(Model):
    """What is to go out on the day: units of an item from a depot, by a vehicle, to a place."""

    vehicle: Identifier
    depot_id: Identifier
    item_id: Identifier
    quantity: Quantity
    destination: Identifier
    load_kg: Annotated[Kilograms | None, Field(description="what the vehicle carries")] = None


class Pick(Model):
    """Units of one lot on one vehicle."""

    vehicle: Identifier
    depot_id: Identifier
    item_id: Identifier
    lot_id: Identifier
    expires_on: date | None
    quantity: Quantity
    weight_kg: Kilograms
    destination: Identifier


class Missing(Model):
    """What of an order cannot go: the stock is not there, or the vehicle is full."""

    order: int
    quantity: Quantity
    reason: Annotated[str, Field(pattern="^(stock|load)$")]


class PickList(Model):
    """Which lots go on which vehicle, the first to expire first, and what is missing."""

    day: date
    picks: tuple[Pick, ...]
    missing: tuple[Missing, ...]


class Difference(Model):
    """A lot of which the storekeeper found something else than the book says.

    ``path`` is the lot's field in the book that comes out of it; ``cell`` is where it was written.
    """

    path: str
    lot_id: Identifier
    depot_id: Identifier
    item_id: Identifier
    book: str | None
    found: str | None
    cell: str
