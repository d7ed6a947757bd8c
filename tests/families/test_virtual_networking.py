"""Families of virtual networking on real bytes: what the tools were told to do, found in what they said."""

from __future__ import annotations

import struct
from typing import Any

from tests.helpers.captures import messages, replies, requests, undecoded, value
from tests.helpers.hex_messages import attribute, of_command, u32
from tests.helpers.route_messages import attrs, line


def lines(name: str, family: str, direction: str | None = None) -> list[str]:
    return [line(one) for one in messages(name, family, direction)]


def test_ipvs_services() -> None:
    """ipvsadm -A -t 192.0.2.1:80 -s wrr -p 360; -A -u '[2001:db8::1]:53' -s rr; -A -f 7 -s sh -b sh-port"""
    tcp, udp, marked = (
        value(one, "IPVS_CMD_ATTR_SERVICE") for one in requests("ipvs.pcap", "IPVS", cmd="IPVS_CMD_NEW_SERVICE")
    )

    assert {
        "IPVS_SVC_ATTR_AF": "AF_INET",
        "IPVS_SVC_ATTR_PROTOCOL": "IPPROTO_TCP",
        "IPVS_SVC_ATTR_ADDR": "192.0.2.1",
        "IPVS_SVC_ATTR_PORT": 80,
        "IPVS_SVC_ATTR_SCHED_NAME": "wrr",
        "IPVS_SVC_ATTR_TIMEOUT": 360,
        "IPVS_SVC_ATTR_NETMASK": "255.255.255.255",
    }.items() <= tcp.items()
    assert ["IP_VS_SVC_F_PERSISTENT"] == tcp["IPVS_SVC_ATTR_FLAGS"]["flags"]
    assert ("AF_INET6", "2001:db8::1", 53, 128) == tuple(
        udp[f"IPVS_SVC_ATTR_{name}"] for name in ("AF", "ADDR", "PORT", "NETMASK")
    )
    assert 7 == marked["IPVS_SVC_ATTR_FWMARK"]
    assert ["IP_VS_SVC_F_SCHED2"] == marked["IPVS_SVC_ATTR_FLAGS"]["flags"]


def test_ipvs_real_servers() -> None:
    """ipvsadm -a ... -r 10.0.0.1:8080 -m -w 3 -x 100 -y 50; -g -w 1; -i; shown by -L -n --stats"""
    masquerade, direct, tunnel = (
        value(one, "IPVS_CMD_ATTR_DEST") for one in requests("ipvs.pcap", "IPVS", cmd="IPVS_CMD_NEW_DEST")
    )
    listed = [value(one, "IPVS_CMD_ATTR_DEST") for one in replies("ipvs.pcap", "IPVS", cmd="IPVS_CMD_NEW_DEST")]

    assert ("10.0.0.1", 8080, "IP_VS_CONN_F_MASQ", 3, 100, 50) == tuple(
        masquerade[f"IPVS_DEST_ATTR_{name}"]
        for name in ("ADDR", "PORT", "FWD_METHOD", "WEIGHT", "U_THRESH", "L_THRESH")
    )
    assert ("IP_VS_CONN_F_DROUTE", "IP_VS_CONN_F_TUNNEL") == (
        direct["IPVS_DEST_ATTR_FWD_METHOD"],
        tunnel["IPVS_DEST_ATTR_FWD_METHOD"],
    )
    assert ["10.0.0.2", "10.0.0.1", "2001:db8::5"] == [one["IPVS_DEST_ATTR_ADDR"] for one in listed]
    assert {0} == {count for name, count in listed[0]["IPVS_DEST_ATTR_STATS64"].items()}


def test_ipvs_lines() -> None:
    told = lines("ipvs.pcap", "IPVS")

    assert "tcp 192.0.2.1:80 wrr <PERSISTENT> timeout 360 s" in told
    assert "udp [2001:db8::1]:53 -> [2001:db8::5]:53 tunnel weight 1" in told
    assert "tcp 900 s tcp fin 120 s udp 300 s" in told
    assert "version 0x10201 connections 4096" in told


