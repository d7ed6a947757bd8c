"""VXLAN, macvlan, ipvlan, VRF, tun, MACsec and IP tunnels on real bytes, in the command's and iproute2's words."""

from __future__ import annotations

import struct

from nldissect.wire import nlmon
from tests.helpers.captures import replies, requests, value
from tests.helpers.link_messages import asked, attribute, datagram, of_kind, shown, walked


def test_vxlan() -> None:
    """ip link add vx1 type vxlan id 100 group 239.1.1.1 dev d0 dstport 4789 ttl 16 tos 4 srcport 32768 61000
    ageing 600 maxaddress 1000"""
    for vxlan in (asked("vxlan.pcap", "vx1"), shown("vxlan.pcap", "vx1")):
        assert {
            "ID": 100,
            "GROUP": "239.1.1.1",
            "LINK": 2,
            "PORT": 4789,
            "TTL": 16,
            "TOS": 4,
            "PORT_RANGE": {"low": 32768, "high": 61000},
            "AGEING": 600,
            "LIMIT": 1000,
            "LEARNING": 1,
        }.items() <= {name.removeprefix("IFLA_VXLAN_"): one for name, one in vxlan.items()}.items()


def test_vxlan_over_ipv6() -> None:
    """ip link add vx2 type vxlan id 16777215 local 2001:db8::1 remote 2001:db8::2 dstport 8472 nolearning proxy rsc
    l2miss l3miss udp6zerocsumtx gbp flowlabel 0x12345 df set"""
    for vxlan in (asked("vxlan.pcap", "vx2"), shown("vxlan.pcap", "vx2")):
        assert {
            "ID": 16777215,
            "LOCAL6": "2001:db8::1",
            "GROUP6": "2001:db8::2",
            "PORT": 8472,
            "LEARNING": 0,
            "PROXY": 1,
            "RSC": 1,
            "L2MISS": 1,
            "L3MISS": 1,
            "UDP_ZERO_CSUM6_TX": 1,
            "GBP": True,
            "LABEL": 0x12345,
            "DF": "VXLAN_DF_SET",
        }.items() <= {name.removeprefix("IFLA_VXLAN_"): one for name, one in vxlan.items()}.items()


def test_vxlan_external() -> None:
    """ip link add vx3 type vxlan external vnifilter dstport 4790"""
    vxlan = shown("vxlan.pcap", "vx3")

    assert (1, 1, 4790, 0) == tuple(
        vxlan[f"IFLA_VXLAN_{name}"] for name in ("COLLECT_METADATA", "VNIFILTER", "PORT", "LEARNING")
    )


def test_vxlan_inherits_ttl() -> None:
    """ip link add ... type vxlan ttl inherit: a flag in the request, a byte in what the kernel tells."""
    info = attribute(1, b"vxlan") + attribute(2, attribute(28, b""))
    body = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + attribute(18, info)
    frame = datagram(body, 16, 0x605)
    request = walked(frame)
    told = of_kind("vxlan", attribute(28, b"\x01"))

    assert True is value(request, "IFLA_VXLAN_TTL_INHERIT")
    assert 1 == value(told, "IFLA_VXLAN_TTL_INHERIT")
    assert [] == request.notes == told.notes
    assert frame == bytes(nlmon(frame))


def test_macvlan() -> None:
    """ip link add link d0 name mv2 type macvlan mode vepa bcqueuelen 500; ip link set dev mv4 type macvlan
    macaddr set 02:00:00:00:99:02 02:00:00:00:99:03; macvtap has the same attributes"""
    assert {"IFLA_MACVLAN_MODE": "MACVLAN_MODE_VEPA", "IFLA_MACVLAN_BC_QUEUE_LEN": 500} == asked("macvlan.pcap", "mv2")
    changes = [
        value(one, "IFLA_INFO_DATA") for one in requests("macvlan.pcap", "RTM_NEWLINK") if not value(one, "IFLA_IFNAME")
    ]
    assert [
        {"IFLA_MACVLAN_MACADDR_MODE": "MACVLAN_MACADDR_ADD", "IFLA_MACVLAN_MACADDR": "02:00:00:00:99:01"},
        {
            "IFLA_MACVLAN_MACADDR_MODE": "MACVLAN_MACADDR_SET",
            "IFLA_MACVLAN_MACADDR_DATA": {"IFLA_MACVLAN_MACADDR": ["02:00:00:00:99:02", "02:00:00:00:99:03"]},
        },
        {"IFLA_MACVLAN_MACADDR_MODE": "MACVLAN_MACADDR_FLUSH"},
    ] == changes

    source = shown("macvlan.pcap", "mv4")
    assert ("MACVLAN_MODE_SOURCE", 2) == (source["IFLA_MACVLAN_MODE"], source["IFLA_MACVLAN_MACADDR_COUNT"])
    assert ["02:00:00:00:99:03", "02:00:00:00:99:02"] == source["IFLA_MACVLAN_MACADDR_DATA"]["IFLA_MACVLAN_MACADDR"]
    assert "MACVLAN_MODE_BRIDGE" == shown("macvlan.pcap", "mt0")["IFLA_MACVLAN_MODE"]


