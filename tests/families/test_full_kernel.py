"""What only a full kernel has, on real bytes beside what tools printed: WireGuard, Multipath TCP, SMC, drops."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.captures import messages, replies, requests, undecoded, value
from tests.helpers.route_messages import attrs, line

WG, MPTCP, SMC, DROPS = "wireguard.pcap", "mptcp.pcap", "smc.pcap", "drop_monitor.pcap"


@pytest.mark.parametrize("name", [WG, MPTCP, SMC, DROPS])
def test_nothing_is_left_over(name: str) -> None:
    assert [] == undecoded(name)


def test_wireguard_device() -> None:
    """wg show wg0: "listening port: 51820, fwmark: 0x51, endpoint: 198.51.100.2:51821, allowed ips: 192.0.2.2/32,
    2001:db8::/64, transfer: 220 B received, 308 B sent, persistent keepalive: every 25 seconds"."""
    (told, _) = replies(WG, "wireguard", cmd="WG_CMD_GET_DEVICE")
    (peer,) = value(told, "WGDEVICE_A_PEERS").values()

    assert "6hpfh6cZPQwUfqLHOClOnLzuN1xqT/+QUwVKYCeZyXU=" == value(told, "WGDEVICE_A_PUBLIC_KEY")
    assert "Cz3hnCPWYV7oST+TLHKPVyOU//LjTAWKicZLwPDL5E0=" == peer["WGPEER_A_PUBLIC_KEY"]
    assert ({"secret": 32}, {"secret": 32}) == (value(told, "WGDEVICE_A_PRIVATE_KEY"), peer["WGPEER_A_PRESHARED_KEY"])
    assert (220, 308, 25, 1795634692) == (
        peer["WGPEER_A_RX_BYTES"],
        peer["WGPEER_A_TX_BYTES"],
        peer["WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL"],
        peer["WGPEER_A_LAST_HANDSHAKE_TIME"]["tv_sec"],
    )
    assert (
        "wg0 port 51820 fwmark 0x51 peers 1 peer Cz3hnCPWYV7oST+TLHKPVyOU//LjTAWKicZLwPDL5E0= "
        "endpoint 198.51.100.2:51821 allowed 192.0.2.2/32 keepalive 25 s rx 220 bytes tx 308 bytes"
    ) == line(told)


def test_wireguard_changes() -> None:
    """wg set wg0 private-key ...; wg set wg0 peer ... allowed-ips 192.0.2.0/24; wg set wg0 peer ... remove."""
    own, _, narrowed, removed = requests(WG, "wireguard", cmd="WG_CMD_SET_DEVICE")

    assert {"secret": 32} == value(own, "WGDEVICE_A_PRIVATE_KEY")
    assert ["WGPEER_F_REPLACE_ALLOWEDIPS"] == value(narrowed, "WGPEER_A_FLAGS")
    assert ["WGPEER_F_REMOVE_ME"] == value(removed, "WGPEER_A_FLAGS")


def test_mptcp_endpoints() -> None:
    """ip mptcp endpoint show: "203.0.113.1 id 7 subflow dev veth0", "2001:db8::1 id 8 signal"; limits show."""
    shown = [attrs(one)["MPTCP_PM_ATTR_ADDR"] for one in replies(MPTCP, "mptcp_pm", cmd="MPTCP_PM_CMD_GET_ADDR")]
    limits = replies(MPTCP, "mptcp_pm", cmd="MPTCP_PM_CMD_GET_LIMITS")[0]

    assert [("203.0.113.1", 7, ["MPTCP_PM_ADDR_FLAG_SUBFLOW"]), ("2001:db8::1", 8, ["MPTCP_PM_ADDR_FLAG_SIGNAL"])] == [
        (
            one.get("MPTCP_PM_ADDR_ATTR_ADDR4", one.get("MPTCP_PM_ADDR_ATTR_ADDR6")),
            one["MPTCP_PM_ADDR_ATTR_ID"],
            one["MPTCP_PM_ADDR_ATTR_FLAGS"],
        )
        for one in shown
    ]
    assert "add_addr_accepted 2 subflows 2" == line(limits)


def test_mptcp_events() -> None:
    """ip mptcp monitor: "[ CREATED] token=49473098 remid=0 locid=0 saddr4=198.51.100.1 daddr4=198.51.100.2 sport=35322
    dport=4433", "[SF_ESTABLISHED] ... locid=7 saddr4=203.0.113.1 ... sport=58589 dport=4433 backup=0 ifindex=3"."""
    events = messages(MPTCP, "mptcp_pm", "notification")
    told: dict[str, dict[str, Any]] = {value(one, "cmd"): attrs(one) for one in events}

    assert ["CREATED", "ESTABLISHED", "SUB_ESTABLISHED", "CLOSED"] == [
        name.removeprefix("MPTCP_EVENT_") for name in told
    ]
    assert {0x49473098} == {one["MPTCP_ATTR_TOKEN"] for one in told.values()}
    assert (7, "203.0.113.1", "198.51.100.2", 58589, 4433, 0, 3) == tuple(
        told["MPTCP_EVENT_SUB_ESTABLISHED"][f"MPTCP_ATTR_{name}"]
        for name in ("LOC_ID", "SADDR4", "DADDR4", "SPORT", "DPORT", "BACKUP", "IF_IDX")
    )


def test_smc_networks() -> None:
    """python3 genl.py SMC_PNETID: one physical network of an Ethernet device and two software RoCE ports."""
    rows = [attrs(one) for one in replies(SMC, "SMC_PNETID", cmd="SMC_PNETID_GET")]

    assert {"NET1"} == {one["SMC_PNETID_NAME"] for one in rows}
    assert [("veth0", "n/a", 255), ("n/a", "rxe0", 1), ("n/a", "rxe1", 1)] == [
        (one["SMC_PNETID_ETHNAME"], one["SMC_PNETID_IBNAME"], one["SMC_PNETID_IBPORT"]) for one in rows
    ]


def test_smc_fallback() -> None:
    """A connection whose peer declines: a client's fallback to TCP, counted; the device that was there for it."""
    (reason,) = replies(SMC, "SMC_GEN_NETLINK", cmd="SMC_NETLINK_GET_FBACK_STATS")
    (device,) = replies(SMC, "SMC_GEN_NETLINK", cmd="SMC_NETLINK_GET_DEV_SMCR")
    (added,) = requests(SMC, "SMC_GEN_NETLINK", cmd="SMC_NETLINK_ADD_UEID")

    assert ("SMC_CLC_DECL_PEERDECL", 1, 0) == tuple(
        value(reason, f"SMC_NLA_FBACK_STATS_{name}") for name in ("RSN_CODE", "CLNT_CNT", "SRV_CNT")
    )
    assert "device rxe0 pnetid NET1" == line(device)
    assert "NLDISSECT-TEST" == value(added, "SMC_NLA_EID_TABLE_ENTRY").rstrip()


def test_drops() -> None:
    """dwdump: "dropped" to a UDP port that nobody has open, on lo: 14 + 20 + 8 + 7 bytes."""
    drop = messages(DROPS, "NET_DM", "notification", cmd="NET_DM_CMD_PACKET_ALERT")[0]

    assert "sw NO_SOCKET at __udp4_lib_rcv+0x235/0xd90 iif if1 ip length 49" == line(drop)
    assert (49, "ETH_P_IP") == (value(drop, "NET_DM_ATTR_ORIG_LEN"), value(drop, "NET_DM_ATTR_PROTO"))
    assert "mode summary truncate 0 queue 1000" in [
        line(one) for one in messages(DROPS, "NET_DM") if "mode" in line(one)
    ]
