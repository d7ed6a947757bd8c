"""The family netdev: Linux 6.12's in a capture, what 6.13 to 6.18 added as a 6.18 kernel said it, the rest by hand."""

from __future__ import annotations

from pathlib import Path

from nldissect.render.summaries.summary import summary_of
from nldissect.wire import NETLINK_GENERIC, DecodedMessage, nlmon, walk
from tests.helpers.captures import messages, undecoded
from tests.helpers.genl_messages import line, s32, said, u32, u64, values
from tests.helpers.hex_messages import FAMILY, knowing
from tests.helpers.route_messages import attrs


def from_kernel(text: str) -> list[DecodedMessage]:
    """The messages of one datagram as received, its family id made FAMILY."""
    raw = bytearray.fromhex(text)
    at = 0
    while at < len(raw):
        if raw[at + 4] == 0x14:
            raw[at + 4] = FAMILY
        at += int.from_bytes(raw[at : at + 4], "little")
    frame = bytes.fromhex("0004 0338 0000 0000000000000000") + NETLINK_GENERIC.to_bytes(2, "big") + bytes(raw)
    assert frame == bytes(nlmon(frame, _context=knowing("netdev")))
    return walk(frame, knowing("netdev")).messages


def test_device() -> None:
    """A veth can redirect and takes scattered frames; its driver offers three kinds of receive metadata."""
    veth = next(attrs(one) for one in messages("netdev_genl.pcap", "netdev", "to user"))

    assert {
        "NETDEV_A_DEV_IFINDEX": 4,
        "NETDEV_A_DEV_XDP_FEATURES": ["NETDEV_XDP_ACT_BASIC", "NETDEV_XDP_ACT_REDIRECT", "NETDEV_XDP_ACT_RX_SG"],
        "NETDEV_A_DEV_XDP_RX_METADATA_FEATURES": [
            "NETDEV_XDP_RX_METADATA_TIMESTAMP",
            "NETDEV_XDP_RX_METADATA_HASH",
            "NETDEV_XDP_RX_METADATA_VLAN_TAG",
        ],
        "NETDEV_A_DEV_XSK_FEATURES": [],
    } == veth


def test_queues() -> None:
    """ip link add v0 numrxqueues 2 type veth: two queues to receive, one to send."""
    queues = [
        attrs(one)
        for one in messages("netdev_genl.pcap", "netdev", "to user")
        if one.layers[0].value[0].kind.json(10) == "NETDEV_CMD_QUEUE_GET" and "NETDEV_A_QUEUE_ID" in str(one.layers[-1])
    ]
    kinds = [
        (one["NETDEV_A_QUEUE_TYPE"].removeprefix("NETDEV_QUEUE_TYPE_"), one["NETDEV_A_QUEUE_ID"]) for one in queues
    ]
    assert [("RX", 0), ("RX", 1), ("TX", 0)] == kinds


def test_everything_is_described() -> None:
    assert [] == undecoded("netdev_genl.pcap")


def test_napi_of_a_newer_kernel() -> None:
    """Linux 6.18, a virtio device: what NAPI can be set to since 6.13, and whether it has a thread since 6.17."""
    instance, _ = from_kernel(
        "440000001400000003000000e80600000b010000080002000101000008000100040000000800080000000000080005000000000008000700"
        "000000000800060000000000140000000300020003000000e806000000000000"
    )

    assert {
        "NETDEV_A_NAPI_ID": 257,
        "NETDEV_A_NAPI_IFINDEX": 4,
        "NETDEV_A_NAPI_THREADED": "NETDEV_NAPI_THREADED_DISABLED",
        "NETDEV_A_NAPI_DEFER_HARD_IRQS": 0,
        "NETDEV_A_NAPI_IRQ_SUSPEND_TIMEOUT": 0,
        "NETDEV_A_NAPI_GRO_FLUSH_TIMEOUT": 0,
    } == attrs(instance)
    assert (
        "dev if4 napi 257 defer-hard-irqs 0 gro-flush-timeout 0 ns irq-suspend-timeout 0 ns threaded disabled"
        == summary_of(instance)
    )


def test_statistics_of_queues() -> None:
    """Linux 6.18, the same device: counters in four bytes, as large as they need to be."""
    receive, send, _ = from_kernel(
        "3c0000001400000005000000e80600000c010000080001000400000008000200000000000800030000000000080008005641000008000900"
        "a54dcf2f4c0000001400000005000000e80600000c01000008000100040000000800020001000000080003000000000008000a0086230000"
        "08000b0095340c0008002100000000000800220000000000140000000300020005000000e806000000000000"
    )

    assert "dev if4 rx queue 0 rx 16726 packets 802114981 bytes" == summary_of(receive)
    assert "dev if4 tx queue 0 tx 9094 packets 799893 bytes" == summary_of(send)
    assert {"NETDEV_A_QSTATS_TX_STOP": 0, "NETDEV_A_QSTATS_TX_WAKE": 0} == {
        name: number for name, number in attrs(send).items() if name.endswith(("STOP", "WAKE"))
    }


def test_page_pools(tmp_path: Path) -> None:
    """page_pool_nl_fill(), page_pool_nl_stats_fill(): nla_put_uint() takes four or eight bytes."""
    pool = {1: u32(7), 2: u32(4), 3: u32(257), 4: u32(64), 5: u64(1 << 33), 7: u32(3), 8: {}}
    told = said(tmp_path, "netdev", 5, pool)
    statistics = said(tmp_path, "netdev", 9, {1: {1: u32(7), 2: u32(4)}, 8: u64(1 << 40), 18: u32(2)})

    assert "pool 7 dev if4 napi 257 inflight 64 8589934592 bytes dmabuf 3 io_uring" == line(told)
    assert 1 << 40 == values(statistics)["NETDEV_A_PAGE_POOL_STATS_ALLOC_FAST"]
    assert {"NETDEV_A_PAGE_POOL_ID": 7, "NETDEV_A_PAGE_POOL_IFINDEX": 4} == (
        values(statistics)["NETDEV_A_PAGE_POOL_STATS_INFO"]
    )


def test_memory_bound_to_queues_and_a_leased_one(tmp_path: Path) -> None:
    """NETDEV_CMD_BIND_RX of two queues; a queue whose lease names a device in another namespace."""
    bind = said(
        tmp_path, "netdev", 13, {1: u32(4), 3: u32(9), 2: [{1: u32(0), 3: u32(0)}, {1: u32(1), 3: u32(0)}]}, "kernel"
    )
    lease = said(tmp_path, "netdev", 10, {1: u32(2), 2: u32(5), 3: u32(0), 8: {1: u32(3), 2: {1: u32(1)}, 3: s32(-1)}})

    assert "dev if4 fd 9 queues 0 1" == line(bind)
    assert {
        "NETDEV_A_LEASE_IFINDEX": 3,
        "NETDEV_A_LEASE_QUEUE": {"NETDEV_A_QUEUE_ID": 1},
        "NETDEV_A_LEASE_NETNS_ID": -1,
    } == (values(lease)["NETDEV_A_QUEUE_LEASE"])