def test_ipvlan() -> None:
    """ip link add link d0 name iv1 type ipvlan mode l2 private; ... name iv3 type ipvlan mode l3s vepa"""
    assert {"IFLA_IPVLAN_MODE": "IPVLAN_MODE_L2", "IFLA_IPVLAN_FLAGS": ["IPVLAN_F_PRIVATE"]} == shown(
        "ipvlan.pcap", "iv1"
    )
    assert {"IFLA_IPVLAN_MODE": "IPVLAN_MODE_L3S", "IFLA_IPVLAN_FLAGS": ["IPVLAN_F_VEPA"]} == shown(
        "ipvlan.pcap", "iv3"
    )


def test_vrf() -> None:
    """ip link add blue type vrf table 1001; ip link set d0 master blue"""
    slave = next(
        one for one in replies("vrf.pcap", "RTM_NEWLINK", IFLA_IFNAME="d0") if value(one, "IFLA_INFO_SLAVE_KIND")
    )

    assert {"IFLA_VRF_TABLE": 1001} == asked("vrf.pcap", "blue") == shown("vrf.pcap", "blue")
    assert ("vrf", {"IFLA_VRF_PORT_TABLE": 1001}) == (
        value(slave, "IFLA_INFO_SLAVE_KIND"),
        value(slave, "IFLA_INFO_SLAVE_DATA"),
    )


def test_tun() -> None:
    """ip tuntap add name tun0 mode tun user 1000 group 1001 pi; ... name tap0 mode tap multi_queue vnet_hdr"""
    assert {
        "IFLA_TUN_TYPE": "IFF_TUN",
        "IFLA_TUN_OWNER": 1000,
        "IFLA_TUN_GROUP": 1001,
        "IFLA_TUN_PI": 1,
        "IFLA_TUN_VNET_HDR": 0,
        "IFLA_TUN_PERSIST": 1,
        "IFLA_TUN_MULTI_QUEUE": 0,
    } == shown("tun.pcap", "tun0")
    assert {
        "IFLA_TUN_TYPE": "IFF_TAP",
        "IFLA_TUN_PI": 0,
        "IFLA_TUN_VNET_HDR": 1,
        "IFLA_TUN_PERSIST": 1,
        "IFLA_TUN_MULTI_QUEUE": 1,
        "IFLA_TUN_NUM_QUEUES": 0,
        "IFLA_TUN_NUM_DISABLED_QUEUES": 0,
    } == shown("tun.pcap", "tap0")


def test_macsec() -> None:
    """ip link add link d0 name macsec0 type macsec port 11 encrypt on cipher gcm-aes-256 window 128 replay on:
    shown as "sci 020000000001000b ... validate strict offload off ... window 128" """
    macsec = shown("macsec.pcap", "macsec0")

    assert {
        "IFLA_MACSEC_PORT": 11,
        "IFLA_MACSEC_ENCRYPT": 1,
        "IFLA_MACSEC_CIPHER_SUITE": "MACSEC_CIPHER_ID_GCM_AES_256",
        "IFLA_MACSEC_WINDOW": 128,
        "IFLA_MACSEC_REPLAY_PROTECT": 1,
    }.items() <= asked("macsec.pcap", "macsec0").items()
    assert {
        "SCI": 0x020000000001000B,
        "ICV_LEN": 16,
        "CIPHER_SUITE": "MACSEC_CIPHER_ID_GCM_AES_256",
        "ENCODING_SA": 0,
        "ENCRYPT": 1,
        "PROTECT": 1,
        "INC_SCI": 1,
        "ES": 0,
        "SCB": 0,
        "REPLAY_PROTECT": 1,
        "VALIDATION": "MACSEC_VALIDATE_STRICT",
        "OFFLOAD": "MACSEC_OFFLOAD_OFF",
        "WINDOW": 128,
    } == {name.removeprefix("IFLA_MACSEC_"): one for name, one in macsec.items()}


