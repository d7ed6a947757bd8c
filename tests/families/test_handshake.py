"""The family handshake, as NFS over TLS made the kernel and tlshd(8) talk."""

from __future__ import annotations

from tests.helpers.captures import messages, replies, requests, undecoded, value
from tests.helpers.route_messages import line

CAPTURE = "handshake.pcap"


def test_nothing_is_left_over() -> None:
    assert [] == undecoded(CAPTURE)


def test_both_ends_are_asked_for_their_part() -> None:
    """The kernel calls for tlshd, which takes on the server's end and the client's."""
    called = messages(CAPTURE, "handshake", "notification", cmd="HANDSHAKE_CMD_READY")
    asked = requests(CAPTURE, "handshake", cmd="HANDSHAKE_CMD_ACCEPT")
    told = replies(CAPTURE, "handshake", cmd="HANDSHAKE_CMD_ACCEPT")

    assert {"for tlshd"} == {line(one) for one in [*called, *asked]}
    assert ["socket 5 serverhello auth x509", "socket 5 clienthello auth unauth peer 127.0.0.1"] == [
        line(one) for one in told[:2]
    ]


def test_how_it_ended() -> None:
    """tlshd: twice "Handshake with ... was successful", then, without a certificate of the client's, "... failed"."""
    done = requests(CAPTURE, "handshake", cmd="HANDSHAKE_CMD_DONE")
    clients = {
        value(one, "HANDSHAKE_A_ACCEPT_AUTH_MODE")
        for one in replies(CAPTURE, "handshake", HANDSHAKE_A_ACCEPT_MESSAGE_TYPE="HANDSHAKE_MSG_TYPE_CLIENTHELLO")
    }

    assert [0, 0] == [value(one, "HANDSHAKE_A_DONE_STATUS") for one in done[:2]]
    assert {"EIO", "ETIMEDOUT"} == {value(one, "HANDSHAKE_A_DONE_STATUS") for one in done[2:]}
    assert {"HANDSHAKE_AUTH_UNAUTH", "HANDSHAKE_AUTH_X509"} == clients
