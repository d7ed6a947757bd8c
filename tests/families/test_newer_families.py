"""Families newer than Linux 6.12, and those no kernel here speaks: dpll, handshake, ovpn, psp and others."""

from __future__ import annotations

import socket
import struct
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.genl_messages import line, s32, said, text, u16, u32, u64, values

KEY = bytes(range(32))


def test_dpll_device(tmp_path: Path) -> None:
    """dpll_device_get_one()"""
    device = {1: u32(0), 2: text("ice"), 5: u32(2), 6: [u32(1), u32(2)], 7: u32(3), 10: u32(1), 8: s32(-1500),
              4: u64(0x507C6FFFFF5C4AE8), 9: u32(2), 11: [u32(1), u32(8)], 12: u32(1)}  # fmt: skip
    message = said(tmp_path, "dpll", 2, device)

    found = values(message)
    assert ["DPLL_MODE_MANUAL", "DPLL_MODE_AUTOMATIC"] == found["DPLL_A_MODE_SUPPORTED"]
    assert (-1500, 0x507C6FFFFF5C4AE8) == (found["DPLL_A_TEMP"], found["DPLL_A_CLOCK_ID"])
    assert (
        "dpll 0 ice clock 0x507c6fffff5c4ae8 eec mode automatic locked_ho_acq (none) quality itu_opt1_prc "
        "itu_opt1_eprc phase-offset-monitor enable" == line(message)
    )


def test_dpll_pin(tmp_path: Path) -> None:
    """dpll_cmd_pin_get_one(): a pin of one device, its frequencies and its parents."""
    parent = {2: u32(0), 10: u32(1), 15: u32(3), 16: u32(1), 23: struct.pack("<q", -12345)}
    pin = {1: u32(13), 3: text("ice"), 5: u64(1), 6: text("SMA1"), 9: u32(2), 17: u32(7), 11: u64(10**7),
           12: [{13: u64(1), 14: u64(1)}, {13: u64(10**7), 14: u64(10**7)}], 20: s32(-16723), 24: s32(-2),
           18: parent}  # fmt: skip
    message = said(tmp_path, "dpll", 12, pin, "notification")

    found = values(message)
    assert [1, 10**7] == [one["DPLL_A_PIN_FREQUENCY_MIN"] for one in found["DPLL_A_PIN_FREQUENCY_SUPPORTED"]]
    assert (-16723, -2) == (found["DPLL_A_PIN_PHASE_ADJUST_MIN"], found["DPLL_A_PIN_FRACTIONAL_FREQUENCY_OFFSET"])
    (above,) = found["DPLL_A_PIN_PARENT_DEVICE"]
    assert ("DPLL_PIN_STATE_CONNECTED", -12345) == (above["DPLL_A_PIN_STATE"], above["DPLL_A_PIN_PHASE_OFFSET"])
    assert "pin 13 SMA1 ice clock 0x1 type ext frequency 10000000 Hz on dpll 0 input connected prio 3" == line(message)


def test_handshake(tmp_path: Path) -> None:
    """tls_handshake_accept(), handshake_nl_done_doit(): key serial numbers, no keys."""
    ready = said(tmp_path, "handshake", 1, {2: u32(1)}, "notification")
    given = {
        1: s32(4),
        3: u32(1),
        8: text("server.example"),
        4: u32(5000),
        5: u32(3),
        7: {1: s32(9), 2: s32(10)},
        6: u32(11),
    }
    accepted = said(tmp_path, "handshake", 2, given)
    done = said(tmp_path, "handshake", 3, {1: u32(13), 2: s32(4), 3: u32(12)}, "kernel")

    assert "for tlshd" == line(ready)
    assert "socket 4 clienthello auth x509 peer server.example identities 0xb timeout 5000 ms" == line(accepted)
    assert [{"HANDSHAKE_A_X509_CERT": 9, "HANDSHAKE_A_X509_PRIVKEY": 10}] == (
        values(accepted)["HANDSHAKE_A_ACCEPT_CERTIFICATE"]
    )
    assert "socket 4 status eacces remote 0xc" == line(done)


def test_ovpn(tmp_path: Path) -> None:
    """ovpn_nl_send_peer(); a key for both directions, of which nothing is shown."""
    peer = {1: u32(5), 2: socket.inet_aton("192.0.2.7"), 5: struct.pack(">H", 1194), 8: socket.inet_aton("10.8.0.2"),
            13: u32(20), 14: u32(120), 16: u32(4096), 17: u64(1 << 33)}  # fmt: skip
    told = said(tmp_path, "ovpn", 3, {1: u32(4), 2: peer})
    direction = {1: KEY, 2: KEY[:8]}
    key = said(
        tmp_path, "ovpn", 6, {1: u32(4), 3: {1: u32(5), 2: u32(1), 3: u32(2), 4: u32(1), 5: direction}}, "kernel"
    )
    gone = said(tmp_path, "ovpn", 5, {1: u32(4), 2: {1: u32(5), 15: u32(2)}}, "notification")

    assert "dev if4 peer 5 remote 192.0.2.7:1194 vpn 10.8.0.2 keepalive 20 s rx 4096 bytes tx 8589934592 bytes" == line(
        told
    )
    assert {"OVPN_A_KEYDIR_CIPHER_KEY": {"secret": 32}, "OVPN_A_KEYDIR_NONCE_TAIL": {"secret": 8}} == (
        values(key)["OVPN_A_KEYCONF"]["OVPN_A_KEYCONF_ENCRYPT_DIR"]
    )
    assert "dev if4 peer 5 secondary key 2 aes_gcm" == line(key)
    assert "dev if4 peer 5 expired" == line(gone)