def test_gre() -> None:
    """ip link add gre1 type gre local 192.0.2.1 remote 192.0.2.2 ikey 10 okey 0.0.0.20 icsum ocsum iseq oseq ttl 32;
    gretap with key 5; vti with key 6"""
    gre, gretap, vti = (shown("ipip_gre_sit.pcap", name) for name in ("gre1", "gretap1", "vti1"))

    assert ["GRE_SEQ", "GRE_KEY", "GRE_CSUM"] == gre["IFLA_GRE_IFLAGS"] == gre["IFLA_GRE_OFLAGS"]
    assert (10, 20, "192.0.2.1", "192.0.2.2", 32) == tuple(
        gre[f"IFLA_GRE_{name}"] for name in ("IKEY", "OKEY", "LOCAL", "REMOTE", "TTL")
    )
    assert (["GRE_KEY"], 5, 5, "192.0.2.3") == tuple(
        gretap[f"IFLA_GRE_{name}"] for name in ("IFLAGS", "IKEY", "OKEY", "REMOTE")
    )
    assert (6, 6, "192.0.2.1", "192.0.2.5") == tuple(
        vti[f"IFLA_VTI_{name}"] for name in ("IKEY", "OKEY", "LOCAL", "REMOTE")
    )


def test_erspan() -> None:
    """ip link add erspan1 type erspan ... seq key 100 erspan_ver 2 erspan_dir egress erspan_hwid 17"""
    erspan = shown("ipip_gre_sit.pcap", "erspan1")

    assert (100, 2, 1, 17) == tuple(
        erspan[f"IFLA_GRE_{name}"] for name in ("IKEY", "ERSPAN_VER", "ERSPAN_DIR", "ERSPAN_HWID")
    )


def test_ipip_and_sit() -> None:
    """ip link add ipip1 type ipip local 192.0.2.1 remote 192.0.2.2 tos inherit nopmtudisc dev d0;
    ip link add sit1 type sit local 192.0.2.1 remote 192.0.2.4 ttl 255"""
    ipip, sit = (shown("ipip_gre_sit.pcap", name) for name in ("ipip1", "sit1"))

    assert (2, "192.0.2.1", "192.0.2.2", 0, 1, 0) == tuple(
        ipip[f"IFLA_IPTUN_{name}"] for name in ("LINK", "LOCAL", "REMOTE", "TTL", "TOS", "PMTUDISC")
    )
    assert ("TUNNEL_ENCAP_NONE", [], 0, 0) == tuple(
        ipip[f"IFLA_IPTUN_ENCAP_{name}"] for name in ("TYPE", "FLAGS", "SPORT", "DPORT")
    )
    assert ("192.0.2.1", "192.0.2.4", 255, 1, []) == tuple(
        sit[f"IFLA_IPTUN_{name}"] for name in ("LOCAL", "REMOTE", "TTL", "PMTUDISC", "FLAGS")
    )


def test_ipv6_tunnels() -> None:
    """ip link add ip6tnl1 type ip6tnl mode any local 2001:db8::1 remote 2001:db8::2 encaplimit 4 hoplimit 33
    tclass 0x1c flowlabel 0x12345; ip6gre1 with key 7 csum hoplimit 64 encaplimit none"""
    tunnel, gre = (shown("ipip_gre_sit.pcap", name) for name in ("ip6tnl1", "ip6gre1"))

    ready = ["IP6_TNL_F_CAP_XMIT", "IP6_TNL_F_CAP_RCV"]
    assert ("2001:db8::1", "2001:db8::2", 4, 33, 0x01C12345, ready) == tuple(
        tunnel[f"IFLA_IPTUN_{name}"] for name in ("LOCAL", "REMOTE", "ENCAP_LIMIT", "TTL", "FLOWINFO", "FLAGS")
    )
    assert ("2001:db8::3", 7, ["GRE_KEY", "GRE_CSUM"], 64, ["IP6_TNL_F_IGN_ENCAP_LIMIT", *ready]) == tuple(
        gre[f"IFLA_GRE_{name}"] for name in ("REMOTE", "IKEY", "IFLAGS", "TTL", "FLAGS")
    )


def test_flags_of_a_tunnel_differ_in_size() -> None:
    """IFLA_IPTUN_FLAGS has two bytes in sit, four in ip6tnl (net/ipv6/sit.c, ip6_tunnel.c)."""
    sit = of_kind("sit", attribute(8, struct.pack("=H", 1)))
    ip6tnl = of_kind("ip6tnl", attribute(8, struct.pack("=I", 0x12)))

    assert ["SIT_ISATAP"] == value(sit, "IFLA_IPTUN_FLAGS")
    assert ["IP6_TNL_F_USE_ORIG_TCLASS", "IP6_TNL_F_RCV_DSCP_COPY"] == value(ip6tnl, "IFLA_IPTUN_FLAGS")
    assert [] == sit.notes == ip6tnl.notes
