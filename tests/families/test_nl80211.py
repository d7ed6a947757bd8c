"""nl80211 on real bytes: what iw(8), hostapd and wpa_supplicant said to simulated radios, beside what iw printed."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from scapy.layers.dot11 import Dot11Beacon, Dot11ProbeReq, Dot11ProbeResp

from tests.helpers.captures import messages, replies, requests, undecoded, value
from tests.helpers.route_messages import attrs, line

PHY, SCAN, CONNECT = "wifi_phy.pcap", "wifi_scan.pcap", "wifi_connect.pcap"
MESH, AP = "wifi_mesh.pcap", "wifi_ap.pcap"


def of(name: str, command: str, direction: str = "to user") -> list[dict[str, Any]]:
    """The attributes of every message with that command."""
    return [attrs(one) for one in messages(name, "nl80211", direction, cmd=f"NL80211_CMD_{command}")]


def short(names: Any, prefix: str) -> list[str]:
    """Names without what they all begin with."""
    return [name.removeprefix(f"NL80211_{prefix}_") for name in names]


@pytest.mark.parametrize("name", [PHY, SCAN, MESH, AP])
def test_nothing_is_left_over(name: str) -> None:
    assert [] == undecoded(name)


def test_said_twice() -> None:
    """wpa_supplicant puts one flag into a request to associate twice."""
    assert {("nl80211", "NL80211_ATTR_SOCKET_OWNER repeats")} == set(undecoded(CONNECT))


def radio(attribute: str) -> list[Any]:
    """Values of one attribute in the split answer about a radio."""
    name = f"NL80211_ATTR_{attribute}"
    return [one[name] for one in of(PHY, "NEW_WIPHY") if name in one]


def test_split_answer() -> None:
    """iw phy phy0 info: one dump, many messages, each with the radio's name."""
    (request,) = requests(PHY, "nl80211", cmd="NL80211_CMD_GET_WIPHY")

    assert value(request, "NL80211_ATTR_SPLIT_WIPHY_DUMP") is True
    assert {"phy0"} == set(radio("WIPHY_NAME"))
    assert [["NL80211_PROTOCOL_FEATURE_SPLIT_WIPHY_DUMP"]] == [
        one["NL80211_ATTR_PROTOCOL_FEATURES"] for one in of(PHY, "GET_PROTOCOL_FEATURES")
    ]


def test_abilities() -> None:
    """iw: "max # scan SSIDs: 4", "Supported Ciphers: WEP40 ... GMAC-256", "Supported interface modes: IBSS ..."."""
    assert ([4], [2109], [7]) == (
        radio("MAX_NUM_SCAN_SSIDS"),
        radio("MAX_SCAN_IE_LEN"),
        radio("WIPHY_RETRY_SHORT"),
    )
    assert [
        "WEP40", "WEP104", "TKIP", "CCMP", "CCMP_256", "GCMP", "GCMP_256", "AES_CMAC", "BIP_CMAC_256", "BIP_GMAC_128",
        "BIP_GMAC_256",
    ] == [name.removeprefix("WLAN_CIPHER_SUITE_") for name in radio("CIPHER_SUITES")[0]]  # fmt: skip
    assert [
        "ADHOC", "STATION", "AP", "AP_VLAN", "MONITOR", "MESH_POINT", "P2P_CLIENT", "P2P_GO", "P2P_DEVICE", "OCB",
    ] == short(radio("SUPPORTED_IFTYPES")[0], "IFTYPE")  # fmt: skip
    frames = radio("RX_FRAME_TYPES")[0]["NL80211_IFTYPE_STATION"]["NL80211_ATTR_FRAME_TYPE"]
    assert ["PROBE_REQ", "AUTH", "ACTION"] == [name.removeprefix("IEEE80211_STYPE_") for name in frames]