def test_psp(tmp_path: Path) -> None:
    """psp_nl_dev_fill(), psp_assoc_create(): versions as bits of a device, as a number of an association."""
    device = said(tmp_path, "psp", 1, {1: u32(1), 2: u32(4), 3: u32(15), 4: u32(1)})
    made = said(tmp_path, "psp", 8, {1: u32(1), 3: {1: KEY[:16], 2: u32(0x12345678)}})
    asked = said(tmp_path, "psp", 9, {1: u32(1), 2: u32(1), 4: {1: KEY, 2: u32(9)}, 5: u32(3)}, "kernel")

    assert ["PSP_VERSION_HDR0_AES_GCM_128"] == values(device)["PSP_A_DEV_PSP_VERSIONS_ENA"]
    assert {"PSP_A_KEYS_KEY": {"secret": 16}, "PSP_A_KEYS_SPI": 0x12345678} == values(made)["PSP_A_ASSOC_RX_KEY"]
    assert "psp 1 hdr0_aes_gcm_256 tx spi 0x9 socket 3" == line(asked)


def test_net_shaper(tmp_path: Path) -> None:
    """net_shaper_fill_one(); a group with two leaves; what a device can do."""
    one = said(
        tmp_path, "net-shaper", 1, {9: {1: u32(1)}, 1: {1: u32(2), 2: u32(3)}, 2: u32(0), 4: u64(10**10), 8: u32(4)}
    )
    leaves = [{1: {1: u32(2), 2: u32(number)}, 7: u32(number)} for number in (1, 2)]
    group = said(tmp_path, "net-shaper", 4, {8: u32(4), 1: {1: u32(3)}, 2: u32(0), 10: leaves}, "kernel")
    can = said(tmp_path, "net-shaper", 5, {1: u32(4), 2: u32(2), 3: b"", 7: b""})

    assert "dev if4 queue 3 below netdev max 10000000000 bps" == line(one)
    assert [1, 2] == [leaf["NET_SHAPER_A_WEIGHT"] for leaf in values(group)["NET_SHAPER_A_LEAVES"]]
    assert "dev if4 queue bps bw-max" == line(can)


REQUESTS = {1: [{1: u64(1), 2: text("nfsd"), 3: text("192.0.2.9"), 4: text("*"), 6: u64(9)}, {1: u64(2), 5: b""}]}


@pytest.mark.parametrize(
    ("family", "command", "given", "to", "expected"),
    [
        ("lockd", 1, {1: u32(90), 2: u16(4001), 3: u16(4002)}, "kernel", "grace 90 s tcp 4001 udp 4002"),
        ("sunrpc", 1, {1: u32(2)}, "notification", "UNIX_GID"),
        ("sunrpc", 2, REQUESTS, "user", "nfsd 192.0.2.9 is *"),
        ("sunrpc", 5, {1: {1: u64(1), 2: u32(1000), 3: [u32(4), u32(24)]}}, "kernel", "uid 1000 gids 4 24"),
        (
            "binder", 1,
            {1: u32(0x7205), 2: text("binder"), 3: u32(10), 5: u32(20), 7: b"", 8: u32(0x11), 9: u32(3), 10: u32(64)},
            "notification", "binder dead_reply reply from 10 to 20 code 3 ONE_WAY,ACCEPT_FDS 64 bytes",
        ),
        ("dev-energymodel", 1, {2: u32(0), 3: u64(5), 4: [u64(0), u64(1)]}, "user",
         "domain 0 MICROWATTS,ARTIFICIAL cpus 0 1"),
        (
            "dev-energymodel", 3, {1: u32(0), 2: [{3: u64(600000), 4: u64(90)}, {3: u64(1200000), 4: u64(250)}]},
            "notification", "domain 0 kHz 600000 1200000 power 90 250",
        ),
        ("em", 1, {1: [{2: u32(0), 3: u64(1), 4: text("0-3")}]}, "user", "domains 0 cpus 0-3"),
        ("drm-ras", 1, {1: u32(0), 2: text("0000:03:00.0"), 3: text("correctable"), 4: u32(1)}, "user",
         "node 0 correctable of 0000:03:00.0 error_counter"),
        ("drm-ras", 2, {2: u32(1), 3: text("core-compute"), 4: u32(7)}, "user", "error 1 core-compute count 7"),
    ],
)  # fmt: skip
def test_line(tmp_path: Path, family: str, command: int, given: dict[int, Any], to: str, expected: str) -> None:
    """As the kernel's specifications (Documentation/netlink/specs) of these families have it."""
    assert expected == line(said(tmp_path, family, command, given, to))


def test_clearing_a_counter(tmp_path: Path) -> None:
    """DRM_RAS_CMD_CLEAR_ERROR_COUNTER names node and error."""
    message = said(tmp_path, "drm-ras", 3, {1: u32(0), 2: u32(1)}, "kernel")

    assert {"DRM_RAS_A_ERROR_COUNTER_ATTRS_NODE_ID": 0, "DRM_RAS_A_ERROR_COUNTER_ATTRS_ERROR_ID": 1} == values(message)
