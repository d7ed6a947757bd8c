"""Rules of policy routing: `ip -j -d rule show` (ip/iprule.c)."""

from __future__ import annotations

from typing import Any

from .converters import ABSENT, Converter, Table, bit, hexed, named, number, text
from .names import DSFIELD, GROUPS, IP_PROTOCOLS, ROUTE_TYPES, TABLES, protocol_name
from .values import ObjectValues

HOST_BITS = {2: 32, 10: 128, 128: 32, 129: 128}
INVERT, UNRESOLVED, IIF_DETACHED, OIF_DETACHED = 0x2, 0x4, 0x8, 0x10
TO_TABLE, GOTO, NOP, NAT = 1, 2, 3, 10
ALL_BITS = 0xFFFF_FFFF


def side(path: str, length: str, default: Any) -> Converter:
    """Convert the address of a selector; `default` stands for any."""
    return lambda values: values.text(path) or ("0" if values.number(length) else default)


def length_of(path: str, length: str) -> Converter:
    """Convert the length of a prefix; a whole address has none."""

    def convert(values: ObjectValues) -> Any:
        bits = values.number(length)
        whole = path in values.leaves and bits == HOST_BITS.get(values.number("family"))
        return bits if bits and not whole else ABSENT

    return convert


def mark_mask(values: ObjectValues) -> Any:
    """Return the mask of the mark where it is not whole."""
    mask = values.value("FRA_FWMASK")
    return ABSENT if mask in (None, ALL_BITS) else f"0x{mask:x}"


def mark(values: ObjectValues) -> Any:
    """Return the mark, 0 where there is only a mask."""
    there = "FRA_FWMARK" in values.leaves or "FRA_FWMASK" in values.leaves
    return f"0x{values.number('FRA_FWMARK'):x}" if there else ABSENT


def single_port(path: str) -> Converter:
    """Convert a range of ports that has one."""
    return lambda values: (
        values.number(f"{path}.start")
        if path in values and values.number(f"{path}.start") == values.number(f"{path}.end")
        else ABSENT
    )


def end_of_ports(path: str, end: str) -> Converter:
    """Convert the first or last of several ports."""
    return lambda values: (
        values.number(f"{path}.{end}") if values.number(f"{path}.start") != values.number(f"{path}.end") else ABSENT
    )


def rule_table(values: ObjectValues) -> Any:
    """Return the name of the routing table: FRA_TABLE has those, too, that do not fit into the header."""
    table = values.number("FRA_TABLE", values.number("table"))
    return TABLES.get(table, str(table)) if table else ABSENT


def unless_minus_one(path: str) -> Converter:
    """Convert a number; -1 is none."""
    return lambda values: ABSENT if values.value(path) in (None, -1) else values.number(path)


def group(values: ObjectValues) -> Any:
    """Return the group of interfaces by its name; -1 is none."""
    number_of_group = values.value("FRA_SUPPRESS_IFGROUP")
    if number_of_group in (None, -1):
        return ABSENT
    return GROUPS.get(number_of_group, str(number_of_group))


def realm(shift: int) -> Converter:
    """Convert the upper or lower realm."""

    def convert(values: ObjectValues) -> Any:
        realms = values.value("FRA_FLOW")
        if realms is None or (shift and not realms >> 16):
            return ABSENT
        return str(realms >> shift & 0xFFFF)

    return convert


def of_action(action: int, convert: Converter) -> Converter:
    """Convert by `convert` where a rule has an action."""
    return lambda values: convert(values) if values.number("action") == action else ABSENT


def action_name(values: ObjectValues) -> Any:
    """Return the name of an action that has no key of its own."""
    action = values.number("action")
    return ABSENT if action in (TO_TABLE, GOTO, NOP, NAT) else ROUTE_TYPES.get(action, str(action))


def goto(values: ObjectValues) -> Any:
    """Return the priority of the rule to go on with."""
    return values.number("FRA_GOTO") if "FRA_GOTO" in values.leaves else "none"


def type_of_service(values: ObjectValues) -> Any:
    """Return the type of service by its name."""
    tos = values.number("tos")
    return DSFIELD.get(tos, f"0x{tos:02x}") if tos else ABSENT


def code_point(values: ObjectValues) -> Any:
    """Return the code point of differentiated services by its name."""
    code = values.value("FRA_DSCP")
    return ABSENT if code is None else DSFIELD.get(code << 2, str(code))


RULE: Table = {
    "priority": lambda values: values.number("FRA_PRIORITY"),
    "not": bit("flags", INVERT, None),
    "src": side("FRA_SRC", "src_len", "all"),
    "srclen": length_of("FRA_SRC", "src_len"),
    "dst": side("FRA_DST", "dst_len", ABSENT),
    "dstlen": length_of("FRA_DST", "dst_len"),
    "tos": type_of_service,
    "fwmark": mark,
    "fwmask": mark_mask,
    "iif": text("FRA_IIFNAME"),
    "iif_detached": bit("flags", IIF_DETACHED, None),
    "oif": text("FRA_OIFNAME"),
    "oif_detached": bit("flags", OIF_DETACHED, None),
    "l3mdev": lambda values: None if values.number("FRA_L3MDEV") else ABSENT,
    "uid_start": number("FRA_UID_RANGE.start"),
    "uid_end": number("FRA_UID_RANGE.end"),
    "ipproto": named("FRA_IP_PROTO", IP_PROTOCOLS, "ipproto-{}"),
    "sport": single_port("FRA_SPORT_RANGE"),
    "sport_mask": hexed("FRA_SPORT_MASK"),
    "sport_start": end_of_ports("FRA_SPORT_RANGE", "start"),
    "sport_end": end_of_ports("FRA_SPORT_RANGE", "end"),
    "dport": single_port("FRA_DPORT_RANGE"),
    "dport_mask": hexed("FRA_DPORT_MASK"),
    "dport_start": end_of_ports("FRA_DPORT_RANGE", "start"),
    "dport_end": end_of_ports("FRA_DPORT_RANGE", "end"),
    "tun_id": number("FRA_TUN_ID"),
    "table": rule_table,
    "suppress_prefixlen": unless_minus_one("FRA_SUPPRESS_PREFIXLEN"),
    "suppress_ifgroup": group,
    "flow_from": realm(16),
    "flow_to": realm(0),
    "masquerade": of_action(NAT, lambda values: None),
    "goto": of_action(GOTO, goto),
    "unresolved": of_action(GOTO, bit("flags", UNRESOLVED, None)),
    "nop": of_action(NOP, lambda values: None),
    "action": action_name,
    "protocol": protocol_name("FRA_PROTOCOL"),
    "dscp": code_point,
    "dscp_mask": hexed("FRA_DSCP_MASK"),
    "flowlabel": hexed("FRA_FLOWLABEL"),
    "flowlabel_mask": hexed("FRA_FLOWLABEL_MASK"),
}