def test_features() -> None:
    """iw: "Device supports HT-IBSS." ... and the list "Supported extended features"."""
    plain = short(radio("FEATURE_FLAGS")[0], "FEATURE")
    extended = short(radio("EXT_FEATURES")[0], "EXT_FEATURE")

    assert {"SK_TX_STATUS", "HT_IBSS", "SAE", "USERSPACE_MPM", "SCAN_RANDOM_MAC_ADDR"} < set(plain)
    assert [
        "VHT_IBSS", "RRM", "BEACON_RATE_LEGACY", "FILS_STA", "CQM_RSSI_LIST", "CONTROL_PORT_OVER_NL80211", "TXQS",
        "SCAN_RANDOM_SN", "SCAN_MIN_PREQ_CONTENT", "CAN_REPLACE_PTK0", "ENABLE_FTM_RESPONDER", "EXT_KEY_ID",
        "BEACON_PROTECTION", "CONTROL_PORT_NO_PREAUTH", "DEL_IBSS_STA", "MULTICAST_REGISTRATIONS", "SCAN_FREQ_KHZ",
        "CONTROL_PORT_OVER_NL80211_TX_STATUS", "BSS_COLOR", "POWERED_ADDR_CHANGE", "DFS_CONCURRENT",
        "SPP_AMSDU_SUPPORT",
    ] == extended  # fmt: skip


def test_bands() -> None:
    """iw: "Band 1: ... 2412.0 MHz [1] (20.0 dBm)", "5180.0 MHz [36] (20.0 dBm) (no IR)", "Capabilities: 0x107e",
    "2.0 Mbps (short preamble supported)", "HE MAC Capabilities (0x78011ac80040)"."""
    bands: dict[str, dict[str, Any]] = {}
    channels: dict[str, list[dict[str, Any]]] = {}
    for part in radio("WIPHY_BANDS"):
        for band, inner in part.items():
            bands.setdefault(band, {}).update(inner)
            channels.setdefault(band, []).extend(inner.get("NL80211_BAND_ATTR_FREQS", {}).values())
    low, high = "NL80211_BAND_2GHZ", "NL80211_BAND_5GHZ"

    first = channels[low][0]
    assert (2412, 2000, False) == (
        first["NL80211_FREQUENCY_ATTR_FREQ"],
        first["NL80211_FREQUENCY_ATTR_MAX_TX_POWER"],
        "NL80211_FREQUENCY_ATTR_NO_IR" in first,
    )
    assert [2412, 2417, 2422] == [one["NL80211_FREQUENCY_ATTR_FREQ"] for one in channels[low][:3]]
    (restricted,) = [one for one in channels[high] if one["NL80211_FREQUENCY_ATTR_FREQ"] == 5180]
    assert restricted["NL80211_FREQUENCY_ATTR_NO_IR"] is True
    rates = list(bands[low]["NL80211_BAND_ATTR_RATES"].values())
    assert [10, 20, 55, 110] == [one["NL80211_BITRATE_ATTR_RATE"] for one in rates[:4]]
    assert [False, True] == ["NL80211_BITRATE_ATTR_2GHZ_SHORTPREAMBLE" in one for one in rates[:2]]
    assert {"IEEE80211_HT_CAP_SUP_WIDTH_20_40", "IEEE80211_HT_CAP_SGI_20", "IEEE80211_HT_CAP_DSSSCCK40"} < set(
        bands[low]["NL80211_BAND_ATTR_HT_CAPA"]
    )
    assert 0x038004FA == bands[high]["NL80211_BAND_ATTR_VHT_CAPA"]
    station = bands[low]["NL80211_BAND_ATTR_IFTYPE_DATA"]["NL80211_BAND_ATTR_IFTYPE_DATA[1]"]
    assert ["STATION", "P2P_CLIENT"] == short(station["NL80211_BAND_IFTYPE_ATTR_IFTYPES"], "IFTYPE")
    words = bytes(station["NL80211_BAND_IFTYPE_ATTR_HE_CAP_MAC"])
    assert (0x7801, 0x1AC8, 0x0040) == struct.unpack("<3H", words)


