"""IPsec on real bytes: what ip xfrm asked, what the kernel answered and announced, and what ip xfrm printed of it."""

from __future__ import annotations

from typing import Any

import pytest

from nldissect.families.xfrm.attributes import XFRMA, xfrm_dump
from nldissect.families.xfrm.common import xfrm_algo, xfrm_algo_aead, xfrm_id, xfrm_user_tmpl
from nldissect.families.xfrm.policy import xfrm_userpolicy_info
from nldissect.families.xfrm.state import xfrm_usersa_info
from nldissect.wire import NETLINK_XFRM, DecodedMessage, nlmsghdr
from tests.helpers.captures import messages, replies, requests, undecoded, value
from tests.helpers.hex_messages import attribute, from_hex, of_body, u32
from tests.helpers.route_messages import attrs, body, line, packets

INF = "XFRM_INF"


def asked(spi: int) -> dict[str, Any]:
    """The request that adds the state with that SPI."""
    (found,) = requests("xfrm.pcap", "XFRM_MSG_NEWSA", spi=spi)
    return body(found)


def listed(spi: int) -> dict[str, Any]:
    """The first answer of the kernel about it."""
    return body(replies("xfrm.pcap", "XFRM_MSG_NEWSA", spi=spi)[0])


def test_state_with_aead() -> None:
    """ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1000 reqid 5 mode tunnel aead
    'rfc4106(gcm(aes))' 0x0001...13 128 replay-window 64 flag esn sel src 10.0.0.0/8 dst 10.1.0.0/16 ..."""
    for state in (asked(0x1000), listed(0x1000)):
        assert "192.0.2.1" == state["saddr"]
        assert {"daddr": "192.0.2.2", "spi": 0x1000, "proto": "IPPROTO_ESP"} == state["id"]
        assert ("AF_INET", "XFRM_MODE_TUNNEL", 5) == (state["family"], state["mode"], state["reqid"])
        assert ["XFRM_STATE_ESN"] == state["flags"]
        selector = state["sel"]
        assert ("10.0.0.0", 8, "10.1.0.0", 16) == tuple(
            selector[name] for name in ("saddr", "prefixlen_s", "daddr", "prefixlen_d")
        )
        assert (INF, 1000000) == (state["lft"]["soft_byte_limit"], state["lft"]["hard_byte_limit"])
        assert (3600, 0) == tuple(state["lft"][f"{end}_add_expires_seconds"] for end in ("soft", "hard"))
        assert {
            "alg_name": "rfc4106(gcm(aes))",
            "alg_key_len": 160,
            "alg_icv_len": 128,
            "alg_key": {"secret": 20},
        } == state["attrs"]["XFRMA_ALG_AEAD"]
    assert (2, 64, [0, 0]) == tuple(
        listed(0x1000)["attrs"]["XFRMA_REPLAY_ESN_VAL"][name] for name in ("bmp_len", "replay_window", "bmp")
    )


def test_state_with_cipher_and_hash() -> None:
    """... mode transport enc 'cbc(aes)' 0x00..ff auth-trunc 'hmac(sha256)' 0x00..1f 96 encap espinudp 4500 4500 0.0.0.0
    mark 0x10 mask 0xff if_id 0x2a"""
    found = asked(0x1001)["attrs"]

    assert {"alg_name": "cbc(aes)", "alg_key_len": 128, "alg_key": {"secret": 16}} == found["XFRMA_ALG_CRYPT"]
    assert ("hmac(sha256)", 256, 96, {"secret": 32}) == tuple(found["XFRMA_ALG_AUTH_TRUNC"].values())
    assert {
        "encap_type": "UDP_ENCAP_ESPINUDP",
        "encap_sport": 4500,
        "encap_dport": 4500,
        "encap_oa": "0.0.0.0",
    } == found["XFRMA_ENCAP"]
    assert {"v": 0x10, "m": 0xFF} == found["XFRMA_MARK"]
    assert 0x2A == found["XFRMA_IF_ID"]


