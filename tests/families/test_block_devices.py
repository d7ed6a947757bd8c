"""Block devices on real bytes: nbd, SCSI targets in user space, DRBD. What was asked stands in captures/topics."""

from __future__ import annotations

from typing import Any

import pytest

from nldissect.render.json_objects import frame_objects
from nldissect.stream.frames import FrameStream
from tests.helpers.captures import messages, rebuilt, replies, requests, undecoded, value
from tests.helpers.route_messages import attrs, body, frames, line


@pytest.mark.parametrize("name", ["nbd", "tcm_user", "drbd"])
def test_whole(name: str) -> None:
    assert [] == undecoded(f"{name}.pcap")
    assert list(frames(f"{name}.pcap")) == rebuilt(f"{name}.pcap")


def test_nbd_is_connected() -> None:
    """What captures/topics/nbd.py puts together, read again."""
    (asked,) = requests("nbd.pcap", "nbd", cmd="NBD_CMD_CONNECT")
    found = attrs(asked)

    assert (1, 1 << 20, 1024, 30, 5, "disk-7") == tuple(
        found[f"NBD_ATTR_{name}"]
        for name in ("INDEX", "SIZE_BYTES", "BLOCK_SIZE_BYTES", "TIMEOUT", "DEAD_CONN_TIMEOUT", "BACKEND_IDENTIFIER")
    )
    assert ["HAS_FLAGS", "READ_ONLY", "SEND_FLUSH", "SEND_TRIM", "CAN_MULTI_CONN"] == [
        name.removeprefix("NBD_FLAG_") for name in found["NBD_ATTR_SERVER_FLAGS"]
    ]
    assert ["NBD_CFLAG_DESTROY_ON_DISCONNECT"] == found["NBD_ATTR_CLIENT_FLAGS"]
    assert ["NBD_SOCK_FD"] == [*found["NBD_ATTR_SOCKETS"]["NBD_SOCK_ITEM"][0]]


def test_nbd_status() -> None:
    """The kernel's answers as bytes, printed by the topic: device 0 is free, device 1 connected."""
    every, one = (attrs(answer)["NBD_ATTR_DEVICE_LIST"] for answer in replies("nbd.pcap", "nbd", cmd="NBD_CMD_STATUS"))
    free, used = ({"NBD_DEVICE_INDEX": number, "NBD_DEVICE_CONNECTED": number} for number in (0, 1))

    assert sorted([free, used], key=str) == sorted(every["NBD_DEVICE_ITEM"], key=str)
    assert {"NBD_DEVICE_ITEM": [used]} == one
    assert "nbd1 disk-7 timeout 60 s <DISCONNECT_ON_CLOSE>" == line(
        requests("nbd.pcap", "nbd", cmd="NBD_CMD_RECONFIGURE")[0]
    )


def test_tcm_user() -> None:
    """What the daemon heard, as it printed; it refused the last change."""
    heard = [body(one)["attrs"] for one in messages("tcm_user.pcap", "TCM-USER", "notification")]

    assert "tcm-user/7/disk/file//tmp/disk.img" == heard[0]["TCMU_ATTR_DEVICE"]
    assert (0, 1) == (heard[0]["TCMU_ATTR_MINOR"], heard[0]["TCMU_ATTR_DEVICE_ID"])
    assert 2097152 == heard[1]["TCMU_ATTR_DEV_SIZE"]
    assert 1 == heard[2]["TCMU_ATTR_WRITECACHE"]
    assert ["file//tmp/other.img", "refused"] == [one["TCMU_ATTR_DEV_CFG"] for one in heard[3:5]]
    answers = requests("tcm_user.pcap", "TCM-USER", cmd="TCMU_CMD_RECONFIG_DEVICE_DONE")
    assert [0, 0, 0, "EINVAL"] == [value(one, "TCMU_ATTR_CMD_STATUS") for one in answers]


def drbd(command: str, direction: str = "to user") -> list[dict[str, Any]]:
    """The attributes of every message of DRBD with that command; its notices come with pid 0 and a sequence."""
    return [attrs(one) for one in messages("drbd.pcap", "drbd", direction) if value(one, "cmd") == f"DRBD_{command}"]