def test_combinations() -> None:
    """iw: "#{ IBSS } <= 1, #{ managed, AP, ... } <= 2048, #{ P2P-device } <= 1, total <= 2050, #channels <= 1,
    radar detect widths: { 20 MHz (no HT), 20 MHz, 40 MHz, 80 MHz, 160 MHz, 5 MHz, 10 MHz }"."""
    (combination,) = radio("INTERFACE_COMBINATIONS")[0].values()
    limits = combination["NL80211_IFACE_COMB_LIMITS"].values()

    assert [(1, ["ADHOC"]), (2048, ["STATION", "AP", "MESH_POINT", "P2P_CLIENT", "P2P_GO"]), (1, ["P2P_DEVICE"])] == [
        (one["NL80211_IFACE_LIMIT_MAX"], short(one["NL80211_IFACE_LIMIT_TYPES"], "IFTYPE")) for one in limits
    ]
    assert (2050, 1) == (combination["NL80211_IFACE_COMB_MAXNUM"], combination["NL80211_IFACE_COMB_NUM_CHANNELS"])
    assert ["20_NOHT", "20", "40", "80", "160", "5", "10"] == short(
        combination["NL80211_IFACE_COMB_RADAR_DETECT_WIDTHS"], "CHAN_WIDTH"
    )


def test_regulatory_domain() -> None:
    """iw reg get: "country FR: DFS-ETSI (5250 - 5350 @ 80), (N/A, 20), (0 ms), NO-OUTDOOR, DFS, AUTO-BW"."""
    domain = of(PHY, "GET_REG")[-1]
    rules = list(domain["NL80211_ATTR_REG_RULES"].values())

    assert ("FR", "NL80211_DFS_ETSI", 7) == (
        domain["NL80211_ATTR_REG_ALPHA2"],
        domain["NL80211_ATTR_DFS_REGION"],
        len(rules),
    )
    assert {
        "NL80211_ATTR_REG_RULE_FLAGS": ["NL80211_RRF_NO_OUTDOOR", "NL80211_RRF_DFS", "NL80211_RRF_AUTO_BW"],
        "NL80211_ATTR_FREQ_RANGE_START": 5250000,
        "NL80211_ATTR_FREQ_RANGE_END": 5350000,
        "NL80211_ATTR_FREQ_RANGE_MAX_BW": 80000,
        "NL80211_ATTR_POWER_RULE_MAX_ANT_GAIN": 0,
        "NL80211_ATTR_POWER_RULE_MAX_EIRP": 2000,
        "NL80211_ATTR_DFS_CAC_TIME": 0,
    } == rules[2]
    (asked,) = requests(PHY, "nl80211", cmd="NL80211_CMD_REQ_SET_REG")
    assert "country FR" == line(asked)


def test_interface_names_are_learnt() -> None:
    """iw dev: "Interface wlan0, ifindex 2, addr 02:00:00:00:00:00, type managed"."""
    (told,) = replies(PHY, "nl80211", cmd="NL80211_CMD_NEW_INTERFACE")

    assert "wlan0 phy#0 station 02:00:00:00:00:00" == line(told)
    assert told.context is not None and "wlan0" == told.context.name("interface", value(told, "NL80211_ATTR_IFINDEX"))


def test_found_network() -> None:
    """iw dev wlan1 scan dump: "BSS 02:00:00:00:00:00, TSF: 1795633589110363 usec, freq: 2437.0, beacon interval: 100
    TUs, capability: ESS Privacy ShortSlotTime (0x0411), signal: -30.00 dBm, last seen: 56 ms ago"."""
    (found,) = replies(SCAN, "nl80211", cmd="NL80211_CMD_NEW_SCAN_RESULTS")
    bss = value(found, "NL80211_ATTR_BSS")

    assert ("02:00:00:00:00:00", 2437, 100, -3000) == tuple(
        bss[f"NL80211_BSS_{name}"] for name in ("BSSID", "FREQUENCY", "BEACON_INTERVAL", "SIGNAL_MBM")
    )
    assert ["ESS", "PRIVACY", "SHORT_SLOT_TIME"] == [
        name.removeprefix("WLAN_CAPABILITY_") for name in bss["NL80211_BSS_CAPABILITY"]
    ]
    assert (1795633589110363, 56) == (bss["NL80211_BSS_TSF"], bss["NL80211_BSS_SEEN_MS_AGO"])
    assert "wlan1 ssid nldissect bss 02:00:00:00:00:00 2437 MHz -30 dBm" == line(found)


