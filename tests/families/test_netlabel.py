"""NetLabel's four families on real bytes: what netlabelctl(8) asked and printed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.captures import rebuilt, replies, requests, undecoded
from tests.helpers.route_messages import attrs, frames, line

CAPTURE = "netlabel.pcap"


def told(family: str) -> list[dict[str, Any]]:
    """The attributes of every answer of a family."""
    return [attrs(one) for one in replies(CAPTURE, family)]


def test_whole() -> None:
    assert [] == undecoded(CAPTURE)
    assert list(frames(CAPTURE)) == rebuilt(CAPTURE)


def test_management() -> None:
    """netlabelctl mgmt version: 3; protocols: UNLABELED,CIPSOv4,CALIPSO."""
    version, *protocols = told("NLBL_MGMT")[:4]

    assert {"NLBL_MGMT_A_VERSION": 3} == version
    assert ["NETLBL_NLTYPE_UNLABELED", "NETLBL_NLTYPE_CIPSOV4", "NETLBL_NLTYPE_CALIPSO"] == [
        one["NLBL_MGMT_A_PROTOCOL"] for one in protocols
    ]


def test_domains() -> None:
    """map list: domain:"web",address:192.0.2.0/24,protocol:CIPSOv4,9; later domain:"six",address:2001:db8::/32,
    protocol:CALIPSO,16."""
    web, six = (one for one in told("NLBL_MGMT") if "NLBL_MGMT_A_SELECTORLIST" in one)

    assert ("web", "AF_INET") == (web["NLBL_MGMT_A_DOMAIN"], web["NLBL_MGMT_A_FAMILY"])
    assert [
        {
            "NLBL_MGMT_A_IPV4ADDR": "192.0.2.0",
            "NLBL_MGMT_A_IPV4MASK": "255.255.255.0",
            "NLBL_MGMT_A_PROTOCOL": "NETLBL_NLTYPE_CIPSOV4",
            "NLBL_MGMT_A_CV4DOI": 9,
        }
    ] == web["NLBL_MGMT_A_SELECTORLIST"]["NLBL_MGMT_A_ADDRSELECTOR"]
    assert ("2001:db8::", "ffff:ffff::", 16) == tuple(
        six["NLBL_MGMT_A_SELECTORLIST"]["NLBL_MGMT_A_ADDRSELECTOR"][0][f"NLBL_MGMT_A_{name}"]
        for name in ("IPV6ADDR", "IPV6MASK", "CLPDOI")
    )


def test_cipso() -> None:
    """cipsov4 list: 8,TRANSLATED 9,PASS_THROUGH; list doi:8: tags:1 levels:0=0,1=1 categories:0=0."""
    translated, passed, whole = told("NLBL_CIPSOv4")

    assert [(8, "CIPSO_V4_MAP_TRANS"), (9, "CIPSO_V4_MAP_PASS")] == [
        (one["NLBL_CIPSOV4_A_DOI"], one["NLBL_CIPSOV4_A_MTYPE"]) for one in (translated, passed)
    ]
    assert ["CIPSO_V4_TAG_RBITMAP"] == whole["NLBL_CIPSOV4_A_TAGLST"]["NLBL_CIPSOV4_A_TAG"]
    assert [(0, 0), (1, 1)] == [
        (level["NLBL_CIPSOV4_A_MLSLVLLOC"], level["NLBL_CIPSOV4_A_MLSLVLREM"])
        for level in whole["NLBL_CIPSOV4_A_MLSLVLLST"]["NLBL_CIPSOV4_A_MLSLVL"]
    ]
    assert [{"NLBL_CIPSOV4_A_MLSCATLOC": 0, "NLBL_CIPSOV4_A_MLSCATREM": 0}] == whole["NLBL_CIPSOV4_A_MLSCATLST"][
        "NLBL_CIPSOV4_A_MLSCAT"
    ]


def test_calipso() -> None:
    """calipso list: 16,PASS_THROUGH; list doi:16: type:PASS_THROUGH."""
    passed = {"NLBL_CALIPSO_A_MTYPE": "CALIPSO_MAP_PASS"}

    assert [{"NLBL_CALIPSO_A_DOI": 16} | passed, passed] == told("NLBL_CALIPSO")


def test_unlabeled() -> None:
    """unlbl list: accept:on interface:lo,address:192.0.2.0/24,label:"kernel"."""
    assert {"NLBL_UNLABEL_A_ACPTFLG": 1} == told("NLBL_UNLBL")[0]
    assert {
        "NLBL_UNLABEL_A_IFACE": "lo",
        "NLBL_UNLABEL_A_IPV4ADDR": "192.0.2.0",
        "NLBL_UNLABEL_A_IPV4MASK": "255.255.255.0",
        "NLBL_UNLABEL_A_SECCTX": "kernel",
    } == told("NLBL_UNLBL")[-1]


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("NLBL_MGMT", "domain web 192.0.2.0/255.255.255.0 inet protocol cipsov4 doi 9"),
        ("NLBL_CIPSOv4", "doi 77"),
        ("NLBL_CALIPSO", "doi 16 pass"),
        ("NLBL_UNLBL", "lo 192.0.2.0/255.255.255.0 system_u:object_r:netlabel_peer_t:s0"),
    ],
)
def test_lines(family: str, text: str) -> None:
    assert text in [line(one) for one in requests(CAPTURE, family)]
