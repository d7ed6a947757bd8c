"""A medium between simulated Wi-Fi radios (mac80211_hwsim): every frame reaches all other radios, acknowledged.

hwsim_medium.py RADIO ...: their second addresses (42:00:...). Prints a line when it has the medium; until it is ended.
"""

import socket
import struct
import sys

NETLINK_GENERIC, REQUEST, ACK, ERROR = 16, 1, 4, 2
CTRL, GETFAMILY, FAMILY_ID, FAMILY_NAME = 0x10, 3, 1, 2
REGISTER, FRAME, TX_INFO_FRAME = 1, 2, 3
RECEIVER, TRANSMITTER, DATA, FLAGS, RX_RATE, SIGNAL, TX_INFO, COOKIE, FREQ = 1, 2, 3, 4, 5, 6, 7, 8, 19
STAT_ACK, DBM = 4, -42


def attribute(number: int, payload: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(payload), number) + payload + bytes(-len(payload) % 4)


def send(family: int, command: int, *attributes: bytes, flags: int = 0) -> None:
    body = struct.pack("=BBH", command, 1, 0) + b"".join(attributes)
    connection.send(struct.pack("=IHHII", 16 + len(body), family, REQUEST | flags, 1, 0) + body)


def attributes_of(data: bytes) -> dict[int, bytes]:
    found, at = {}, 0
    while at + 4 <= len(data):
        length, number = struct.unpack_from("=HH", data, at)
        found[number & 0x3FFF] = data[at + 4 : at + length]
        at += length + 3 & ~3
    return found


def carry(sent: dict[int, bytes]) -> None:
    """One frame from its sender to the others, and the sender's report."""
    signal = struct.pack("=i", DBM)
    for radio in radios:
        if radio != sent[TRANSMITTER]:
            parts = (RECEIVER, radio), (DATA, sent[DATA]), (RX_RATE, bytes(4)), (SIGNAL, signal), (FREQ, sent[FREQ])
            send(hwsim, FRAME, *(attribute(*part) for part in parts))
    flags = struct.pack("=I", struct.unpack("=I", sent[FLAGS])[0] | STAT_ACK)
    parts = (TRANSMITTER, sent[TRANSMITTER]), (FLAGS, flags), (SIGNAL, signal), (TX_INFO, sent[TX_INFO])
    send(hwsim, TX_INFO_FRAME, *(attribute(*part) for part in parts), attribute(COOKIE, sent[COOKIE]))


radios = [bytes.fromhex(text.replace(":", "")) for text in sys.argv[1:]]
connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
send(CTRL, GETFAMILY, attribute(FAMILY_NAME, b"MAC80211_HWSIM\0"))
hwsim = struct.unpack("=H", attributes_of(connection.recv(65536)[20:])[FAMILY_ID])[0]
send(hwsim, REGISTER, flags=ACK)
connection.recv(65536)
print("registered", flush=True)
while True:
    message = connection.recv(65536)
    if struct.unpack_from("=HxxxxxxxxxxB", message, 4) == (hwsim, FRAME):
        carry(attributes_of(message[20:]))
