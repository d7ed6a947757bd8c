"""The ten rows the engine was proven on, from real bytes: through Scapy and walk, edited, and built again."""

from typing import Any

import pytest
from scapy.config import conf

from nldissect import all as vocabulary
from nldissect.wire import Context, Kind, nlmon, nlmsghdr, walk
from tests.helpers.captures import frames, messages, value

conf.debug_dissector = True


def packet_with(name: str, row: Kind, **wanted: Any) -> nlmon:
    """The first frame of a capture that has the row (with that value)."""
    context = Context()
    for raw in frames(name):
        frame = nlmon(raw, _context=context)
        if row in frame and wanted.get("value", frame[row].value) == frame[row].value:
            return frame
    raise LookupError(f"no {row.name} in {name}")


def seen(name: str, row: str, type_name: str | None = None, direction: str | None = None) -> Any:
    """What walk says of a row, in the first message that has it."""
    return next(value(one, row) for one in messages(name, type_name, direction) if one.find(row) is not None)


def built_again(frame: nlmon) -> nlmon:
    """The frame's own bytes dissected; every message is as long as it says."""
    raw = bytes(frame)
    again = nlmon(raw, _context=frame._env.context)
    assert raw == bytes(again)
    assert len(raw) - 16 == sum(len(bytes(one)) + -len(bytes(one)) % 4 for one in again.messages)
    return again


def test_veth_info_peer() -> None:
    """A header and attributes inside an attribute: ip link add left mtu 1400 type veth peer name right mtu 1300"""
    IFLA, VETH_INFO = vocabulary.IFLA, vocabulary.VETH_INFO
    frame = packet_with("veth_add.pcap", VETH_INFO.PEER)
    peer = frame[VETH_INFO.PEER].value

    assert ["left", 1400] == [frame[IFLA.IFNAME].value, frame[IFLA.MTU].value]
    assert ["right", 1300] == [peer[IFLA.IFNAME].value, peer[IFLA.MTU].value]
    assert "right" == seen("veth_add.pcap", "VETH_INFO_PEER")["attrs"]["IFLA_IFNAME"]

    peer[IFLA.IFNAME].value = "a-longer-name"
    assert "a-longer-name" == built_again(frame)[VETH_INFO.PEER].value[IFLA.IFNAME].value


def test_rta_multipath() -> None:
    """Records with their own length and attributes: nexthop via 192.0.2.254 dev d0 weight 1 nexthop ..."""
    RTA = vocabulary.RTA
    frame = packet_with("route.pcap", RTA.MULTIPATH)
    hops = frame[RTA.MULTIPATH].value

    assert 2 == len(hops)
    told = seen("route.pcap", "RTA_MULTIPATH")
    assert [hop[RTA.GATEWAY].value for hop in hops] == [hop["attrs"]["RTA_GATEWAY"] for hop in told]

    del hops[0]
    hops[0].rtnh_hops = 4
    again = built_again(frame)[RTA.MULTIPATH].value
    assert [4] == [hop.rtnh_hops for hop in again]


def test_rta_encap_before_its_type() -> None:
    """The selector stands behind the payload: ip route add 10.20.0.0/16 encap mpls 200/300 via ..."""
    RTA, MPLS_IPTUNNEL = vocabulary.RTA, vocabulary.MPLS_IPTUNNEL
    frame = packet_with("route_encap.pcap", MPLS_IPTUNNEL.DST)
    names = [item.name for item in frame[vocabulary.rtmsg].attrs]

    assert names.index("RTA_ENCAP") < names.index("RTA_ENCAP_TYPE")
    labels = frame[MPLS_IPTUNNEL.DST].value
    assert labels == seen("route_encap.pcap", "MPLS_IPTUNNEL_DST")
    assert all(label.isdigit() for label in labels.split("/"))

    before = frame[RTA.ENCAP].nla_len
    frame[MPLS_IPTUNNEL.DST].value = "16/17/18"
    again = built_again(frame)
    assert "16/17/18" == again[MPLS_IPTUNNEL.DST].value
    assert before + 4 == again[RTA.ENCAP].nla_len


def test_ifla_af_spec_by_family() -> None:
    """For AF_BRIDGE, bridge flags and VLANs; for others, one nest an address family."""
    plain = seen("link_dump.pcap", "IFLA_AF_SPEC", "RTM_NEWLINK", "to user")
    bridge = [
        value(one, "IFLA_AF_SPEC") for one in messages("bridge_vlan.pcap") if value(one, "ifi_family") == "AF_BRIDGE"
    ]

    assert {"AF_INET", "AF_INET6"} <= plain.keys()
    assert any("IFLA_BRIDGE_VLAN_INFO" in spec for spec in bridge if spec)
    frame = packet_with("bridge_vlan.pcap", vocabulary.IFLA_BRIDGE.VLAN_INFO)
    frame[vocabulary.IFLA_BRIDGE.VLAN_INFO].value.vid = 4000
    assert 4000 == built_again(frame)[vocabulary.IFLA_BRIDGE.VLAN_INFO].value.vid


def test_an_nftables_cmp_expression() -> None:
    """What an expression holds depends on its name; numbers are big endian: ether type ip -> cmp eq reg 1 0x0800"""
    CMP = vocabulary.NFTA_CMP
    frame = packet_with("nft_bridge.pcap", CMP.SREG)

    assert (1, 0) == (frame[CMP.SREG].value, frame[CMP.OP].value)
    assert "NFT_CMP_EQ" == frame[CMP.OP].shown
    assert "0800010000000001" == bytes(frame[CMP.SREG]).hex()
    assert "NFT_CMP_EQ" == seen("nft_bridge.pcap", "NFTA_CMP_OP")

    frame[CMP.OP].value = "NFT_CMP_NEQ"
    assert 1 == built_again(frame)[CMP.OP].value