def test_keys_are_secret_but_kept() -> None:
    (packet,) = [one for one in packets("xfrm.pcap", xfrm_usersa_info)[:3] if XFRMA.ALG_CRYPT in one][:1]
    algorithm = packet[XFRMA.ALG_CRYPT].value

    assert bytes.fromhex("00112233445566778899aabbccddeeff") == algorithm.alg_key
    assert "<secret, 16 bytes>" in algorithm.sprintf("%alg_key%")


def test_state_with_replay_counters() -> None:
    """... proto ah spi 0x2000 ... auth 'hmac(sha1)' ... replay-seq 5 replay-oseq 7 replay-window 32"""
    for state in (asked(0x2000), listed(0x2000)):
        assert ("IPPROTO_AH", 32) == (state["id"]["proto"], state["replay_window"])
        assert {"oseq": 7, "seq": 5, "bitmap": 0} == state["attrs"]["XFRMA_REPLAY_VAL"]
        assert ("hmac(sha1)", 160, {"secret": 20}) == tuple(state["attrs"]["XFRMA_ALG_AUTH"].values())
    assert 96 == listed(0x2000)["attrs"]["XFRMA_ALG_AUTH_TRUNC"]["alg_trunc_len"]


def test_state_that_compresses() -> None:
    """... proto comp spi 0x30 mode tunnel comp deflate"""
    found = asked(0x30)

    assert "IPPROTO_COMP" == found["id"]["proto"]
    assert {"alg_name": "deflate", "alg_key_len": 0, "alg_key": {"secret": 0}} == found["attrs"]["XFRMA_ALG_COMP"]


def test_ipv6_state() -> None:
    """ip xfrm state add src 2001:db8::1 dst 2001:db8::2 ... mode beet ... output-mark 0x5 mask 0xf
    extra-flag dont-encap-dscp"""
    found = listed(0x1002)

    assert ("AF_INET6", "2001:db8::1", "2001:db8::2") == (found["family"], found["saddr"], found["id"]["daddr"])
    assert ("::", "::") == (found["sel"]["saddr"], found["sel"]["daddr"])
    assert "XFRM_MODE_BEET" == found["mode"]
    assert (5, 0xF) == (found["attrs"]["XFRMA_SET_MARK"], found["attrs"]["XFRMA_SET_MARK_MASK"])
    assert ["XFRM_SA_XFLAG_DONT_ENCAP_DSCP"] == found["attrs"]["XFRMA_SA_EXTRA_FLAGS"]


def test_policy() -> None:
    """ip xfrm policy add src 10.0.0.0/8 dst 10.1.0.0/16 proto tcp sport 1024 dport 443 dir out priority 100 mark 0x10
    mask 0xff if_id 0x2a tmpl src 192.0.2.1 dst 192.0.2.2 proto esp reqid 5 mode tunnel tmpl proto comp mode transport
    level use"""
    for one in messages("xfrm.pcap", "XFRM_MSG_NEWPOLICY", priority=100):
        policy = body(one)
        selector = policy["sel"]
        assert ("AF_INET", "IPPROTO_TCP") == (selector["family"], selector["proto"])
        assert (1024, 0xFFFF, 443, 0xFFFF) == tuple(
            selector[name] for name in ("sport", "sport_mask", "dport", "dport_mask")
        )
        assert ("XFRM_POLICY_OUT", "XFRM_POLICY_ALLOW") == (policy["dir"], policy["action"])
        outer, inner = policy["attrs"]["XFRMA_TMPL"]
        assert {"daddr": "192.0.2.2", "spi": 0, "proto": "IPPROTO_ESP"} == outer["id"]
        assert ("192.0.2.1", 5, "XFRM_MODE_TUNNEL", 0) == tuple(
            outer[name] for name in ("saddr", "reqid", "mode", "optional")
        )
        assert ("IPPROTO_COMP", "XFRM_MODE_TRANSPORT", 1) == (inner["id"]["proto"], inner["mode"], inner["optional"])
        assert 0xFFFFFFFF == inner["ealgos"]