def test_elements() -> None:
    """iw: "SSID: nldissect", "Supported rates: 1.0* 2.0* 5.5* 11.0* 6.0 ...", "DS Parameter set: channel 6", "ERP:
    Barker_Preamble_Mode", "RSN: Version: 1, Group cipher: CCMP, Pairwise ciphers: CCMP, Authentication suites: PSK,
    Capabilities: 16-PTKSA-RC 1-GTKSA-RC (0x000c)", "current operating class: 81", "primary channel: 6"."""
    (found,) = replies(SCAN, "nl80211", cmd="NL80211_CMD_NEW_SCAN_RESULTS")
    elements = value(found, "NL80211_BSS_INFORMATION_ELEMENTS")

    assert ("nldissect", 6) == (elements["WLAN_EID_SSID"], elements["WLAN_EID_DS_PARAMS"])
    assert [(1.0, True), (2.0, True), (5.5, True), (11.0, True), (6.0, False), (9.0, False), (12.0, False)] == [
        ((rate & 0x7F) / 2, rate > 0x7F) for rate in elements["WLAN_EID_SUPP_RATES"][:7]
    ]
    assert ["WLAN_ERP_BARKER_PREAMBLE"] == elements["WLAN_EID_ERP_INFO"]
    assert {
        "version": 1,
        "group_cipher": "WLAN_CIPHER_SUITE_CCMP",
        "pairwise_count": 1,
        "pairwise_ciphers": ["WLAN_CIPHER_SUITE_CCMP"],
        "akm_count": 1,
        "akm_suites": ["WLAN_AKM_SUITE_PSK"],
        "rsn_capabilities": ["0xc"],
    } == elements["WLAN_EID_RSN"]
    assert 81 == elements["WLAN_EID_SUPPORTED_REGULATORY_CLASSES"][0]
    assert 6 == elements["WLAN_EID_HT_OPERATION"]["primary_chan"]
    assert ["0xc"] == elements["WLAN_EID_HT_CAPABILITY"]["cap_info"]
    assert {2, 22, 25, 62} == set(elements["WLAN_EID_EXT_CAPABILITY"])
    (wmm,) = elements["WLAN_EID_VENDOR_SPECIFIC"]
    assert ("00:50:f2", 2) == (wmm["oui"], wmm["type"])


def test_survey() -> None:
    """iw: "frequency: 2412 MHz, noise: -92 dBm, channel active time: 68 ms, channel busy time: 8 ms"."""
    surveys = [one["NL80211_ATTR_SURVEY_INFO"] for one in of(SCAN, "NEW_SURVEY_RESULTS")]

    assert [(2412, -92, 68, 8), (2437, -92, 80, 10)] == [
        tuple(one[f"NL80211_SURVEY_INFO_{name}"] for name in ("FREQUENCY", "NOISE", "TIME", "TIME_BUSY"))
        for one in surveys
    ]


def test_scan_events() -> None:
    """iw event: "scan started", "scan finished: 2412 2437, "nldissect"", "regulatory domain change: set to JP by a
    user request", "set to world roaming by the wireless core", "mgmt TX status (cookie 2): acked", "delete wiphy"."""
    told = {
        (value(one, "cmd").removeprefix("NL80211_CMD_"), line(one)) for one in messages(SCAN, "nl80211", "notification")
    }

    assert {
        ("TRIGGER_SCAN", "wlan1 phy#1 1 ssids 2 channels"),
        ("REG_CHANGE", "country JP set by user"),
        ("REG_CHANGE", "phy#0 set by core"),
        ("FRAME_TX_STATUS", "wlan0 phy#0 acked cookie 0x2"),
        ("DEL_WIPHY", "phy0"),
    } <= told
    done = next(one for one in of(SCAN, "NEW_SCAN_RESULTS", "notification"))
    assert ["nldissect"] == list(done["NL80211_ATTR_SCAN_SSIDS"].values())
    assert [2412, 2437] == list(done["NL80211_ATTR_SCAN_FREQUENCIES"].values())


def test_frames_are_opened_by_scapy() -> None:
    """hostapd answers wlan1's probe request: both are IEEE 802.11 frames."""
    heard = next(one for one in messages(SCAN, "nl80211", "notification", cmd="NL80211_CMD_FRAME"))
    said = next(iter(requests(SCAN, "nl80211", cmd="NL80211_CMD_FRAME")))

    asked, answered = (
        node.kind.opened(node.value)  # type: ignore[attr-defined]
        for node in (one.find("NL80211_ATTR_FRAME") for one in (heard, said))
        if node is not None
    )
    assert "02:00:00:00:01:00" == asked[Dot11ProbeReq].underlayer.addr2
    assert ("02:00:00:00:01:00", "nldissect") == (answered.addr1, answered[Dot11ProbeResp].network_stats()["ssid"])