def test_sock_diag_request_and_reply_share_a_number() -> None:
    """ss -t: SOCK_DIAG_BY_FAMILY = 20 is inet_diag_req_v2 one way and inet_diag_msg the other."""
    both = {one.direction: one.layers[0].name for one in messages("sock_diag.pcap") if one.number == 20 and one.layers}
    tcp = [one for one in messages("sock_diag.pcap", None, "to user") if one.find("idiag_state") is not None]

    first = messages("sock_diag.pcap", "SOCK_DIAG_BY_FAMILY", "to kernel", sdiag_family="AF_INET")[0]
    assert "inet_diag_req_v2" == first.layers[0].name
    assert both.keys() == {"to kernel", "to user"}
    assert "TCP_ESTABLISHED" in {value(one, "idiag_state") for one in tcp}
    frame = packet_with("sock_diag.pcap", vocabulary.INET_DIAG.INFO)
    frame[vocabulary.INET_DIAG.INFO].value.tcpi_rtt = 123456
    assert 123456 == built_again(frame)[vocabulary.INET_DIAG.INFO].value.tcpi_rtt


def test_an_ethtool_pair_has_one_number_and_two_meanings() -> None:
    """ETHTOOL_MSG_STRSET_GET = 1 to the kernel, ETHTOOL_MSG_STRSET_GET_REPLY = 1 to the user, among others."""
    commands = {}
    for one in messages("ethtool.pcap", "ethtool"):
        number = one.layers[0].value[0].value
        commands.setdefault(number, {})[one.direction] = value(one, "cmd")

    pairs = [names for names in commands.values() if len(names) == 2]
    assert pairs
    for names in pairs:
        assert names["to user"].startswith("ETHTOOL_MSG_") and names["to user"] != names["to kernel"]


def test_an_xfrm_algorithm_keeps_its_key_to_itself() -> None:
    """A struct with a tail counted in bits: aead 'rfc4106(gcm(aes))' 0x... 128"""
    XFRMA = vocabulary.XFRMA
    frame = packet_with("xfrm.pcap", XFRMA.ALG_AEAD)
    algorithm = frame[XFRMA.ALG_AEAD].value

    assert ("rfc4106(gcm(aes))", 160, 128) == (algorithm.alg_name, algorithm.alg_key_len, algorithm.alg_icv_len)
    assert 20 == len(algorithm.alg_key)
    assert algorithm.alg_key.hex() not in repr(frame)
    assert {"secret": 20} == seen("xfrm.pcap", "XFRMA_ALG_AEAD")["alg_key"]

    algorithm.alg_key, algorithm.alg_key_len = bytes(36), 288
    again = built_again(frame)[XFRMA.ALG_AEAD].value
    assert (288, bytes(36)) == (again.alg_key_len, again.alg_key)


def test_an_ipset_element_is_one_prefix_and_three_sets() -> None:
    """IPSET_ATTR_DATA is the command's, the set's or the element's: ipset add hosts 192.0.2.1 comment "the first" """
    element = seen("ipset.pcap", "IPSET_ATTR_DATA", "IPSET_CMD_ADD")
    created = seen("ipset.pcap", "IPSET_ATTR_DATA", "IPSET_CMD_CREATE")

    assert ("192.0.2.1", "the first") == (
        element["IPSET_ATTR_IP"]["IPSET_ATTR_IPADDR_IPV4"],
        element["IPSET_ATTR_COMMENT"],
    )
    assert "IPSET_ATTR_IP" not in created
    row = vocabulary.IPSET_DATA.COMMENT
    frame = packet_with("ipset.pcap", row)
    frame[row].value = "another, longer comment"
    assert "another, longer comment" == built_again(frame)[row].value


def test_tca_options_of_u32() -> None:
    """tc filter add ... u32 match ip src 10.0.0.0/8 match ip dport 53 0xffff ...: a struct with a counted tail"""
    SEL = vocabulary.TCA_U32.SEL
    selector = seen("tc_filter.pcap", "TCA_U32_SEL")

    assert len(selector["keys"]) == selector["nkeys"] == 3
    assert (0x0A000000, 0xFF000000, 12) == tuple(selector["keys"][0][name] for name in ("val", "mask", "off"))
    frame = packet_with("tc_filter.pcap", SEL)
    struct = frame[SEL].value
    assert 3 == struct.nkeys == len(struct.getfieldval("keys"))

    struct.nkeys = 2
    del struct.getfieldval("keys")[0]
    again = built_again(frame)[SEL].value
    assert [0x35, 0x40000000] == [key.val for key in again.getfieldval("keys")]


@pytest.mark.parametrize("name", ["veth_add", "route", "route_encap", "bridge", "sock_diag", "xfrm", "tc_filter"])
def test_nothing_in_them_is_undecoded(name: str) -> None:
    context = Context()
    notes = [note.text for raw in frames(f"{name}.pcap") for one in walk(raw, context).messages for note in one.notes]
    assert [] == [text for text in notes if text != "padding is not zero"]
    assert all(isinstance(one, nlmsghdr) for raw in frames(f"{name}.pcap") for one in nlmon(raw).messages[:1])