def test_blocking_subpolicy() -> None:
    """ip xfrm policy add src 2001:db8:1::/48 dst 2001:db8:2::/48 dir fwd action block ptype sub"""
    policy = body(requests("xfrm.pcap", "XFRM_MSG_NEWPOLICY", dir="XFRM_POLICY_FWD")[0])

    assert "XFRM_POLICY_BLOCK" == policy["action"]
    assert "XFRM_POLICY_TYPE_SUB" == policy["attrs"]["XFRMA_POLICY_TYPE"]["type"]
    assert ("2001:db8:1::", 48) == (policy["sel"]["saddr"], policy["sel"]["prefixlen_s"])


def test_allocation_of_an_spi() -> None:
    """ip xfrm state allocspi src 192.0.2.9 dst 192.0.2.1 proto esp mode tunnel reqid 77 min 0x5000 max 0x5fff"""
    (request,) = requests("xfrm.pcap", "XFRM_MSG_ALLOCSPI")
    found = body(request)

    assert (0x5000, 0x5FFF) == (found["min"], found["max"])
    assert ("192.0.2.9", "192.0.2.1", 77) == (
        found["info"]["saddr"],
        found["info"]["id"]["daddr"],
        found["info"]["reqid"],
    )
    answer = replies("xfrm.pcap", "XFRM_MSG_NEWSA", reqid=77)[0]
    assert 0x5000 <= value(answer, "spi") <= 0x5FFF
    assert 30 == body(answer)["lft"]["hard_add_expires_seconds"]


def test_requests_for_all() -> None:
    """ip xfrm state list, ip xfrm policy list: no header, attributes only."""
    (states,), (policies,) = (
        [one for one in requests("xfrm.pcap", f"XFRM_MSG_GET{what}") if one.message is xfrm_dump]
        for what in ("SA", "POLICY")
    )

    assert {"saddr": "0.0.0.0", "daddr": "0.0.0.0", "family": "AF_UNSPEC", "splen": 0, "dplen": 0} == attrs(states)[
        "XFRMA_ADDRESS_FILTER"
    ]
    assert 16 == policies.length


def test_counts() -> None:
    """ip xfrm state count: "SAD count 7"; ip xfrm policy count: "SPD IN 0 OUT 1 FWD 1"; policy set hthresh4 ..."""
    (states,) = replies("xfrm.pcap", "XFRM_MSG_NEWSADINFO")
    (policies,) = replies("xfrm.pcap", "XFRM_MSG_NEWSPDINFO")
    (thresholds,) = requests("xfrm.pcap", "XFRM_MSG_NEWSPDINFO")

    assert 7 == value(states, "XFRMA_SAD_CNT")
    assert (0, 1, 1, 0, 0, 0) == tuple(value(policies, "XFRMA_SPD_INFO").values())
    assert {"lbits": 24, "rbits": 32} == value(thresholds, "XFRMA_SPD_IPV4_HTHRESH")
    assert {"lbits": 64, "rbits": 128} == value(thresholds, "XFRMA_SPD_IPV6_HTHRESH")


def test_deletions() -> None:
    """ip xfrm state delete, policy deleteall, state flush, policy flush, and what the monitor heard."""
    state, policy = (replies("xfrm.pcap", f"XFRM_MSG_DEL{what}")[0] for what in ("SA", "POLICY"))

    assert ("192.0.2.2", 0x1000) == (body(state)["daddr"], body(state)["spi"])
    assert 0x1000 == attrs(state)["XFRMA_SA"]["id"]["spi"]
    assert "192.0.2.1" == attrs(state)["XFRMA_SA"]["saddr"]
    assert {"secret": 20} == attrs(state)["XFRMA_ALG_AEAD"]["alg_key"]
    assert "XFRM_POLICY_BLOCK" == attrs(policy)["XFRMA_POLICY"]["action"]
    assert "IPPROTO_IP" == value(replies("xfrm.pcap", "XFRM_MSG_FLUSHSA")[0], "proto")
    flushed = replies("xfrm.pcap", "XFRM_MSG_FLUSHPOLICY")[0]
    assert {"type": "XFRM_POLICY_TYPE_MAIN", "reserved1": 0, "reserved2": 0} == attrs(flushed)["XFRMA_POLICY_TYPE"]


