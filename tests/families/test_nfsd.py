"""The NFS server: what nfsdctl(8) asked and printed; requests in progress and newer kernels' by hand."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

from nldissect.render.summaries.summary import summary_of
from tests.helpers.captures import messages, undecoded, value
from tests.helpers.genl_messages import line, s32, said, text, u8, u32, u64, values
from tests.helpers.route_messages import attrs


def test_versions() -> None:
    """nfsdctl version -4.0 +4.2; nfsdctl version: "+3.0 -4.0 +4.1 +4.2"."""
    answer = attrs(messages("nfsd.pcap", "nfsd", "to user", cmd="NFSD_CMD_VERSION_GET")[-1])

    assert "+3.0 -4.0 +4.1 +4.2" == " ".join(
        f"{'+' if 'NFSD_A_VERSION_ENABLED' in one else '-'}{one['NFSD_A_VERSION_MAJOR']}.{one['NFSD_A_VERSION_MINOR']}"
        for one in answer["NFSD_A_SERVER_PROTO_VERSION"]
    )


def test_listeners() -> None:
    """nfsdctl listener: "tcp:[::1]:2049" and "tcp:127.0.0.1:2049"; addresses as long as struct sockaddr_storage."""
    answer = messages("nfsd.pcap", "nfsd", "to user", cmd="NFSD_CMD_LISTENER_GET")[-1]

    six, four = attrs(answer)["NFSD_A_SERVER_SOCK_ADDR"]
    assert {"sin_port": 2049, "sin_addr": "127.0.0.1"} == four["NFSD_A_SOCK_ADDR"]["address"]
    assert ("AF_INET6", "::1", 2049) == (
        six["NFSD_A_SOCK_ADDR"]["ss_family"],
        six["NFSD_A_SOCK_ADDR"]["address"]["sin6_addr"],
        six["NFSD_A_SOCK_ADDR"]["address"]["sin6_port"],
    )
    assert ["tcp", "tcp"] == [one["NFSD_A_SOCK_TRANSPORT_NAME"] for one in (six, four)]
    assert "tcp 127.0.0.1:2049" == summary_of(answer)


def test_threads_and_pools() -> None:
    """nfsdctl threads 3; threads: "gracetime: 90, leasetime: 90, scope: (none), pool-threads: 3"; pool-mode."""
    lines = [
        (value(one, "cmd").removeprefix("NFSD_CMD_"), summary_of(one))
        for one in messages("nfsd.pcap", "nfsd")
        if "THREADS" in value(one, "cmd") or "POOL" in value(one, "cmd")
    ]

    assert [
        ("POOL_MODE_SET", "global"),
        ("POOL_MODE_GET", ""),
        ("POOL_MODE_GET", "global pools 1"),
        ("THREADS_SET", "threads 3"),
        ("THREADS_GET", ""),
        ("THREADS_GET", "threads 3 grace 90 s lease 90 s scope (none)"),
        ("THREADS_SET", "threads 0"),
    ] == lines


def test_everything_is_described() -> None:
    assert [] == undecoded("nfsd.pcap")


def test_request_in_progress(tmp_path: Path) -> None:
    """nfsd_genl_rpc_status_compose_msg(): a compound of an NFSv4.1 client."""
    status = {
        1: struct.pack(">I", 0x10203040), 2: u32(0x21), 3: u32(100003), 5: u32(1), 4: u8(4), 6: u64(123456),
        8: socket.inet_aton("192.0.2.9"), 9: socket.inet_aton("192.0.2.1"), 12: struct.pack(">H", 700),
        13: struct.pack(">H", 2049), 14: [u32(53), u32(22), u32(9)],
    }  # fmt: skip
    message = said(tmp_path, "nfsd", 1, status)

    assert ["OP_SEQUENCE", "OP_PUTFH", "OP_GETATTR"] == values(message)["NFSD_A_RPC_STATUS_COMPOUND_OPS"]
    assert ["RQ_SECURE", "RQ_DATA"] == values(message)["NFSD_A_RPC_STATUS_FLAGS"]
    assert "192.0.2.9:700 -> 192.0.2.1:2049 xid 0x10203040 v4 proc 1 sequence putfh getattr" == line(message)


def test_the_key_of_file_handles_is_secret(tmp_path: Path) -> None:
    message = said(tmp_path, "nfsd", 2, {1: u32(8), 5: u32(2), 6: bytes(range(16))}, "kernel")

    assert {"secret": 16} == values(message)["NFSD_A_SERVER_FH_KEY"]
    assert "threads 8 at least 2 key of file handles" == line(message)


def test_exports(tmp_path: Path) -> None:
    """mountd answers a request of the kernel's export cache."""
    export = {1: u64(5), 2: text("*"), 3: text("/srv"), 5: u64(1795631992), 10: {1: u32(1), 2: u32(4)},
              11: [u32(1), u32(2)], 12: u32(0x405), 13: s32(-7)}  # fmt: skip
    message = said(tmp_path, "nfsd", 12, {1: export}, "kernel")

    (found,) = values(message)["NFSD_A_SVC_EXPORT_REQS_REQUESTS"]
    assert ["NFSEXP_READONLY", "NFSEXP_ROOTSQUASH", "NFSEXP_NOSUBTREECHECK"] == found["NFSD_A_SVC_EXPORT_FLAGS"]
    assert -7 == found["NFSD_A_SVC_EXPORT_FSID"]
    assert "* /srv READONLY,ROOTSQUASH,NOSUBTREECHECK" == line(message)