def test_refused() -> None:
    """iw dev wlan1 set freq 1: "kernel reports: Unknown channel"."""
    refused = [one for one in messages(SCAN, "nl80211", "to user") if value(one, "error") == "EINVAL"]
    errors = [one for one in messages(SCAN) if value(one, "error") == "EINVAL"]

    assert [] == refused
    assert ["Unknown channel"] == [value(one, "NLMSGERR_ATTR_MSG") for one in errors]


def dumped(interface: str) -> dict[str, Any]:
    """What `iw dev INTERFACE station dump` got: the last answer about a station there."""
    told = [
        one for one in replies(CONNECT, "nl80211", cmd="NL80211_CMD_NEW_STATION") if line(one).startswith(interface)
    ]
    found: dict[str, Any] = value(told[-1], "NL80211_ATTR_STA_INFO")
    return found


def test_station() -> None:
    """iw dev wlan1 station dump: "rx bytes: 3497, tx packets: 9, signal: -30 dBm, tx bitrate: 117.0 MBit/s MCS 14,
    expected throughput: 9.704Mbps (of 1024 kbit/s), authorized: yes, preamble: long, DTIM period: 2,
    beacon interval:100"."""
    station = dumped("wlan1")

    assert (48, 3497, 1022, 39, 9, -30, -30, 11, 9937) == tuple(
        station[f"NL80211_STA_INFO_{name}"]
        for name in (
            "INACTIVE_TIME", "RX_BYTES", "TX_BYTES64", "RX_PACKETS", "TX_PACKETS", "SIGNAL", "BEACON_SIGNAL_AVG",
            "BEACON_RX", "EXPECTED_THROUGHPUT",
        )
    )  # fmt: skip
    assert {
        "NL80211_RATE_INFO_BITRATE32": 1170,
        "NL80211_RATE_INFO_BITRATE": 1170,
        "NL80211_RATE_INFO_MCS": 14,
    } == station["NL80211_STA_INFO_TX_BITRATE"]
    assert ["AUTHORIZED", "WME", "AUTHENTICATED", "ASSOCIATED"] == short(
        station["NL80211_STA_INFO_STA_FLAGS"]["set"], "STA_FLAG"
    )
    assert {
        "NL80211_STA_BSS_PARAM_SHORT_SLOT_TIME": True,
        "NL80211_STA_BSS_PARAM_DTIM_PERIOD": 2,
        "NL80211_STA_BSS_PARAM_BEACON_INTERVAL": 100,
    } == station["NL80211_STA_INFO_BSS_PARAM"]
    assert "SHORT_PREAMBLE" in short(dumped("wlan0")["NL80211_STA_INFO_STA_FLAGS"]["set"], "STA_FLAG")


def test_joining() -> None:
    """wpa_supplicant: open authentication, then association with the elements of WPA2; iw: "connected to"."""
    (authenticate, *_) = requests(CONNECT, "nl80211", cmd="NL80211_CMD_AUTHENTICATE")
    (associate, *_) = requests(CONNECT, "nl80211", cmd="NL80211_CMD_ASSOCIATE")
    connected = next(iter(messages(CONNECT, "nl80211", "notification", cmd="NL80211_CMD_CONNECT")))

    assert "wlan1 02:00:00:00:00:00 ssid nldissect freq 2412 MHz auth open_system" == line(authenticate)
    assert ["NL80211_WPA_VERSION_2"] == value(associate, "NL80211_ATTR_WPA_VERSIONS")
    assert ["WLAN_AKM_SUITE_PSK"] == value(associate, "NL80211_ATTR_AKM_SUITES")
    assert ["WLAN_CIPHER_SUITE_CCMP"] == value(associate, "NL80211_ATTR_CIPHER_SUITES_PAIRWISE")
    assert ["WLAN_AKM_SUITE_PSK"] == value(associate, "NL80211_ATTR_IE")["WLAN_EID_RSN"]["akm_suites"]
    assert "wlan1 phy#1 02:00:00:00:00:00 ssid nldissect status success" == line(connected)