def test_refusal_names_the_algorithm() -> None:
    """ip xfrm state add ... enc 'cbc(nosuch)': "Error: Requested CRYPT algorithm not found." """
    (refused,) = messages("xfrm.pcap", "NLMSG_ERROR", error="ENOSYS")

    assert "Requested CRYPT algorithm not found" == value(refused, "NLMSGERR_ATTR_MSG")
    request = refused.find("request")
    assert request is not None
    assert "cbc(nosuch)" == value(request.value, "XFRMA_ALG_CRYPT.alg_name")


def test_acquire_and_expire() -> None:
    """A packet meets a policy without state: "acquire proto esp sel src 192.0.2.1/32 dst 192.0.2.2/32 proto udp ...
    dport 9 dev d0"; then a state with limit time-hard 1: "Expired ... hard 1"."""
    (acquire,) = messages("xfrm_acquire.pcap", "XFRM_MSG_ACQUIRE")
    (expire,) = messages("xfrm_acquire.pcap", "XFRM_MSG_EXPIRE")
    wanted = body(acquire)

    assert "notification" == acquire.direction == expire.direction
    assert ("192.0.2.1", "192.0.2.2", "IPPROTO_UDP", 9) == tuple(
        wanted["sel"][name] for name in ("saddr", "daddr", "proto", "dport")
    )
    assert ("192.0.2.2", "IPPROTO_ESP") == (wanted["id"]["daddr"], wanted["id"]["proto"])
    assert "XFRM_POLICY_OUT" == wanted["policy"]["dir"]
    assert 1 == wanted["attrs"]["XFRMA_TMPL"][0]["reqid"]
    assert (0x1000, 1) == (body(expire)["state"]["id"]["spi"], body(expire)["hard"])
    assert "192.0.2.1" == body(expire)["state"]["saddr"]


def test_everything_is_described() -> None:
    assert [] == undecoded("xfrm.pcap") == undecoded("xfrm_acquire.pcap")


def test_asynchronous_event() -> None:
    """XFRM_MSG_GETAE answered by a 6.12 kernel for an AH state with SPI 0x77; add_time is its start."""
    answer = from_hex(
        NETLINK_XFRM,
        "880000001e0000000700000000000000c00002070000000000000000000000000000007702003300c00002010000000000000000000000"
        "000f0000000000000010000a0000000000000000000000000004001b00240009000000000000000000000000000000000019cd046b0000"
        "0000000000000000000008000b000200000008000c000a000000",
    )
    event = body(answer)

    assert "XFRM_MSG_NEWAE" == answer.type_name
    assert {"daddr": "192.0.2.7", "spi": 0x77, "family": "AF_INET", "proto": "IPPROTO_AH"} == event["sa_id"]
    assert ["XFRM_AE_RTHR", "XFRM_AE_RVAL", "XFRM_AE_LVAL", "XFRM_AE_ETHR"] == event["flags"]
    assert {"bytes": 0, "packets": 0, "add_time": 0x6B04CD19, "use_time": 0} == event["attrs"]["XFRMA_LTIME_VAL"]
    assert (2, 10) == (event["attrs"]["XFRMA_REPLAY_THRESH"], event["attrs"]["XFRMA_ETIMER_THRESH"])


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("13000000270005001acd046b00000000010102", "XFRM_MSG_SETDEFAULT"),
        ("1400000028000000000000000000000001010200", "XFRM_MSG_GETDEFAULT"),
    ],
)
def test_defaults(raw: str, name: str) -> None:
    """ip xfrm policy setdefault in block fwd block out accept, and what the kernel announced."""
    message = from_hex(NETLINK_XFRM, raw)

    assert name == message.type_name
    assert {
        "in": "XFRM_USERPOLICY_BLOCK",
        "fwd": "XFRM_USERPOLICY_BLOCK",
        "out": "XFRM_USERPOLICY_ACCEPT",
    } == body(message)
    assert "in block fwd block out accept" == line(message)


