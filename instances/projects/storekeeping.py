"""The storekeeper's workbook read back: what was done and counted, and the book that follows.

A workbook that went out (`models.rotation.storekeeping` names its columns) comes back with
what was really issued, sent, received, ordered, written off and counted. The result is the same
request with its book brought up to date; what differs from the book is listed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from instances.projects.storekeeping_cells import Cells, heading_key
from instances.tables.files import Table, is_blank, read_tables
from models.faults import Fault
from models.messages import MESSAGES
from models.rotation import RotationRequest
from models.rotation.request import Incoming
from models.rotation.storekeeping import (
    LINE_COLUMNS,
    Action,
    Difference,
    PickOrder,
)
from models.stockpiles.lots import Lot
from models.text import Text

_LINES = frozenset({"action", "depot", "item", "lot", "done"})
_BOOK = frozenset({"lot", "depot", "item", "counted"})
_ORDERS = ("vehicle", "depot", "item", "quantity", "to", "unit", "load_kg")
_TRIFLE = 1e-6


@dataclass(frozen=True)
class Returned:
    """The request with its new book, what differs from the old, and faulty cells.

    ``lines`` counts the lines that were carried out. Faulty lines are left out.
    """

    request: RotationRequest
    differences: tuple[Difference, ...]
    faults: tuple[Fault, ...]
    lines: int


def read_return(path: Path, request: RotationRequest, start: date | None = None) -> Returned:
    """Return the request that follows from a workbook; ``start`` is where the next plan begins.

    Movements are taken first, whatever their order in the file, then what was counted. Paths of
    faults are ``file:sheet:row:column``.
    """
    tables, faults = read_tables(path, passed_over=_ours)
    reader = _Reader(request, [*faults], start)
    lines = [table for table in tables if reader.keys(table) >= _LINES]
    books = [table for table in tables if reader.keys(table) >= _BOOK]
    if not lines and not books:
        known = ", ".join(one.text for one in LINE_COLUMNS[:5])
        need = Text(code="rotation.need.heading", values={"known": known})
        reader.faults.append(Fault(path=path.name, need=need))
    for table in lines:
        reader.movements(table)
    for table in (*lines, *books):
        reader.counts(table)
    book = reader.book
    updated = request.model_copy(
        update={
            "lots": tuple(book.lots.values()),
            "incoming": tuple(
                one.model_copy(update={"arrives_on": max(one.arrives_on, reader.start)})
                for one in book.incoming.values()
            ),
            "start": reader.start,
        }
    )
    places = {name: n for n, name in enumerate(book.lots)}
    differences = tuple(
        one.model_copy(update={"path": f"lots[{places[one.lot_id]}].{one.path}"})
        for one in reader.differences
    )
    return Returned(updated, differences, tuple(reader.faults), reader.carried_out)


def read_orders(
    path: Path, request: RotationRequest
) -> tuple[tuple[PickOrder, ...], tuple[Fault, ...]]:
    """Return the orders of the day that a table holds, and its faulty cells.

    Columns: ``vehicle``, ``depot``, ``item``, ``quantity``, ``to``, and where known ``unit`` (a
    pack) and ``load_kg`` (what the vehicle carries).
    """
    tables, faults = read_tables(path)
    reader = _Reader(request, [*faults])
    orders = []
    for table in tables:
        for number, row in zip(table.numbers, reader.rows(table), strict=True):
            cell = Cells(reader.faults, reader.items, table, number, row)
            depot, item = cell.known("depot", reader.depots), cell.known("item", reader.items)
            vehicle, to = cell.text("vehicle", needed=True), cell.text("to", needed=True)
            quantity = cell.quantity("quantity", item, needed=True)
            load = cell.amount("load_kg")
            if None in {depot, item, vehicle, to} or quantity is None:
                continue
            orders.append(
                PickOrder(
                    vehicle=str(vehicle),
                    depot_id=str(depot),
                    item_id=str(item),
                    quantity=quantity,
                    destination=str(to),
                    load_kg=load,
                )
            )
    return tuple(orders), tuple(reader.faults)


def _ours(titles: Sequence[str]) -> list[str]:
    """Return the sheets that hold nothing to read: notes and the plan's tables."""
    made = {text for code, texts in MESSAGES.items() if code.startswith("table.") for text in texts}
    notes = {text for text in titles if text.endswith("Notes")}
    return [one for one in titles if one in notes or one in {name[:28].strip() for name in made}]


