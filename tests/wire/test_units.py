"""Durations, times, rates, temperatures as people read them; programs keep the numbers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nldissect.wire.units import brief_measure, measured
from tests.helpers.captures import messages, value
from tests.helpers.paths import CAPTURES


@pytest.mark.parametrize(
    ("number", "measure", "whole", "brief"),
    [
        (160, "ms", "160 ms", "160 ms"),
        (1500, "ms", "1500 ms (1.5 s)", "1500 ms"),
        (0, "us", "0 us", "0 us"),
        (157299, "us", "157299 us (157.299 ms)", "157299 us"),
        (900, "s", "900 s (15min)", "900 s"),
        (119, "s", "119 s", "119 s"),
        (93784, "s", "93784 s (1d 2h)", "93784 s"),
        (0xFFFFFFFF, "s", "4294967295 s (forever)", "forever"),
        (30000, "clock_t", "30000 (5min)", "5min"),
        (0, "clock_t", "0", "0 s"),
        (199, "clock_t", "199 (1.99 s)", "1.99 s"),
        (-5, "clock_t", "-5 (-50 ms)", "-50 ms"),
        (-30000, "clock_t", "-30000 (-5min)", "-5min"),
        (1763930784, "time", "1763930784 (2025-11-23 20:46:24 UTC)", "2025-11-23 20:46:24 UTC"),
        (0, "time", "0", "0"),
        (1 << 63, "time", str(1 << 63), str(1 << 63)),
        (1763930784 * 10**9 + 5, "time_ns", "1763930784000000005 (2025-11-23 20:46:24 UTC)", "2025-11-23 20:46:24 UTC"),
        (105250, "m°C", "105250 (105.25 °C)", "105.25 °C"),
        (-5250, "m°C", "-5250 (-5.25 °C)", "-5.25 °C"),
        (1250000, "B/s", "1250000 (10 Mbit/s)", "10 Mbit/s"),
        (0xFFFFFFFF, "B/s", "4294967295", "4294967295"),
        ((1 << 64) - 1, "B/s", "18446744073709551615 (unlimited)", "unlimited"),
        (10000, "Mbit/s", "10000 (10 Gbit/s)", "10 Gbit/s"),
        (500000, "bit/s", "500000 (500 kbit/s)", "500 kbit/s"),
        ((1 << 64) - 1, "limit", "18446744073709551615 (unlimited)", "unlimited"),
        (512, "limit", "512", "512"),
        (2437, "MHz", "2437 MHz", "2437 MHz"),
        (5170000, "kHz", "5170000 kHz (5170 MHz)", "5170 MHz"),
        (0, "kHz", "0 kHz", "0 kHz"),
        (-3050, "mBm", "-3050 mBm (-30.5 dBm)", "-30.5 dBm"),
        (600, "mBi", "600 mBi (6 dBi)", "6 dBi"),
        (-30, "dBm", "-30 dBm", "-30 dBm"),
        (100, "TU", "100 TU (102.4 ms)", "102.4 ms"),
        (540, "100 kbit/s", "540 (54 Mbit/s)", "54 Mbit/s"),
        (1000, "Mb/s", "1000 Mb/s", "1000 Mb/s"),
    ],
)
def test_numbers(number: int, measure: str, whole: str, brief: str) -> None:
    assert (whole, brief) == (measured(number, measure), brief_measure(number, measure))


def tree(name: str, wanted: str) -> set[str]:
    """What `read -V` says of a field."""
    command = [sys.executable, "-m", "nldissect", "read", "-V", str(CAPTURES / name)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.partition(": ")[2] for line in lines if wanted in line and ": " in line}


def test_trees() -> None:
    """Of a bridge: ageing in USER_HZ; of addresses: lifetimes in seconds; of a mesh: milliseconds."""
    assert "30000 (5min)" in tree("bridge.pcap", "IFLA_BR_AGEING_TIME")
    assert "4294967295 s (forever)" in tree("addr.pcap", "ifa_valid")
    assert "2000 ms (2 s)" in tree("batadv.pcap", "BATADV_ATTR_ORIG_INTERVAL")


def test_trees_of_radios_and_connections() -> None:
    """What iw shows as "beacon interval: 100 TUs" and "signal: -30.00 dBm"; nfct's "established:100" seconds."""
    assert {"100 TU (102.4 ms)"} == tree("wifi_scan.pcap", "NL80211_BSS_BEACON_INTERVAL")
    assert "-3000 mBm (-30 dBm)" in tree("wifi_scan.pcap", "NL80211_BSS_SIGNAL_MBM")
    assert "100 s" in tree("ct_timeout.pcap", "CTA_TIMEOUT_TCP_ESTABLISHED")


def test_programs_keep_the_number() -> None:
    (mesh, *_) = messages("batadv.pcap", "batadv", cmd="BATADV_CMD_SET_MESH")

    assert 2000 == value(mesh, "BATADV_ATTR_ORIG_INTERVAL")