def test_ipvs_short_address() -> None:
    """Libraries for containers send an IPv4 address in 4 bytes, ipvsadm in the 16 of union nf_inet_addr."""
    family = attribute(1, b"\2\0")
    short = of_command("IPVS", 1, attribute(1, family + attribute(3, bytes([10, 0, 0, 1]))), 1)
    roomy = of_command("IPVS", 1, attribute(1, family + attribute(3, bytes([10, 0, 0, 1]) + bytes(12))), 1)
    odd = of_command("IPVS", 1, attribute(1, family + attribute(3, bytes([10, 0, 0, 1]) + bytes(11) + b"\1")), 1)

    assert "10.0.0.1" == value(short, "IPVS_SVC_ATTR_ADDR") == value(roomy, "IPVS_SVC_ATTR_ADDR")
    assert {"undecoded": "0a000001" + 22 * "0" + "01"} == value(odd, "IPVS_SVC_ATTR_ADDR")


def test_ipvs_daemon() -> None:
    """ipvsadm -L --daemon: "mcast=d0, syncid=7, maxlen=1400, group=224.0.0.81, port=9000, ttl=2"."""
    (daemon,) = replies("ipvs_sync.pcap", "IPVS", cmd="IPVS_CMD_NEW_DAEMON")

    assert {
        "IPVS_DAEMON_ATTR_STATE": "IP_VS_STATE_MASTER",
        "IPVS_DAEMON_ATTR_MCAST_IFN": "d0",
        "IPVS_DAEMON_ATTR_SYNC_ID": 7,
        "IPVS_DAEMON_ATTR_SYNC_MAXLEN": 1400,
        "IPVS_DAEMON_ATTR_MCAST_GROUP": "224.0.0.81",
        "IPVS_DAEMON_ATTR_MCAST_PORT": 9000,
        "IPVS_DAEMON_ATTR_MCAST_TTL": 2,
    } == value(daemon, "IPVS_CMD_ATTR_DAEMON")
    assert "daemon master dev d0 sync id 7" == line(daemon)


def test_ipvs_tunnel() -> None:
    """ipvsadm -a ... -i --tun-type gue --tun-port 6080 --tun-remcsum"""
    (asked,) = requests("ipvs_sync.pcap", "IPVS", cmd="IPVS_CMD_NEW_DEST")

    assert ("IP_VS_CONN_F_TUNNEL_TYPE_GUE", 6080, ["IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM"]) == tuple(
        value(asked, f"IPVS_DEST_ATTR_TUN_{name}") for name in ("TYPE", "PORT", "FLAGS")
    )


def test_batadv_settings() -> None:
    """batctl meshif bat0 orig_interval 2000; gw_mode server 10000/2000 (in units of 100 kbit/s on the wire)"""
    interval, gateway = (attrs(one) for one in requests("batadv.pcap", "batadv", cmd="BATADV_CMD_SET_MESH"))
    (mesh, *_) = replies("batadv.pcap", "batadv", cmd="BATADV_CMD_GET_MESH")

    assert 2000 == interval["BATADV_ATTR_ORIG_INTERVAL"]
    assert ("BATADV_GW_MODE_SERVER", 100, 20) == tuple(
        gateway[f"BATADV_ATTR_GW_{name}"] for name in ("MODE", "BANDWIDTH_DOWN", "BANDWIDTH_UP")
    )
    assert ("BATMAN_IV", "bat0", "d0", "02:00:00:00:00:01") == tuple(
        attrs(mesh)[f"BATADV_ATTR_{name}"] for name in ("ALGO_NAME", "MESH_IFNAME", "HARD_IFNAME", "HARD_ADDRESS")
    )