@dataclass
class _Book:
    """The lots and what is still to come, as they change."""

    lots: dict[str, Lot] = field(default_factory=dict)
    incoming: dict[str, Incoming] = field(default_factory=dict)

    def change(self, lot_id: str, **update: Any) -> None:
        """Give a lot other values; a quantity that is known needs no bounds."""
        if update.get("quantity") is not None:
            update["quantity_between"] = None
        if update.get("expires_on") is not None:
            update["expires_between"] = None
        self.lots[lot_id] = self.lots[lot_id].model_copy(update=update)

    def of(self, lot_id: str, depot: str) -> str | None:
        """Return the lot of this name in a depot: a part that was sent on has a name of its own."""
        for name in (lot_id, f"{lot_id}>{depot}"):
            if name in self.lots and self.lots[name].depot_id == depot:
                return name
        return None


class _Reader:
    """Reads tables against a request, and keeps what is wrong with them."""

    def __init__(
        self, request: RotationRequest, faults: list[Fault], start: date | None = None
    ) -> None:
        self.faults, self.start = faults, start or request.start
        self.depots = {one.id: one for one in request.depots}
        self.items = {one.id: one for one in request.items}
        self.book = _Book(
            {one.id: one for one in request.lots}, {one.id: one for one in request.incoming}
        )
        self.differences: list[Difference] = []
        self.carried_out = 0

    def keys(self, table: Table) -> set[str]:
        """Return the keys of a table's columns: the last word of each heading."""
        return {heading_key(one) for one in table.columns}

    def rows(self, table: Table) -> Iterator[dict[str, object]]:
        """Yield the rows of a table by the keys of its columns."""
        for row in table.rows:
            yield {heading_key(heading): value for heading, value in row.items()}

    def movements(self, table: Table) -> None:
        """Take every line that moved stock."""
        for number, row in zip(table.numbers, self.rows(table), strict=True):
            cell = Cells(self.faults, self.items, table, number, row)
            action = cell.action()
            if action is None or action is Action.COUNT or is_blank(row.get("done")):
                continue
            before = len(self.faults)
            depot, item = cell.known("depot", self.depots), cell.known("item", self.items)
            quantity = cell.quantity("done", item)
            lot, expiry = cell.text("lot", needed=True), cell.day("new_expiry")
            planned = cell.day("expires")
            if len(self.faults) > before or depot is None or item is None or quantity is None:
                continue
            assert lot is not None
            if action in {Action.RECEIVE, Action.ORDER}:
                self._arrive(cell, action, (depot, item, lot), quantity, expiry or planned)
            else:
                self._leave(cell, action, (depot, item, lot), quantity)

    def _arrive(
        self,
        cell: Cells,
        action: Action,
        where: tuple[str, str, str],
        quantity: float,
        expiry: date | None,
    ) -> None:
        depot, item, lot = where
        self.carried_out += 1
        if action is Action.ORDER:
            if lot not in self.book.lots:
                day = max(cell.day("arrives") or self.start, self.start)
                self.book.incoming[lot] = Incoming(
                    id=lot,
                    item_id=item,
                    depot_id=depot,
                    quantity=quantity,
                    arrives_on=day,
                    expires_on=expiry,
                )
            return
        self.book.incoming.pop(lot, None)
        known = self.book.of(lot, depot)
        if known is not None:
            there = self.book.lots[known].sure_quantity
            self.book.change(known, quantity=there + quantity)
            return
        name = lot if lot not in self.book.lots else f"{lot}>{depot}"
        self.book.lots[name] = Lot(
            id=name, item_id=item, depot_id=depot, quantity=quantity, expires_on=expiry
        )

    def _leave(
        self, cell: Cells, action: Action, where: tuple[str, str, str], quantity: float
    ) -> None:
        depot, item, lot = where
        known = self.book.of(lot, depot)
        if known is None or self.book.lots[known].item_id != item:
            cell.refuse("lot", Text(code="rotation.need.lot"))
            return
        held = self.book.lots[known]
        most = held.quantity
        if most is None and held.quantity_between is not None:
            most = held.quantity_between[1]
        if most is not None and quantity > most + _TRIFLE:
            cell.refuse("done", Text(code="rotation.need.less", values={"there": most}))
            return
        to = cell.known("to", self.depots) if action is Action.MOVE else None
        if action is Action.MOVE and to is None:
            return
        self.carried_out += 1
        if held.quantity is not None:
            self.book.change(known, quantity=max(0.0, held.quantity - quantity))
        elif held.quantity_between is not None:
            low, high = (max(0.0, one - quantity) for one in held.quantity_between)
            self.book.change(known, quantity_between=(low, high))
        if to is not None:
            self._put(held, lot, to, quantity)

    def _put(self, held: Lot, lot: str, depot: str, quantity: float) -> None:
        """Add what was sent to the depot that has it now."""
        known = self.book.of(lot, depot)
        if known is not None:
            there = self.book.lots[known].sure_quantity
            self.book.change(known, quantity=there + quantity)
            return
        name = f"{lot}>{depot}"
        update = {"id": name, "depot_id": depot, "quantity": quantity, "quantity_between": None}
        self.book.lots[name] = held.model_copy(update=update)

    def counts(self, table: Table) -> None:
        """Take what was counted, and every date that was read off the goods."""
        column = "counted" if "counted" in self.keys(table) else "done"
        for number, row in zip(table.numbers, self.rows(table), strict=True):
            cell = Cells(self.faults, self.items, table, number, row)
            if column == "done" and cell.action(quiet=True) is not Action.COUNT:
                continue
            if is_blank(row.get(column)) and is_blank(row.get("new_expiry")):
                continue
            before = len(self.faults)
            depot, item = cell.known("depot", self.depots), cell.known("item", self.items)
            quantity, expiry = cell.quantity(column, item), cell.day("new_expiry")
            lot = cell.text("lot", needed=True)
            if len(self.faults) > before or depot is None or lot is None:
                continue
            known = self.book.of(lot, depot)
            if known is None:
                cell.refuse("lot", Text(code="rotation.need.lot"))
                continue
            self.carried_out += 1
            self._found(cell, known, column, quantity)
            self._dated(cell, known, expiry)

    def _found(self, cell: Cells, lot_id: str, column: str, quantity: float | None) -> None:
        lot = self.book.lots[lot_id]
        if quantity is None:
            return
        if lot.quantity is None or abs(lot.quantity - quantity) > _TRIFLE:
            book = None if lot.quantity is None else f"{lot.quantity:g}"
            self._differs(lot, "quantity", (book, f"{quantity:g}"), cell.path(column))
        self.book.change(lot_id, quantity=quantity)

    def _dated(self, cell: Cells, lot_id: str, expiry: date | None) -> None:
        lot = self.book.lots[lot_id]
        if expiry is None:
            return
        if lot.expires_on != expiry:
            book = None if lot.expires_on is None else str(lot.expires_on)
            self._differs(lot, "expires_on", (book, str(expiry)), cell.path("new_expiry"))
        self.book.change(lot_id, expires_on=expiry)

    def _differs(
        self, lot: Lot, name: str, values: tuple[str | None, str | None], cell: str
    ) -> None:
        self.differences.append(
            Difference(
                path=name,
                lot_id=lot.id,
                depot_id=lot.depot_id,
                item_id=lot.item_id,
                book=values[0],
                found=values[1],
                cell=cell,
            )
        )