MIGRATE = (
    "cc000000210005000700000000000000c0000202000000000000000000000000c000020100000000000000000000000000000000000000000200"
    "2020000000000000000000000000000000000100000050001100c0000202000000000000000000000000c0000201000000000000000000000000"
    "c0000216000000000000000000000000c00002010000000000000000000000003200000009000000020002002c001300c0000201000000000000"
    "000000000000c00002160000000000000000000000000000000002000000"
)


def test_migration() -> None:
    """XFRM_MSG_MIGRATE: the peer of 192.0.2.1 moves from 192.0.2.2 to 192.0.2.22."""
    message = from_hex(NETLINK_XFRM, MIGRATE)
    (moved,) = attrs(message)["XFRMA_MIGRATE"]

    assert "XFRM_POLICY_OUT" == body(message)["dir"]
    assert ("192.0.2.2", "192.0.2.22") == (moved["old_daddr"], moved["new_daddr"])
    assert ("AF_INET", "AF_INET", "IPPROTO_ESP", 9) == tuple(
        moved[name] for name in ("old_family", "new_family", "proto", "reqid")
    )
    assert {"local": "192.0.2.1", "remote": "192.0.2.22", "reserved": 0, "family": "AF_INET"} == attrs(message)[
        "XFRMA_KMADDRESS"
    ]
    assert "192.0.2.1 192.0.2.2 -> 192.0.2.1 192.0.2.22" in line(message)


def test_expired_policy() -> None:
    """ip xfrm policy add src 192.0.2.1 dst 192.0.2.8 dir in limit time-hard 2 limit time-soft 1, a second later."""
    message = from_hex(
        NETLINK_XFRM,
        "cc0000001b0000000000000000000000c0000208000000000000000000000000c000020100000000000000000000000000000000000000"
        "0002002020000000000000000000000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff010000000000"
        "00000200000000000000000000000000000000000000000000000000000000000000000000000000000019cd046b000000000000000000"
        "0000000008000000000000000000000000000000000000000a0010000000000000000000",
    )
    policy = body(message)["pol"]

    assert "XFRM_MSG_POLEXPIRE" == message.type_name
    assert ("192.0.2.1", "192.0.2.8", "XFRM_POLICY_IN") == (
        policy["sel"]["saddr"],
        policy["sel"]["daddr"],
        policy["dir"],
    )
    assert (1, 2) == tuple(policy["lft"][f"{end}_add_expires_seconds"] for end in ("soft", "hard"))
    assert 0 == body(message)["hard"]


def state(extra: bytes) -> DecodedMessage:
    """A state announced with one more attribute behind it."""
    return of_body(NETLINK_XFRM, 0x10, bytes(212) + b"\x02\0" + bytes(10) + extra)


