"""NETLINK_CRYPTO and NETLINK_SELINUX: what the kernel said of its algorithms and of SELinux."""

from __future__ import annotations

import struct

from nldissect.families.crypto import CRYPTOCFGA, crypto_user_alg
from nldissect.wire import NETLINK_CRYPTO, NETLINK_SELINUX, nlmon
from tests.helpers.captures import frames, messages, rebuilt, undecoded, value
from tests.helpers.hex_messages import attribute, of_body, u32
from tests.helpers.route_messages import attrs, body, line


def name(text: str) -> bytes:
    """char[CRYPTO_MAX_NAME]"""
    return text.encode().ljust(64, b"\0")


def test_one_algorithm() -> None:
    """GETALG of "sha1": the request names it, the reply is the best of that name."""
    asked, told = messages("crypto.pcap", "CRYPTO_MSG_GETALG")[:2]

    assert ("to kernel", "sha1", "") == (asked.direction, body(asked)["cru_name"], body(asked)["cru_driver_name"])
    found = body(told)
    assert ("sha1", "sha1-generic", "kernel") == tuple(found[f"cru_{key}name"] for key in ("", "driver_", "module_"))
    assert ["CRYPTO_ALG_TESTED", "0xe"] == found["cru_flags"]
    assert {
        "CRYPTOCFGA_PRIORITY_VAL": 100,
        "CRYPTOCFGA_REPORT_HASH": {"type": "shash", "blocksize": 64, "digestsize": 20},
    } == attrs(told)
    assert line(told) == ("sha1 driver sha1-generic module kernel priority 100 type shash blocksize 64 digestsize 20")


def test_all_algorithms() -> None:
    """A dump: AES is a block cipher of 16 bytes with keys of 16 to 32."""
    found = {value(one, "cru_driver_name"): one for one in messages("crypto.pcap", "CRYPTO_MSG_GETALG", "to user")}

    assert {"type": "cipher", "blocksize": 16, "min_keysize": 16, "max_keysize": 32} == value(
        found["aes-generic"], "CRYPTOCFGA_REPORT_CIPHER"
    )
    assert "scomp" == value(found["lzo-scomp"], "CRYPTOCFGA_REPORT_COMPRESS.type")
    assert len(found) > 15


def test_rare_reports() -> None:
    """As crypto/aead.c, skcipher.c and rng.c put them, and a statistic of older kernels."""
    extra = b"".join(
        (
            attribute(5, name("aead") + name("<none>") + struct.pack("<III", 1, 16, 12)),
            attribute(4, name("skcipher") + name("<none>") + struct.pack("<IIII", 16, 32, 64, 16)),
            attribute(7, name("rng") + u32(48)),
            attribute(13, name("hash") + struct.pack("<QQQ", 3, 4096, 1)),
        )
    )
    algorithm = name("gcm(aes)") + name("gcm_base") + name("gcm") + struct.pack("<IIII", 0, 0, 1, 0x403)
    found = of_body(NETLINK_CRYPTO, 0x10, algorithm + extra)

    assert [] == found.notes
    assert {
        "CRYPTOCFGA_REPORT_AEAD": {
            "type": "aead", "geniv": "<none>", "blocksize": 1, "maxauthsize": 16, "ivsize": 12,
        },
        "CRYPTOCFGA_REPORT_BLKCIPHER": {
            "type": "skcipher", "geniv": "<none>", "blocksize": 16, "min_keysize": 32, "max_keysize": 64, "ivsize": 16,
        },
        "CRYPTOCFGA_REPORT_RNG": {"type": "rng", "seedsize": 48},
        "CRYPTOCFGA_STAT_HASH": {"type": "hash", "stat_hash_cnt": 3, "stat_hash_tlen": 4096, "stat_err_cnt": 1},
    } == attrs(found)  # fmt: skip


def test_scapy_builds_a_request() -> None:
    assert list(frames("crypto.pcap")) == rebuilt("crypto.pcap")

    first = nlmon(next(frames("crypto.pcap")))[crypto_user_alg]
    assert bytes(first) == bytes(crypto_user_alg(cru_name="sha1"))
    assert bytes(crypto_user_alg(attrs=[CRYPTOCFGA.PRIORITY_VAL(7)])).endswith(bytes.fromhex("0800010007000000"))


def test_selinux_mode() -> None:
    """echo 1 > /sys/fs/selinux/enforce, then 0"""
    told = messages("selinux.pcap")

    assert ["enforcing 1", "enforcing 0"] == [line(one) for one in told]
    assert {"SELNL_MSG_SETENFORCE"} == {one.type_name for one in told}
    assert {"val": 1} == body(told[0])


def test_selinux_policy() -> None:
    """struct selnl_msg_policyload, as security/selinux/netlink.c sends it."""
    assert "policy 4" == line(of_body(NETLINK_SELINUX, 0x11, u32(4)))


def test_everything_is_described() -> None:
    assert [] == undecoded("crypto.pcap") == undecoded("selinux.pcap")
