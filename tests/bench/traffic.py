"""The traffic of the big captures: shell scripts for user-mode-linux, recorded by tcpdump on nlmon."""

from __future__ import annotations

import re
from pathlib import Path

import kernel

RECORD = """
set -e
ip link add nlmon0 type nlmon
ip link set nlmon0 up
tcpdump -i nlmon0 -B 65536 -s 0 -U -Z root -w $RESULT.pcap 2>$RESULT.tcpdump &
tcpdump=$!
until grep -qs listening $RESULT.tcpdump; do sleep 0.02; done
"""

FINISH = """
sleep 2
kill -INT $tcpdump
wait $tcpdump
"""

# Rounds of: 560 routes of many shapes added and told of (every 16th addition fails), a full dump, half replaced, the
# failures asked for again, a dump by table, all deleted. `ip monitor` and the acks make each change three packets.
ROUTES = """
for n in 1 2 3 4; do
    ip link add d$n type dummy
    ip address add 192.0.2.$n/28 dev d$n noprefixroute
    ip address add 2001:db8:$n::1/64 dev d$n nodad
    ip link set d$n up
    ip route add 198.51.100.$((n * 16))/28 dev d$n
done
ip nexthop add id 1 via 198.51.100.17 dev d1
ip nexthop add id 2 via 198.51.100.33 dev d2
ip nexthop add id 3 group 1,10/2,20
ip nexthop add id 4 via 2001:db8:3::9 dev d3

batch() {
    awk -v verb=$1 -v round=$2 -v every=$3 'BEGIN {
        for (n = 0; n < 560; n++) {
            if (n % every) continue
            four = "10." round "." n % 256 "." int(n / 256) * 64 "/26"
            six = sprintf("2001:db8:%x:%x::/64", 256 + round, n)
            shape = n % 16
            if (shape < 3) r = four " via 198.51.100.17 dev d1"
            else if (shape == 3) r = four " via 198.51.100.34 dev d2 metric " 100 + n " proto bgp"
            else if (shape == 4) r = four " via 198.51.100.18 dev d1 mtu 1400 advmss 1360 rto_min 40ms proto static"
            else if (shape == 5) r = four " nexthop via 198.51.100.17 dev d1 nexthop via 198.51.100.33 dev d2 weight 5"
            else if (shape == 6) r = four " nhid 3"
            else if (shape == 7) r = "blackhole " four " table " 100 + round
            else if (shape == 8) r = four " dev d3 scope link src 192.0.2.3 table 77 proto ospf"
            else if (shape == 9) r = four " via inet6 2001:db8:2::5 dev d2"
            else if (shape < 12) r = six " via 2001:db8:1::9 dev d1 metric " 50 + n
            else if (shape == 12) r = six " nexthop via 2001:db8:1::9 dev d1 weight 2 nexthop via 2001:db8:2::9 dev d2"
            else if (shape == 13) r = six " nhid 4 proto bgp"
            else if (shape == 14) r = "unreachable " six " table " 100 + round
            else r = "172.16." n % 256 ".0/24 via 203.0.113.1 dev d4"
            print "route " verb " " r
        }
    }'
}

ip monitor route nexthop >/dev/null &
monitor=$!
sleep 0.3
for round in 1 2 3 4; do
    batch add $round 1 | ip -force -batch - >/dev/null 2>&1 || true
    ip route show table all >/dev/null
    ip -6 route show table all >/dev/null
    batch replace $round 2 | ip -force -batch - >/dev/null 2>&1 || true
    batch add $round 3 | ip -force -batch - >/dev/null 2>&1 || true
    ip route show table 77 >/dev/null
    ip route show table all >/dev/null
    batch del $round 1 | ip -force -batch - >/dev/null 2>&1 || true
done
kill $monitor
"""