def test_batadv_clients() -> None:
    """batctl meshif bat0 translocal: the mesh device itself, flagged P (no purge)."""
    (client,) = replies("batadv.pcap", "batadv", cmd="BATADV_CMD_GET_TRANSTABLE_LOCAL")

    assert "02:00:00:00:00:ba" == value(client, "BATADV_ATTR_TT_ADDRESS")
    assert ["BATADV_TT_CLIENT_NOPURGE"] == value(client, "BATADV_ATTR_TT_FLAGS")
    assert "client 02:00:00:00:00:ba vid 0x0 <NOPURGE>" == line(client)


def batadv(command: str) -> list[dict[str, Any]]:
    """What the kernel told of a mesh of two."""
    return [attrs(one) for one in messages("batadv_mesh.pcap", "batadv", cmd=command) if one.direction != "to kernel"]


def test_batadv_tables() -> None:
    """batctl meshif bat0 originators: "02:00:00:00:00:02 0.220s (118) ... [v0]"; neighbors, transglobal, gwl."""
    (originator,) = batadv("BATADV_CMD_GET_ORIGINATORS")
    (neighbour,) = batadv("BATADV_CMD_GET_NEIGHBORS")
    clients = {one["BATADV_ATTR_TT_ADDRESS"]: one for one in batadv("BATADV_CMD_GET_TRANSTABLE_GLOBAL")}
    (gateway,) = batadv("BATADV_CMD_GET_GATEWAYS")

    assert {
        "BATADV_ATTR_ORIG_ADDRESS": "02:00:00:00:00:02",
        "BATADV_ATTR_LAST_SEEN_MSECS": 220,
        "BATADV_ATTR_TQ": 118,
        "BATADV_ATTR_HARD_IFNAME": "v0",
        "BATADV_ATTR_FLAG_BEST": True,
    }.items() <= originator.items()
    assert 590 == neighbour["BATADV_ATTR_LAST_SEEN_MSECS"]
    assert {0x6C7CBCD6} == {one["BATADV_ATTR_TT_CRC32"] for one in clients.values()}
    assert (1, 2) == tuple(clients["02:00:00:00:01:01"][f"BATADV_ATTR_TT_{name}"] for name in ("TTVN", "LAST_TTVN"))
    assert (100, 20, 123) == tuple(gateway[f"BATADV_ATTR_{name}"] for name in ("BANDWIDTH_DOWN", "BANDWIDTH_UP", "TQ"))


def test_batadv_throughput() -> None:
    """batctl throughputmeter -t 300: "Test duration 350ms. Sent 11006532 Bytes."; mcast_flags_json: "raw": 56"""
    _, result = batadv("BATADV_CMD_TP_METER")
    (flags,) = batadv("BATADV_CMD_GET_MCAST_FLAGS")

    assert {
        "BATADV_ATTR_TPMETER_TEST_TIME": 350,
        "BATADV_ATTR_TPMETER_BYTES": 11006532,
        "BATADV_ATTR_TPMETER_RESULT": "BATADV_TP_REASON_COMPLETE",
    }.items() <= result.items()
    assert [f"BATADV_MCAST_{name}" for name in ("WANT_NO_RTR4", "WANT_NO_RTR6", "HAVE_MC_PTYPE_CAPA")] == flags[
        "BATADV_ATTR_MCAST_FLAGS"
    ]


def test_batadv_vlan_of_two_widths() -> None:
    """The kernel takes a u16 (batadv_netlink_policy) and tells a u32 (batadv_netlink_vlan_fill)."""
    asked = of_command("batadv", 17, attribute(40, struct.pack("<H", 5)), 1)
    told = of_command("batadv", 17, attribute(40, u32(5)))

    assert (5, 5) == (value(asked, "BATADV_ATTR_VLANID"), value(told, "BATADV_ATTR_VLANID"))
    assert [] == asked.notes == told.notes