@pytest.mark.parametrize(
    ("number", "payload", "name", "expected"),
    [
        (28, u32(3) + b"\x02\0\0\0", "XFRMA_OFFLOAD_DEV", {"ifindex": 3, "flags": ["XFRM_OFFLOAD_INBOUND"]}),
        (33, b"\x02", "XFRMA_SA_DIR", "XFRM_SA_DIR_OUT"),
        (14, bytes.fromhex("0a000001") + bytes(12), "XFRMA_COADDR", "10.0.0.1"),
        (15, (1 << 33).to_bytes(8, "little"), "XFRMA_LASTUSED", 1 << 33),
        (37, b"\x10\0", "XFRMA_IPTFS_REORDER_WINDOW", 16),
        (38, b"", "XFRMA_IPTFS_DONT_FRAG", True),
        (
            8,
            bytes.fromhex("1000 0800 01 01 0800") + b"system_u",
            "XFRMA_SEC_CTX",
            {
                "len": 16,
                "exttype": 8,
                "ctx_alg": "XFRM_SC_ALG_SELINUX",
                "ctx_doi": "XFRM_SC_DOI_LSM",
                "ctx_len": 8,
                "ctx_str": "system_u",
            },
        ),
    ],
)
def test_rare_attributes(number: int, payload: bytes, name: str, expected: Any) -> None:
    """As linux/xfrm.h lays them out."""
    message = state(attribute(number, payload))

    assert [] == message.notes
    assert expected == value(message, name)


def test_mapping() -> None:
    """A NAT gave the peer a new port: struct xfrm_user_mapping."""
    peer = bytes.fromhex("cb007107") + bytes(12)
    raw = peer + bytes.fromhex("00001000 0200 32 00") + u32(5) + peer + peer + bytes.fromhex("1194 2328")
    found = body(of_body(NETLINK_XFRM, 0x26, raw))

    assert (4500, 9000) == (found["old_sport"], found["new_sport"])
    assert ("203.0.113.7", 0x1000) == (found["new_saddr"], found["id"]["spi"])


def test_migration_of_a_state() -> None:
    """struct xfrm_user_migrate_state (Linux 7.2): an IPv4 state moves to IPv6 addresses."""
    old = bytes.fromhex("c0000202") + bytes(12) + bytes.fromhex("00001000 0200 32 00")
    new = bytes.fromhex("20010db8000000000000000000000002 20010db8000000000000000000000001")
    raw = old + new + u32(0) + u32(0) + bytes(56) + u32(6) + u32(3) + bytes.fromhex("0a00 0000")
    message = of_body(NETLINK_XFRM, 0x29, raw, flags=5)
    found = body(message)

    assert [] == message.notes
    assert ("192.0.2.2", "2001:db8::2", "2001:db8::1") == (found["id"]["daddr"], found["new_daddr"], found["new_saddr"])
    assert (6, ["XFRM_MIGRATE_STATE_CLEAR_OFFLOAD", "XFRM_MIGRATE_STATE_UPDATE_H2H_SEL"]) == (
        found["new_reqid"],
        found["flags"],
    )


def test_scapy_builds_a_state() -> None:
    """The struct is as long as the kernel's, the key as long as its count of bits says."""
    request = nlmsghdr(nlmsg_type="XFRM_MSG_NEWSA") / xfrm_usersa_info(
        family="AF_INET",
        saddr="192.0.2.1",
        id=xfrm_id(daddr="192.0.2.2", spi=0x1000, proto="IPPROTO_ESP"),
        attrs=[XFRMA.ALG_CRYPT(xfrm_algo(alg_name="cbc(aes)", alg_key_len=128, alg_key=bytes(range(16))))],
    )
    raw = bytes(request)

    assert 16 + 224 + 4 + 68 + 16 == len(raw)
    assert bytes.fromhex("c0000202") == raw[72:76]
    assert bytes.fromhex("00001000") == raw[88:92]
    again = body(from_hex(NETLINK_XFRM, raw.hex()))
    assert ("192.0.2.1", {"secret": 16}) == (again["saddr"], again["attrs"]["XFRMA_ALG_CRYPT"]["alg_key"])


def test_scapy_finds_what_is_deep_inside() -> None:
    states, policies = packets("xfrm.pcap", xfrm_usersa_info), packets("xfrm.pcap", xfrm_userpolicy_info)

    assert 128 == states[0][xfrm_algo_aead].alg_icv_len
    assert "192.0.2.2" == policies[0][xfrm_user_tmpl].id.daddr
    assert "src 192.0.2.1" == states[0].mysummary()[:13]