# 400 interfaces of most kinds a host runs; eight veth pairs lead into another namespace and carry pings between dumps.
LINKS = """
ip netns add far
for n in 1 2 3 4 5 6 7 8; do
    ip link add ve$n type veth peer name eth$n netns far
    ip address add 10.9.$n.1/24 dev ve$n
    ip link set ve$n up
    ip -n far address add 10.9.$n.2/24 dev eth$n
    ip -n far link set eth$n up
done
{
    for n in $(seq 60); do echo link add dummy$n type dummy; echo link set dummy$n up; done
    for n in $(seq 30); do
        echo link add pair$n type veth peer name riap$n
        echo link set pair$n up
        echo link set riap$n up
    done
    for n in $(seq 8); do
        echo link add br$n type bridge vlan_filtering $((n % 2))
        echo link set br$n up
        for port in $(seq 5); do
            echo link add port$n-$port type veth peer name tap$n-$port
            echo link set port$n-$port master br$n up
            echo link set tap$n-$port up
        done
    done
    for n in $(seq 4); do
        echo link add bond$n type bond mode 802.3ad miimon 100
        for port in 1 2; do
            echo link add slave$n-$port type dummy
            echo link set slave$n-$port master bond$n
        done
        echo link set bond$n up
    done
    for n in $(seq 8); do
        for vlan in 10 20 30 40 50 60; do
            echo link add link ve$n name ve$n.$vlan type vlan id $vlan egress-qos-map 1:2 3:4 ingress-qos-map 2:5
            echo link set ve$n.$vlan up
        done
    done
    for n in $(seq 30); do
        echo link add vx$n type vxlan id $((1000 + n)) local 10.9.1.1 remote 10.9.1.2 dstport 4789 dev ve1
        echo link set vx$n up
    done
    for n in $(seq 30); do echo link add link ve2 name mac$n type macvlan mode bridge; echo link set mac$n up; done
    for n in $(seq 10); do echo link add vrf$n type vrf table $((1000 + n)); echo link set vrf$n up; done
    for n in $(seq 10); do echo link set dummy$n master vrf$n; done
    for n in $(seq 8); do echo link add gre$n type gretap local 10.9.1.1 remote 10.9.1.$((10 + n)) key $n; done
    for n in $(seq 8); do echo link add gnv$n type geneve id $n remote 10.9.2.2; done
    for n in $(seq 8); do echo link property add dev dummy$n altname a-long-name-of-interface-$n; done
} | ip -force -batch -
"""

# A reader with a buffer of 4 KiB, as many daemons have, gets two or three links a packet; iproute2 gets 32 KiB.
LINKS_SEEN = """
ip monitor link >/dev/null &
monitor=$!
cat >$RESULT.py <<'END'
import socket, struct, sys
with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as s:
    s.send(struct.pack("=IHHIIBxHiII", 32, 18, 0x301, 1700000000 + int(sys.argv[1]), 0, 0, 0, 0, 0, 0))
    while struct.unpack_from("=H", s.recv(4096), 4)[0] != 3:
        pass
END
for round in 1 2 3 4 5 6; do
    for n in 1 2 3 4 5 6 7 8; do
        ping -q -f -c $((20 * n + round)) -s $((100 * n)) 10.9.$n.2 >/dev/null
    done
    python3 $RESULT.py $round
    [ $((round % 3)) != 0 ] || ip -d -s link show >/dev/null
    for n in $(seq 30); do
        echo link show dev dummy$n
        echo link show dev vx$n
        echo link set pair$n mtu $((1400 + round))
    done | ip -d -s -batch - >/dev/null
    for n in 1 2; do echo link show dev nosuch$n; done | ip -force -batch - 2>/dev/null || true
done
kill $monitor
"""

SCRIPTS = {"routes": RECORD + ROUTES + FINISH, "links": "set -e\n" + LINKS + RECORD + LINKS_SEEN + FINISH}


class LostError(Exception):
    """tcpdump left packets behind, or a script failed: the capture would not be what it says."""


def capture(name: str, folder: Path) -> Path:
    """Run one of the scripts; the capture it made."""
    result = folder / name
    ran = kernel.run(SCRIPTS[name], timeout=400, environment={"RESULT": str(result)})
    path = result.with_suffix(".pcap")
    report = result.with_suffix(".tcpdump").read_text() if path.exists() else ""
    if ran.status != 0 or not report:
        raise LostError(f"{name}: status {ran.status}\n{ran.output[-2000:]}")
    if not re.search(r"^0 packets dropped by kernel", report, re.MULTILINE):
        raise LostError(f"{name}: packets were lost\n{report}")
    return path