def team_options(name: str, direction: str) -> list[dict[str, Any]]:
    return [
        option
        for one in messages("team.pcap", "team", direction)
        for option in (value(one, "TEAM_ATTR_LIST_OPTION") or {}).get("TEAM_ATTR_ITEM_OPTION", [])
        if option.get("TEAM_ATTR_OPTION_NAME") == name
    ]


def test_team_options() -> None:
    """teamnl team0 setoption mode activebackup; teamnl -p t1 team0 setoption priority 100"""
    (mode,) = (one for one in team_options("mode", "to kernel") if "TEAM_ATTR_OPTION_DATA" in one)
    (priority,) = team_options("priority", "to kernel")

    assert ("NLA_STRING", "activebackup") == (mode["TEAM_ATTR_OPTION_TYPE"], mode["TEAM_ATTR_OPTION_DATA"])
    assert ("NLA_S32", 100) == (priority["TEAM_ATTR_OPTION_TYPE"], priority["TEAM_ATTR_OPTION_DATA"])
    assert {True} == {one["TEAM_ATTR_OPTION_DATA"] for one in team_options("enabled", "to user") if len(one) > 3}
    assert "activebackup" in {one["TEAM_ATTR_OPTION_DATA"] for one in team_options("mode", "to user")}
    assert "team0 1 options: priority of t1 100" in lines("team.pcap", "team", "to kernel")


def test_team_ports() -> None:
    """teamnl team0 ports: t1 and t2, up, 0Mbit HD"""
    listed = next(one for one in replies("team.pcap", "team") if value(one, "TEAM_ATTR_PORT_IFINDEX"))
    ports = value(listed, "TEAM_ATTR_LIST_PORT")["TEAM_ATTR_ITEM_PORT"]

    assert [(True, 0, "DUPLEX_HALF")] * 2 == [
        tuple(port[f"TEAM_ATTR_PORT_{name}"] for name in ("LINKUP", "SPEED", "DUPLEX")) for port in ports
    ]


def test_team_hash_function() -> None:
    """The load balancer's option that is a program of classic BPF (lb_bpf_func_set)."""
    option = (
        attribute(1, b"bpf_hash_func\0") + attribute(3, b"\x0b") + attribute(4, struct.pack("<HBBI", 0x16, 1, 2, 3))
    )
    message = of_command("team", 1, attribute(1, u32(2)) + attribute(2, attribute(1, option)), 1)

    (found,) = value(message, "TEAM_ATTR_LIST_OPTION")["TEAM_ATTR_ITEM_OPTION"]
    assert [{"code": 0x16, "jt": 1, "jf": 2, "k": 3}] == found["TEAM_ATTR_OPTION_DATA"]


def test_macsec() -> None:
    """ip macsec add macsec0 tx sa 0 pn 1 on key 01 0001...1f; rx port 22 address 02:00:00:00:00:22"""
    (sent,) = requests("macsec.pcap", "macsec", cmd="MACSEC_CMD_ADD_TXSA")
    (received,) = requests("macsec.pcap", "macsec", cmd="MACSEC_CMD_ADD_RXSC")
    association = value(sent, "MACSEC_ATTR_SA_CONFIG")

    assert (0, 1, 1) == tuple(association[f"MACSEC_SA_ATTR_{name}"] for name in ("AN", "PN", "ACTIVE"))
    assert {"secret": 32} == association["MACSEC_SA_ATTR_KEY"]
    assert "01" + 30 * "0" == association["MACSEC_SA_ATTR_KEYID"]
    assert 0x0200000000220016 == value(received, "MACSEC_RXSC_ATTR_SCI")


