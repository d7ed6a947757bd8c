"""WireGuard as drivers/net/wireguard/netlink.c writes it, and wg(8) asks."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

import pytest

from nldissect.errors import FieldError
from nldissect.families.generic.wireguard import WGPEER_A
from nldissect.wire import Context, nlmon
from tests.helpers.genl_messages import line, said, text, u8, u16, u32, u64, values

PRIVATE, PUBLIC, SHARED = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
KEY = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
ENDPOINT4 = struct.pack("<H", 2) + struct.pack(">H", 51820) + socket.inet_aton("192.0.2.7") + bytes(8)
ENDPOINT6 = (
    struct.pack("<H", 10) + struct.pack(">HI", 51821, 0) + socket.inet_pton(10, "2001:db8::7") + struct.pack("<I", 3)
)


def peer(endpoint: bytes) -> dict[int, object]:
    allowed = {1: u16(2), 2: socket.inet_aton("10.0.0.0"), 3: u8(24)}, {1: u16(10), 2: bytes(16), 3: u8(0)}
    return {
        1: PUBLIC, 2: SHARED, 6: struct.pack("<qq", 1795631992, 5), 5: u16(25), 8: u64(2048), 7: u64(1024), 10: u32(1),
        4: endpoint, 9: {0: list(allowed)},
    }  # fmt: skip


def test_device(tmp_path: Path) -> None:
    """wg_get_device_dump(): arrays whose elements all have the number 0."""
    device = {6: u16(51820), 7: u32(0xCA6C), 1: u32(3), 2: text("wg0"), 3: PRIVATE, 4: PUBLIC, 8: {0: peer(ENDPOINT4)}}
    message = said(tmp_path, "wireguard", 0, device)

    found = values(message)
    assert {"secret": 32} == found["WGDEVICE_A_PRIVATE_KEY"]
    assert KEY == found["WGDEVICE_A_PUBLIC_KEY"]
    (one,) = found["WGDEVICE_A_PEERS"].values()
    assert {"secret": 32} == one["WGPEER_A_PRESHARED_KEY"]
    assert {"ss_family": "AF_INET", "address": {"sin_port": 51820, "sin_addr": "192.0.2.7"}} == one["WGPEER_A_ENDPOINT"]
    assert {"tv_sec": 1795631992, "tv_nsec": 5} == one["WGPEER_A_LAST_HANDSHAKE_TIME"]
    assert (
        f"wg0 port 51820 fwmark 0xca6c peers 1 peer {KEY} endpoint 192.0.2.7:51820 allowed 10.0.0.0/24 keepalive 25 s "
        "rx 1024 bytes tx 2048 bytes" == line(message)
    )


def test_endpoint_of_the_other_version(tmp_path: Path) -> None:
    message = said(tmp_path, "wireguard", 0, {2: text("wg0"), 8: {0: peer(ENDPOINT6)}})

    (one,) = values(message)["WGDEVICE_A_PEERS"].values()
    assert {"sin6_port": 51821, "sin6_flowinfo": 0, "sin6_addr": "2001:db8::7", "sin6_scope_id": 3} == (
        one["WGPEER_A_ENDPOINT"]["address"]
    )
    assert "endpoint [2001:db8::7]:51821" in line(message)


def test_set_device(tmp_path: Path) -> None:
    """wg set wg0 private-key ... peer ... remove: the elements of arrays have the number 0 here too."""
    asked = {2: text("wg0"), 3: PRIVATE, 5: u32(1), 8: {0: {1: PUBLIC, 3: u32(5)}}}
    message = said(tmp_path, "wireguard", 1, asked, "kernel")

    assert ["WGDEVICE_F_REPLACE_PEERS"] == values(message)["WGDEVICE_A_FLAGS"]
    assert f"wg0 REPLACE_PEERS peers 1 peer {KEY} REMOVE_ME,UPDATE_ONLY" == line(message)


def test_a_key_of_the_wrong_size_is_masked_too(tmp_path: Path) -> None:
    """Bytes that are no key by their size may still be one."""
    from tests.helpers.genl_messages import FAMILY, attrs
    from tests.helpers.hex_messages import of_command

    message = of_command("wireguard", 1, attrs({2: text("wg0"), 3: PRIVATE[:31]}), 5)

    assert {"secret": 31} == values(message)["WGDEVICE_A_PRIVATE_KEY"]
    context = Context("little")
    context.learn("genl", FAMILY, "wireguard")
    assert PRIVATE[:31].hex() not in nlmon(message.data, _context=context).show(dump=True)


def test_a_public_key_is_given_as_it_is_printed() -> None:
    """Only whole base64 is taken."""
    row = WGPEER_A.rows[1]

    assert PUBLIC == row.encode(KEY, "<")
    for wrong in ("ICEi*", "ICE", 5):
        with pytest.raises(FieldError, match="is no base64"):
            row.encode(wrong, "<")