def test_keys_are_masked() -> None:
    """Pairwise and group keys of both sides, and what a radio needs to renew them."""
    keys = requests(CONNECT, "nl80211", cmd="NL80211_CMD_NEW_KEY")
    (rekey, *_) = requests(CONNECT, "nl80211", cmd="NL80211_CMD_SET_REKEY_OFFLOAD")

    assert {"secret"} == {name for one in keys for name in value(one, "NL80211_KEY_DATA")}
    assert {"WLAN_CIPHER_SUITE_CCMP"} == {value(one, "NL80211_KEY_CIPHER") for one in keys}
    assert "wlan1 02:00:00:00:00:00 key 0 ccmp" in [line(one) for one in keys]
    assert {"secret": 16} == value(rekey, "NL80211_REKEY_DATA_KEK")


def test_handshake() -> None:
    """The four messages of the handshake go through the control port: EAPOL from and to user space; what the radio
    reports as sent begins with an Ethernet header."""
    sent = requests(CONNECT, "nl80211", cmd="NL80211_CMD_CONTROL_PORT_FRAME")
    status = messages(CONNECT, "nl80211", "notification", cmd="NL80211_CMD_CONTROL_PORT_FRAME_TX_STATUS")
    first, report = (one.find("NL80211_ATTR_FRAME") for one in (sent[0], status[0]))

    assert first is not None and report is not None
    assert "EAPOL" == type(first.kind.opened(first.value)).__name__  # type: ignore[attr-defined]
    ethernet = report.kind.opened(report.value)  # type: ignore[attr-defined]
    assert ("02:00:00:00:01:00", "02:00:00:00:00:00", 0x888E) == (ethernet.dst, ethernet.src, ethernet.type)
    assert "ETH_P_PAE" == value(sent[0], "NL80211_ATTR_CONTROL_PORT_ETHERTYPE")
    assert "acked cookie" in line(status[0])


def test_leaving() -> None:
    """iw event: "disconnected (local request) reason: 3: Deauthenticated because sending station is leaving"."""
    gone = next(iter(messages(CONNECT, "nl80211", "notification", cmd="NL80211_CMD_DISCONNECT")))

    assert "wlan1 phy#1 reason deauth_leaving" == line(gone)
    assert "WLAN_REASON_DEAUTH_LEAVING" == value(gone, "NL80211_ATTR_REASON_CODE")


def test_mesh() -> None:
    """iw: "mesh_retry_timeout = 100 milliseconds, mesh_max_peer_links = 32, mesh_rssi_threshold = 0 dBm,
    mesh_power_mode = active, mesh_plink_timeout = 1800 seconds"; before the first the kernel puts the interface's index
    under the number of mesh_holding_timeout, which is 100 milliseconds."""
    (told,) = replies(MESH, "nl80211", cmd="NL80211_CMD_GET_MESH_CONFIG")
    (peer, *_) = replies(MESH, "nl80211", cmd="NL80211_CMD_NEW_STATION")
    (change,) = requests(MESH, "nl80211", cmd="NL80211_CMD_SET_MESH_CONFIG")
    config = value(told, "NL80211_ATTR_MESH_CONFIG")

    assert (100, [2, 100], 32, 0, "NL80211_MESH_POWER_ACTIVE", 1800, 3) == tuple(
        config[f"NL80211_MESHCONF_{name}"]
        for name in (
            "RETRY_TIMEOUT", "HOLDING_TIMEOUT", "MAX_PEER_LINKS", "RSSI_THRESHOLD", "POWER_MODE", "PLINK_TIMEOUT",
            "HT_OPMODE",
        )
    )  # fmt: skip
    assert {"NL80211_MESHCONF_HWMP_ROOTMODE": "IEEE80211_ROOTMODE_PROACTIVE_PREQ_NO_PREP"} == value(
        change, "NL80211_ATTR_MESH_CONFIG"
    )
    assert "NL80211_PLINK_ESTAB" == value(peer, "NL80211_STA_INFO_PLINK_STATE")