def test_macsec_shown() -> None:
    """ip -s macsec show: "cipher suite: GCM-AES-256, using ICV length 16", "TXSC: 020000000001000b on SA 0"."""
    (shown,) = replies("macsec.pcap", "macsec")
    secy = value(shown, "MACSEC_ATTR_SECY")

    assert ("MACSEC_CIPHER_ID_GCM_AES_256", 16, 0x020000000001000B, 0, 128) == tuple(
        secy[f"MACSEC_SECY_ATTR_{name}"] for name in ("CIPHER_SUITE", "ICV_LEN", "SCI", "ENCODING_SA", "WINDOW")
    )
    (channel,) = value(shown, "MACSEC_ATTR_RXSC_LIST").values()
    (association,) = channel["MACSEC_RXSC_ATTR_SA_LIST"].values()
    assert (1, 100) == (association["MACSEC_SA_ATTR_AN"], association["MACSEC_SA_ATTR_PN"])
    assert 0 == value(shown, "MACSEC_SECY_STATS_ATTR_IN_PKTS_NO_TAG")
    assert "macsec0 sci 0x20000000001000b cipher_id_gcm_aes_256" == line(shown).split(" encoding")[0]


def test_macsec_extended_numbers() -> None:
    """ip macsec add macsec0 tx sa 2 xpn 4294967297 salt 0102...0c ssci 7 on key 0a 0001...0f"""
    (sent,) = requests("macsec_xpn.pcap", "macsec", cmd="MACSEC_CMD_ADD_TXSA")
    association = value(sent, "MACSEC_ATTR_SA_CONFIG")

    assert {
        "MACSEC_SA_ATTR_AN": 2,
        "MACSEC_SA_ATTR_PN": 4294967297,
        "MACSEC_SA_ATTR_SSCI": 7,
        "MACSEC_SA_ATTR_SALT": {"secret": 12},
        "MACSEC_SA_ATTR_KEY": {"secret": 16},
    }.items() <= association.items()
    (shown,) = replies("macsec_xpn.pcap", "macsec")
    assert "MACSEC_CIPHER_ID_GCM_AES_XPN_128" == value(shown, "MACSEC_SECY_ATTR_CIPHER_SUITE")
    (refused,) = requests("macsec_xpn.pcap", "macsec", cmd="MACSEC_CMD_UPD_OFFLOAD")
    assert "MACSEC_OFFLOAD_PHY" == value(refused, "MACSEC_OFFLOAD_ATTR_TYPE")


def test_hsr_nodes() -> None:
    """HSR_C_GET_NODE_LIST and HSR_C_GET_NODE_STATUS on the ring of near (a1, a2) and far (b1, b2)."""
    listed, status = replies("hsr.pcap", "HSR")

    assert ["02:00:00:00:01:01", "02:00:00:00:01:02", "02:00:00:00:00:01"] == attrs(listed)["HSR_A_NODE_ADDR"]
    assert ["02:00:00:00:01:01"] == attrs(status)["HSR_A_NODE_ADDR"]
    assert (160, 550) == (value(status, "HSR_A_IF1_AGE"), value(status, "HSR_A_IF2_AGE"))
    assert "a1 seq 64514" in line(status)


def test_segment_routing() -> None:
    """ip sr tunsrc set 2001:db8::1; ip sr tunsrc show"""
    (wanted,) = requests("seg6.pcap", "SEG6", cmd="SEG6_CMD_SET_TUNSRC")
    (shown,) = replies("seg6.pcap", "SEG6")

    assert "2001:db8::1" == value(wanted, "SEG6_ATTR_DST") == value(shown, "SEG6_ATTR_DST")
    assert "source 2001:db8::1" == line(shown)


def test_segment_routing_key() -> None:
    """ip sr hmac set 17 sha256, which this kernel was built without: as iproute2 sends it."""
    key = attribute(3, u32(17)) + attribute(5, b"\6") + attribute(6, b"\2") + attribute(4, b"secret")
    message = of_command("SEG6", 1, key, 5)

    assert ("SEG6_HMAC_ALGO_SHA256", {"secret": 6}) == (
        value(message, "SEG6_ATTR_ALGID"),
        value(message, "SEG6_ATTR_SECRET"),
    )
    assert "hmac key 17 sha256 6 bytes" == line(message)


