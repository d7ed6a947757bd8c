"""A capture made long: its records again and again, later each time, with other sequence numbers and counters.

What no two repetitions share: time, nlmsg_seq, nlmsg_pid (also of the request inside an NLMSG_ERROR), the destination
of routes, the packet and byte counters of links where they are not zero. So nothing is known from having been seen.
Layouts: linux/netlink.h, linux/rtnetlink.h, linux/if_link.h; pcap with microseconds, little-endian, link type 253.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

FILE_HEADER = struct.Struct("<IHHiIII")
RECORD = struct.Struct("<IIII")
NLMSGHDR = struct.Struct("<IHHII")
COOKED = 16  # the header tcpdump puts before the messages: packet type, 824, protocol

NETLINK_ROUTE, NETLINK_KOBJECT_UEVENT = 0, 15
NLMSG_ERROR, RTM_NEWLINK, RTM_DELROUTE, RTM_NEWROUTE = 2, 16, 25, 24
AF_INET, AF_INET6 = 2, 10
IFLA_STATS, IFLA_STATS64, RTA_DST = 7, 23, 1

SEQ_STEP, PID_STEP, PACKETS_STEP, BYTES_STEP = 1_000_003, 1, 137, 11_939


def records(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each record of a pcap file begins and ends."""
    magic, _, _, _, _, _, link_type = FILE_HEADER.unpack_from(data)
    if (magic, link_type) != (0xA1B2C3D4, 253):
        raise ValueError("not a little-endian pcap of link type 253")
    at = FILE_HEADER.size
    while at < len(data):
        end = at + RECORD.size + int(RECORD.unpack_from(data, at)[2])
        yield at, end
        at = end


def attributes(data: bytes | bytearray, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The number of each attribute and where its value begins and ends."""
    while at + 4 <= end:
        length, number = struct.unpack_from("<HH", data, at)
        if length < 4 or at + length > end:
            return
        yield number & 0x3FFF, at + 4, at + length
        at += (length + 3) & ~3


class Base:
    """Records joined from some captures, each beginning a second after the one before, and what of them must change."""

    def __init__(self, captures: list[Path]) -> None:
        self._bytes = bytearray()
        self._ends: list[int] = []
        self._times: list[int] = []
        self._words: list[tuple[int, int]] = []  # place of a u32, what it grows by
        self._longs: list[tuple[int, int]] = []
        self._octets: list[int] = []
        self.header = captures[0].read_bytes()[: FILE_HEADER.size]
        second = 0
        for capture in captures:
            second = self._join(capture.read_bytes(), second)
        first = min(RECORD.unpack_from(self._bytes, at)[0] for at in self._times)
        self._span = second - first
        self.frames = len(self._times)

    def _join(self, data: bytes, second: int) -> int:
        """Take in one capture from that second on; return the first second after it."""
        starts = list(records(data))
        if not starts:
            return second
        first: int = RECORD.unpack_from(data, starts[0][0])[0]
        shift = second - first if second else 0
        last: int = first
        for start, end in starts:
            place = len(self._bytes)
            seconds, fraction, captured, wire = RECORD.unpack_from(data, start)
            last = max(last, seconds)
            self._bytes += RECORD.pack(seconds + shift, fraction, captured, wire) + data[start + RECORD.size : end]
            self._times.append(place)
            self._ends.append(len(self._bytes))
            self._frame(place + RECORD.size, len(self._bytes))
        return last + shift + 1

    def _frame(self, at: int, end: int) -> None:
        if end - at < COOKED:
            return
        (protocol,) = struct.unpack_from(">H", self._bytes, at + 14)
        if protocol == NETLINK_KOBJECT_UEVENT:
            return
        at += COOKED
        while end - at >= NLMSGHDR.size:
            length, kind, *_ = NLMSGHDR.unpack_from(self._bytes, at)
            if length < NLMSGHDR.size:
                return
            self._message(protocol, kind, at, min(at + length, end))
            at += (length + 3) & ~3

    def _message(self, protocol: int, kind: int, at: int, end: int) -> None:
        self._numbers(at)
        if kind == NLMSG_ERROR and end - at >= 36:
            self._numbers(at + 20)
        elif protocol == NETLINK_ROUTE and kind == RTM_NEWLINK:
            for number, value, stop in attributes(self._bytes, at + 32, end):
                if number == IFLA_STATS and stop - value >= 16:
                    self._counters(value, "<I", self._words)
                elif number == IFLA_STATS64 and stop - value >= 32:
                    self._counters(value, "<Q", self._longs)
        elif protocol == NETLINK_ROUTE and kind in (RTM_NEWROUTE, RTM_DELROUTE) and end - at >= 28:
            family, prefix = struct.unpack_from("<BB", self._bytes, at + 16)
            for number, value, stop in attributes(self._bytes, at + 28, end):
                if number == RTA_DST and (family, stop - value) == (AF_INET, 4) and prefix >= 16:
                    self._octets.append(value + 1)
                elif number == RTA_DST and (family, stop - value) == (AF_INET6, 16) and prefix >= 48:
                    self._octets.append(value + 5)

    def _numbers(self, at: int) -> None:
        """nlmsg_seq and nlmsg_pid of the header here; 0 means something of its own and stays."""
        *_, seq, pid = NLMSGHDR.unpack_from(self._bytes, at)
        if seq:
            self._words.append((at + 8, SEQ_STEP))
        if pid:
            self._words.append((at + 12, PID_STEP))

    def _counters(self, at: int, code: str, places: list[tuple[int, int]]) -> None:
        """rx_packets, tx_packets, rx_bytes, tx_bytes: those of an interface that is not idle."""
        size = struct.calcsize(code)
        for index, step in enumerate((PACKETS_STEP, PACKETS_STEP, BYTES_STEP, BYTES_STEP)):
            if struct.unpack_from(code, self._bytes, at + index * size)[0]:
                places.append((at + index * size, step))

    def write(self, path: Path, size: int) -> tuple[int, int]:
        """A capture of about `size` bytes: how many frames it has and how often the base stands in it, the last cut."""
        block = bytearray(self._bytes)
        octets = np.frombuffer(block, np.uint8)
        words = np.ndarray((max(0, len(block) - 3),), "<u4", block, strides=(1,))
        longs = np.ndarray((max(0, len(block) - 7),), "<u8", block, strides=(1,))
        word_places, word_steps = np.array(self._words, np.int64).reshape(-1, 2).T
        long_places, long_steps = np.array(self._longs, np.int64).reshape(-1, 2).T
        octet_places, time_places = np.array(self._octets, np.int64), np.array(self._times, np.int64)
        times = math.ceil((size - FILE_HEADER.size) / len(block))
        left = size - FILE_HEADER.size
        frames = 0
        with path.open("wb") as stream:
            stream.write(self.header)
            for _ in range(times):
                if left < len(block):
                    whole = int(np.searchsorted(self._ends, left, "right"))
                    stream.write(memoryview(block)[: self._ends[whole - 1] if whole else 0])
                    frames += whole
                    break
                stream.write(block)
                left -= len(block)
                frames += self.frames
                words[word_places] += word_steps.astype(np.uint32)
                longs[long_places] += long_steps.astype(np.uint64)
                words[time_places] += np.uint32(self._span)
                octets[octet_places] += np.uint8(1)
        return frames, times
