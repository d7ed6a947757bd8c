"""Columns that several tables of statistics have."""

from __future__ import annotations

from nldissect.escapes import escaped
from nldissect.terminal.table import TableColumn

from ..names import protocol_name


def short(protocol: int) -> str:
    """Return a protocol's name without NETLINK_, as in the list; "total" for -1."""
    return "total" if protocol < 0 else (protocol_name(protocol) or str(protocol)).removeprefix("NETLINK_")


def files(names: list[str | None]) -> list[TableColumn]:
    """Return a column of the names of files where there are several, else none."""
    if not any(names):
        return []
    return [TableColumn("file", cells=[("dim", escaped(name or "")) for name in names])]


def numbers(title: str, values: list[int]) -> TableColumn:
    return TableColumn(title, True, cells=[("", str(value)) for value in values])


def family_columns(keys: list[tuple[int, str | None]]) -> list[TableColumn]:
    """Protocol, and generic family where one has any."""
    columns = [TableColumn("protocol", cells=[("", short(protocol)) for protocol, _ in keys])]
    if any(family for _, family in keys):
        columns.append(TableColumn("family", cells=[("name", escaped(family or "")) for _, family in keys]))
    return columns