def test_drbd_is_configured() -> None:
    """drbdsetup attach 0 /dev/ram0 ... --on-io-error=detach --c-max-rate=4096k --al-extents=127; connect r0 ...
    --protocol=C --after-sb-0pri=discard-zero-changes --cram-hmac-alg=sha1."""
    (disk,) = (one["DRBD_NLA_DISK_CONF"] for one in drbd("ADM_ATTACH", "to kernel"))
    (link,) = drbd("ADM_CONNECT", "to kernel")
    net = link["DRBD_NLA_NET_CONF"]

    assert ("/dev/ram0", "/dev/ram0", "DRBD_MD_INDEX_FLEX_INT", "EP_DETACH", 4096, 127) == tuple(
        disk[f"T_{name}"]
        for name in ("backing_dev", "meta_dev", "meta_dev_idx", "on_io_error", "c_max_rate", "al_extents")
    )
    assert ("DRBD_PROT_C", "ASB_DISCARD_ZERO_CHG", "sha1", {"secret": 9}) == tuple(
        net[f"T_{name}"] for name in ("wire_protocol", "after_sb_0p", "cram_hmac_alg", "shared_secret")
    )
    assert {"ss_family": "AF_INET", "address": {"sin_port": 7789, "sin_addr": "192.0.2.1"}} == link[
        "DRBD_NLA_CFG_CONTEXT"
    ]["T_ctx_my_addr"]


def test_drbd_status() -> None:
    """drbdsetup status r0 --verbose --statistics: "write-ordering:flush", "disk:Inconsistent size:4056 read:0
    al-writes:8", "connection:Connecting role:Unknown", "peer-disk:DUnknown out-of-sync:4056"."""
    (resource,) = drbd("ADM_GET_RESOURCES")
    (device,) = drbd("ADM_GET_DEVICES")
    (connection,) = drbd("ADM_GET_CONNECTIONS")
    (peer,) = drbd("ADM_GET_PEER_DEVICES")

    assert "WO_BDEV_FLUSH" == resource["DRBD_NLA_RESOURCE_STATISTICS"]["T_res_stat_write_ordering"]
    assert "D_INCONSISTENT" == device["DRBD_NLA_DEVICE_INFO"]["T_dev_disk_state"]
    assert (4056 * 2, 0, 8) == tuple(
        device["DRBD_NLA_DEVICE_STATISTICS"][f"T_dev_{name}"] for name in ("size", "read", "al_writes")
    )
    assert ("C_WF_CONNECTION", "R_UNKNOWN") == tuple(connection["DRBD_NLA_CONNECTION_INFO"].values())
    assert "D_UNKNOWN" == peer["DRBD_NLA_PEER_DEVICE_INFO"]["T_peer_disk_state"]
    assert 4056 * 2 == peer["DRBD_NLA_PEER_DEVICE_STATISTICS"]["T_peer_dev_out_of_sync"]


def test_drbd_events() -> None:
    """drbdsetup events2: "create device ... disk:Diskless", "change ... disk:Attaching", "disk:Inconsistent",
    "disk:UpToDate" when it was forced to be primary."""
    states = [one["DRBD_NLA_DEVICE_INFO"]["T_dev_disk_state"] for one in drbd("DEVICE_STATE")[:4]]
    (state, *_) = (one["DRBD_NLA_STATE_INFO"] for one in drbd("EVENT"))

    assert ["D_DISKLESS", "D_ATTACHING", "D_INCONSISTENT", "D_UP_TO_DATE"] == states
    assert "SIB_STATE_CHANGE" == state["T_sib_reason"]
    assert (2, 0, 1) == tuple(state["T_new_state"][name] for name in ("role", "conn", "disk"))
    assert "resource r0 volume 0 create disk diskless no_error" == line(
        next(one for one in messages("drbd.pcap", "drbd") if value(one, "cmd") == "DRBD_DEVICE_STATE")
    )


def test_drbd_results() -> None:
    """The header's union: what a request wants, what became of it. "(153) Protocol version 93 required"."""
    answers = {value(one, "cmd"): body(one)["ret_code"] for one in messages("drbd.pcap", "drbd", "to user")}

    assert "ERR_NEED_APV_93" == answers["DRBD_ADM_RESIZE"]
    assert "SS_SUCCESS" == answers["DRBD_ADM_PRIMARY"]
    assert "NO_ERROR" == answers["DRBD_ADM_NEW_MINOR"]
    assert [] == body(requests("drbd.pcap", "drbd")[0])["flags"]


def test_drbd_secret_is_masked() -> None:
    """--shared-secret=donttell, which the kernel tells to who asks for the configuration."""
    capture = FrameStream("captures/drbd.pcap")
    shown = "".join(str(item) for seen in capture.frames() for item in frame_objects(seen, secrets=False))

    assert "{'secret': 9}" in shown
    assert "donttell" not in shown and b"donttell".hex() not in shown