def test_mesh_joined() -> None:
    """iw dev wlan0 mesh join nldissect freq 2412 basic-rates 6,12,24; iw dev wlan1 mpath new ... next_hop ..."""
    (join, _) = requests(MESH, "nl80211", cmd="NL80211_CMD_JOIN_MESH")
    (path, *_) = requests(MESH, "nl80211", cmd="NL80211_CMD_NEW_MPATH")

    assert ("nldissect", 2412) == (value(join, "NL80211_ATTR_MESH_ID"), value(join, "NL80211_ATTR_WIPHY_FREQ"))
    assert [12, 24, 48] == value(join, "NL80211_ATTR_BSS_BASIC_RATES")
    assert line(path).endswith("02:00:00:00:00:00 via 02:00:00:00:00:00")


def test_ad_hoc_network_with_wep() -> None:
    """iw dev wlan1 ibss join nldissect-ibss 2437 fixed-freq 02:00:00:00:00:99 key d:0:6162636465"""
    (join,) = requests(MESH, "nl80211", cmd="NL80211_CMD_JOIN_IBSS")
    (key,) = value(join, "NL80211_ATTR_KEYS").values()

    assert "wlan1 02:00:00:00:00:99 ssid nldissect-ibss freq 2437 MHz width 20_noht key 0 wep40" == line(join)
    assert {"secret": 5} == key["NL80211_KEY_DATA"]
    assert value(join, "NL80211_ATTR_FREQ_FIXED") is True


def test_access_point() -> None:
    """hostapd: an access point on channel 36 with SAE alone, protected management frames required, a beacon that
    Scapy opens and a tail of elements."""
    (start, *_) = requests(AP, "nl80211", cmd="NL80211_CMD_START_AP")

    assert ("nldissect", 100, 2) == tuple(
        value(start, f"NL80211_ATTR_{name}") for name in ("SSID", "BEACON_INTERVAL", "DTIM_PERIOD")
    )
    assert ["WLAN_AKM_SUITE_SAE"] == value(start, "NL80211_ATTR_AKM_SUITES")
    tail = value(start, "NL80211_ATTR_BEACON_TAIL")
    assert ["WLAN_AKM_SUITE_SAE"] == tail["WLAN_EID_RSN"]["akm_suites"]
    assert {"WLAN_RSN_CAPABILITY_MFPR", "WLAN_RSN_CAPABILITY_MFPC"} < set(tail["WLAN_EID_RSN"]["rsn_capabilities"])
    extended = [one["id_extension"] for one in tail["WLAN_EID_EXTENSION"]]
    assert {"WLAN_EID_EXT_HE_CAPABILITY", "WLAN_EID_EXT_HE_OPERATION"} <= set(extended)
    assert {"NL80211_HE_BSS_COLOR_ATTR_COLOR": 5} == value(start, "NL80211_ATTR_HE_BSS_COLOR")
    head = start.find("NL80211_ATTR_BEACON_HEAD")
    assert head is not None
    beacon = head.kind.opened(head.value)[Dot11Beacon]  # type: ignore[attr-defined]
    assert ("nldissect", 100) == (beacon.network_stats()["ssid"], beacon.beacon_interval)


def test_monitor_interface() -> None:
    """iw phy phy0 interface add mon0 type monitor flags fcsfail otherbss; iw dev wlan0 set txpower fixed 1000"""
    asked = requests(AP, "nl80211", cmd="NL80211_CMD_NEW_INTERFACE")[-1]
    power = requests(AP, "nl80211", cmd="NL80211_CMD_SET_WIPHY")[-1]

    assert ("mon0", "NL80211_IFTYPE_MONITOR") == (
        value(asked, "NL80211_ATTR_IFNAME"),
        value(asked, "NL80211_ATTR_IFTYPE"),
    )
    assert {"NL80211_MNTR_FLAG_FCSFAIL": True, "NL80211_MNTR_FLAG_OTHER_BSS": True} == value(
        asked, "NL80211_ATTR_MNTR_FLAGS"
    )
    assert ("NL80211_TX_POWER_FIXED", 1000) == (
        value(power, "NL80211_ATTR_WIPHY_TX_POWER_SETTING"),
        value(power, "NL80211_ATTR_WIPHY_TX_POWER_LEVEL"),
    )