def test_ioam_configuration() -> None:
    """ip ioam namespace add 123 data 0x10 wide 0x20; schema add 5 "a schema"; namespace set 123 schema none"""
    namespace, schema = (
        attrs(requests("seg6.pcap", "IOAM6", cmd=f"IOAM6_CMD_ADD_{what}")[0]) for what in ("NAMESPACE", "SCHEMA")
    )

    assert {"IOAM6_ATTR_NS_ID": 123, "IOAM6_ATTR_NS_DATA": 0x10, "IOAM6_ATTR_NS_DATA_WIDE": 0x20} == namespace
    assert {"IOAM6_ATTR_SC_ID": 5, "IOAM6_ATTR_SC_DATA": b"a schema".hex()} == schema
    assert "namespace 123 schema none" in lines("seg6.pcap", "IOAM6")


def test_ioam_event() -> None:
    """A packet with a trace of namespace 123 came in on v1: hop limit 63, node id 7, interfaces 77 and 0xffff."""
    (event,) = messages("ioam6.pcap", "IOAM6")

    assert "IOAM6_EVENT_TRACE" == value(event, "cmd")
    assert {
        "IOAM6_EVENT_ATTR_TRACE_NAMESPACE": 123,
        "IOAM6_EVENT_ATTR_TRACE_NODELEN": 2,
        "IOAM6_EVENT_ATTR_TRACE_TYPE": 0xC0000000,
        "IOAM6_EVENT_ATTR_TRACE_DATA": struct.pack(">IHH", 63 << 24 | 7, 77, 0xFFFF).hex(),
    } == attrs(event)


def test_gtp() -> None:
    """Contexts of both versions; the kernel's answers bear the low byte of the family's number as their command."""
    asked = requests("gtp.pcap", "gtp", cmd="GTP_CMD_NEWPDP")
    told = replies("gtp.pcap", "gtp")

    assert ["GTP_V1", "GTP_V0", "GTP_V1"] == [value(one, "GTPA_VERSION") for one in asked]
    contexts = {value(one, "GTPA_O_TEI"): attrs(one) for one in told}
    assert {400: 300, None: None, 200: 100} == {peer: one.get("GTPA_I_TEI") for peer, one in contexts.items()}
    old = {"GTPA_TID": 0x42, "GTPA_FLOW": 7, "GTPA_MS_ADDRESS": "10.0.0.2", "GTPA_FAMILY": "AF_INET"}
    assert old.items() <= contexts[None].items()
    assert "2001:db8:1::" == contexts[400]["GTPA_MS_ADDR6"]
    assert {told[0].number & 0xFF} == {value(one, "cmd") for one in told}


def test_psample() -> None:
    """tc filter ... action sample rate 1 group 5 trunc 64: two datagrams, "first" and "second", to 192.0.2.9."""
    first, second = messages("psample.pcap", "psample", "notification")

    assert (5, 0, 1, 47, "ETH_P_IP") == tuple(
        value(first, f"PSAMPLE_ATTR_{name}")
        for name in ("SAMPLE_GROUP", "GROUP_SEQ", "SAMPLE_RATE", "ORIGSIZE", "PROTO")
    )
    data = second.find("PSAMPLE_ATTR_DATA")
    assert data is not None
    packet = data.kind.opened(data.value)  # type: ignore[attr-defined]
    assert ("192.0.2.1", b"second") == (packet["IP"].src, bytes(packet["UDP"].payload))


def test_psample_of_openvswitch() -> None:
    """psample_sample_packet() with a tunnel and a cookie: latency and time in nanoseconds, rate as a probability."""
    tunnel = attribute(
        8, attribute(2, bytes([10, 0, 0, 2])) + attribute(16, b"") + attribute(8, struct.pack(">HBB", 1, 2, 0))
    )
    rest = (
        attribute(5, u32(1 << 31)) + attribute(12, struct.pack("<Q", 1500)) + attribute(15, b"\7") + attribute(16, b"")
    )
    message = of_command("psample", 0, tunnel + rest)

    assert {
        "PSAMPLE_TUNNEL_KEY_ATTR_IPV4_DST": "10.0.0.2",
        "PSAMPLE_TUNNEL_KEY_ATTR_IPV4_INFO_BRIDGE": True,
    }.items() <= value(message, "PSAMPLE_ATTR_TUNNEL").items()
    assert (1500, "07", True) == tuple(
        value(message, f"PSAMPLE_ATTR_{name}") for name in ("LATENCY", "USER_COOKIE", "SAMPLE_PROBABILITY")
    )


def test_l2tp() -> None:
    """Laid out as l2tp_nl_tunnel_send() and l2tp_nl_session_send() do; the kernel here was built without it."""
    tunnel = [
        attribute(7, b"\3"), attribute(9, u32(10)), attribute(10, u32(20)), attribute(2, struct.pack("<H", 0)),
        attribute(30, attribute(1, bytes(8)) + attribute(6, struct.pack("<Q", 3))), attribute(13, b"\1"),
        attribute(26, struct.pack("<H", 1701)), attribute(27, struct.pack("<H", 1702)),
        attribute(24, bytes([10, 0, 0, 1])), attribute(25, bytes([10, 0, 0, 2])),
    ]  # fmt: skip
    session = [
        attribute(9, u32(10)), attribute(11, u32(1)), attribute(10, u32(20)), attribute(12, u32(2)),
        attribute(1, struct.pack("<H", 5)), attribute(8, b"l2tpeth0\0"), attribute(15, bytes(8)),
        attribute(22, struct.pack("<Q", 100)),
    ]  # fmt: skip
    first, second = of_command("l2tp", 4, b"".join(tunnel)), of_command("l2tp", 8, b"".join(session))

    assert [] == first.notes == second.notes
    assert {"L2TP_ATTR_TX_PACKETS": 0, "L2TP_ATTR_RX_SEQ_DISCARDS": 3} == value(first, "L2TP_ATTR_STATS")
    assert "tunnel 10 peer 20 10.0.0.1:1701 -> 10.0.0.2:1702 over udp v3" == line(first)
    assert ("L2TP_PWTYPE_ETH", 100) == (value(second, "L2TP_ATTR_PW_TYPE"), value(second, "L2TP_ATTR_RECV_TIMEOUT"))
    assert "tunnel 10 peer 20 session 1 peer 2 eth dev l2tpeth0" == line(second)


def test_ila() -> None:
    """ip ila add loc_match 2001:db8:0:1 loc 2001:db8:0:2 csum-mode neutral-map ident-type luid dev d0; ip ila list"""
    (added, _) = requests("ila.pcap", "ila", cmd="ILA_CMD_ADD")
    listed = replies("ila.pcap", "ila")

    assert {
        "ILA_ATTR_LOCATOR_MATCH": 0x20010DB800000001,
        "ILA_ATTR_LOCATOR": 0x20010DB800000002,
        "ILA_ATTR_CSUM_MODE": "ILA_CSUM_NEUTRAL_MAP",
        "ILA_ATTR_IDENT_TYPE": "ILA_ATYPE_LUID",
    }.items() <= attrs(added).items()
    assert [0x20010DB800000003, 0x20010DB800000001] == [value(one, "ILA_ATTR_LOCATOR_MATCH") for one in listed]
    assert "0x20010db800000001 -> 0x20010db800000002 dev d0 csum neutral_map luid" == line(listed[1])


def test_everything_is_described() -> None:
    names = (
        "ipvs", "ipvs_sync", "batadv", "batadv_mesh", "team", "macsec",
        "macsec_xpn", "hsr", "seg6", "ioam6", "gtp", "psample", "ila",
    )  # fmt: skip
    assert {} == {name: found for name in names if (found := undecoded(f"{name}.pcap"))}
