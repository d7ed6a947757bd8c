"""The traffic of the big captures: shell scripts for user-mode-linux, recorded by tcpdump on nlmon."""

from __future__ import annotations

import re
from pathlib import Path

from tests.helpers import uml_kernel

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

# 400 interfaces of most kinds a host runs; eight veth pairs lead into another namespace.
LINKS = """
CUSTOMERS="the second customer of the ninth rack, behind the switch"
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
    for n in $(seq 8); do
        echo link add gre$n type gretap local 10.9.1.1 remote 10.9.1.$((10 + n)) key $n
        echo link add gnv$n type geneve id $n remote 10.9.2.2
        echo link add ipv$n link ve3 type ipvlan mode l$((n % 2 + 2))
        echo link add tap$n link ve4 type macvtap mode private
        echo link add six$n type ip6gretap local 2001:db8::1 remote 2001:db8::$n
        echo link add can$n type vcan
    done
    for n in $(seq 4); do
        echo link add ipip$n type ipip local 10.9.1.1 remote 10.9.3.$n ttl $((60 + n))
        echo link add sit$n type sit local 10.9.1.1 remote 10.9.4.$n
        echo link add tnl$n type ip6tnl local 2001:db8::1 remote 2001:db8:1::$n
        echo link add vti$n type vti local 10.9.1.1 remote 10.9.5.$n key $n
        echo link add gre4$n type gre local 10.9.1.1 remote 10.9.6.$n
        echo link add vxg$n type vxlan id $((2000 + n)) group 239.1.1.$n dev ve6 dstport 4789 ttl $n
        echo link add vxs$n type vxlan id $((3000 + n)) local 2001:db8::1 remote 2001:db8::$n udp6zerocsumrx
        echo link add sec$n link ve7 type macsec sci $n encrypt on
        echo link add team$n type team
        echo link add hsr$n type hsr slave1 riap$n slave2 riap$((n + 10)) supervision $n
        echo link add mon$n type nlmon
        echo link set dummy$((20 + n)) down
        echo link set dummy$((20 + n)) master team$n
    done
    for n in $(seq 8); do echo link property add dev dummy$n altname a-long-name-of-interface-$n; done
    for n in $(seq 60); do
        [ $((n % 3)) != 0 ] || echo link set dev dummy$n alias \\"$(printf "%.$((2 * n / 3 + 4))s" "$CUSTOMERS")\\"
        [ $((n % 4)) != 0 ] || echo link set dev dummy$n addrgenmode none
        for extra in $(seq $((n % 5))); do echo link property add dev dummy$n altname en$((n * n))x$extra; done
        [ $((n % 6)) != 0 ] || echo link set dev dummy$n group $n mtu $((1400 + n))
        [ $((n % 7)) != 0 ] || echo link set dev dummy$n gso_max_size $((30000 + n)) txqueuelen $n
        [ $((n % 8)) != 0 ] || echo link set dev dummy$n down
        [ $((n % 11)) != 2 ] || echo link set dev dummy$n mtu 900
    done
    for n in $(seq 30); do
        [ $((n % 2)) != 0 ] || echo link set dev pair$n alias \\"$(printf "%.$((n + 3))s" "$CUSTOMERS")\\"
        [ $((n % 10)) != 1 ] || echo link set dev vx$n protodown on protodown_reason $((n % 3)) on
        for extra in $(seq $((n % 4))); do echo link property add dev mac$n altname guest$((n * n))x$extra; done
        [ $((n % 3)) != 1 ] || echo link set dev mac$n alias \\"$(printf "%.$((n + 9))s" "$CUSTOMERS")\\"
        [ $((n % 8)) != 1 ] || echo link set dev mac$n master vrf$((n % 10 + 1))
        [ $((n % 3)) != 0 ] || echo link set dev riap$n netns far
        [ $((n % 4)) != 0 ] || echo link property add dev vx$n altname tunnel-$((n * 7919))
        [ $((n % 3)) != 1 ] || echo link set dev vx$n master br$((n % 8 + 1))
        echo link add link ve8 name src$n type macvlan mode source
        for extra in $(seq $((n % 6))); do
            echo link set link dev src$n type macvlan macaddr add 02:00:00:00:$extra:$n
        done
        [ $((n % 4)) != 1 ] || echo link set dev src$n master vrf$((n % 10 + 1))
        [ $((n % 7)) != 1 ] || echo link set dev src$n alias \\"$(printf "%.$((n / 2 + 3))s" "$CUSTOMERS")\\"
    done
    for n in $(seq 8); do
        map=""
        for level in $(seq $n); do
            map="$map $((level - 1)):$level"
            echo link set dev ve$n.$((level % 6 * 10 + 10)) type vlan ingress-qos-map$map
            [ $((level % 2)) != 0 ] || echo link set dev ve$n.$((level % 6 * 10 + 10)) type vlan egress-qos-map$map
        done
        for vlan in 10 20 30 40 50 60; do
            customer=$(printf "%.$((n * 3 + vlan / 10))s" "$CUSTOMERS")
            [ $(((n + vlan) % 3)) != 0 ] || echo link set dev ve$n.$vlan alias \\"$customer\\"
            [ $((n * vlan % 4)) != 0 ] || echo link property add dev ve$n.$vlan altname vlan$vlan-$((n * vlan * vlan))
        done
        echo link set dev br$n type bridge mcast_snooping $((n % 2)) stp_state $((n / 4 % 2)) ageing_time $((n * 1000))
    done
} | ip -force -batch - >/dev/null 2>&1 || true
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
    python3 $RESULT.py $round
    [ $((round % 3)) != 0 ] || ip -d -s link show >/dev/null
    shown=$(echo dummy vx mac src pair dummy | cut -d " " -f $round)
    for n in $(seq 30); do
        echo link show dev $shown$((n + 30 * (round / 6)))
        echo link set pair$n mtu $((1400 + round))
    done | ip -d -s -batch - >/dev/null
    for n in 1 2; do echo link show dev nosuch$n; done | ip -force -batch - 2>/dev/null || true
done
kill $monitor
"""

# What zebra of FRR puts into a kernel for BGP, next hops by number and in the route, and what `ip route` then prints.
ROUTER = """
for n in 1 2 3 4; do
    ip link add wan$n type dummy
    ip address add 198.51.100.$((n * 64 - 63))/26 dev wan$n
    ip address add 2001:db8:ffff:$n::1/64 dev wan$n nodad
    ip link set wan$n up
done
awk 'BEGIN {
    for (n = 1; n <= 4; n++) {
        print "nexthop add id " 10 + n " via 198.51.100." n * 64 - 62 " dev wan" n " proto zebra"
        print "nexthop add id " 20 + n " via 2001:db8:ffff:" n "::2 dev wan" n " proto zebra"
    }
    print "nexthop add id 31 group 11/12 proto zebra"
    print "nexthop add id 32 group 21/22/23 proto zebra"
    for (n = 0; n < 160; n++) {
        side = n % 4 + 1
        hop = " via 198.51.100." (side * 64 - 62 + n % 16) " dev wan" side
        other = " via 198.51.100." (side % 4 + 1) * 64 - 60 " dev wan" side % 4 + 1
        r = "route add 20." n ".0.0/16 proto bgp"
        if (n % 20 < 12) r = r hop " metric 20"
        else if (n % 20 < 14) r = r " nhid " 10 + side " metric 20"
        else if (n % 20 == 14) r = r " nhid 31 metric 20"
        else if (n % 20 == 15) r = r " metric 20 nexthop" hop " weight 1 nexthop" other " weight 1"
        else if (n % 20 == 16) r = r hop " src 198.51.100.1"
        else if (n % 20 == 17) r = r " via inet6 fe80::" side " dev wan" side " metric 20"
        else if (n % 20 == 18) r = r hop " metric 20 mtu 1400 advmss 1360"
        else r = "route add blackhole 20." n ".0.0/16 proto bgp metric 20"
        print r
    }
    for (n = 0; n < 60; n++) {
        side = n % 4 + 1
        hop = " via 2001:db8:ffff:" side "::" 2 + n % 16 " dev wan" side
        other = " via 2001:db8:ffff:" side % 4 + 1 "::4 dev wan" side % 4 + 1
        r = "route add 2400:" n "::/32 proto bgp"
        if (n % 10 < 6) r = r hop " metric 20"
        else if (n % 10 == 6) r = r " nhid " 20 + side " metric 20"
        else if (n % 10 == 7) r = r " metric 20 nexthop" hop " weight 1 nexthop" other " weight 1"
        else if (n % 10 == 8) r = r " via fe80::" side " dev wan" side " metric 20"
        else r = "route add unreachable 2400:" n "::/32 proto bgp metric 20"
        print r
    }
}' >$RESULT.batch
ip -batch $RESULT.batch
"""

ROUTER_SEEN = """
ip route show >/dev/null
ip -6 route show >/dev/null
"""

# A gateway's flows: TCP in its states, UDP, ICMP and others, IPv6, translated addresses, marks; then listed.
FLOWS = """
modprobe nf_conntrack_netlink
modprobe nf_nat
echo 1 >/proc/sys/net/netfilter/nf_conntrack_acct
awk 'BEGIN {
    split("SYN_SENT SYN_RECV ESTABLISHED ESTABLISHED ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE", state)
    for (n = 0; n < 200; n++) {
        six = n % 5 == 4
        if (six) ends = "-s 2001:db8:" n "::2 -d 2001:db8:ffff::" n + 1
        else ends = "-s 10." n ".1.2 -d 203.0.113." n + 1
        r = "-I " ends " -t " 300 + 1000 * n
        if (n % 10 < 6)
            r = r " -p tcp --sport " 20000 + n " --dport " (n % 3 ? 443 : 8080) " --state " state[n % 10 + 1]
        else if (n % 10 < 9) r = r " -p udp --sport " 30000 + n " --dport " (n % 2 ? 53 : 4500)
        else if (n % 20 == 9) r = r " -p " (six ? "icmpv6 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id " \
            : "icmp --icmp-type 8 --icmp-code 0 --icmp-id ") 1000 + n
        else r = r " -p sctp --sport " 40000 + n " --dport 3868 --state ESTABLISHED --orig-vtag 1 --reply-vtag 2"
        if (n % 4 == 0) r = r " -u ASSURED,SEEN_REPLY"
        if (n % 7 == 0) r = r " -m " n * 4096 + 1
        if (n % 5 < 4 && n % 6 == 0) r = r " --src-nat 198.51.100." n + 1
        print r
    }
}' >$RESULT.flows
"""

FLOWS_SEEN = """
conntrack -L >/dev/null
"""

SCRIPTS = {
    "routes": RECORD + ROUTES + FINISH,
    "links": "set -e\n" + LINKS + RECORD + LINKS_SEEN + FINISH,
    "firewall": "set -e\nnft -f $RESULT.given\n" + RECORD + "nft list ruleset >/dev/null\n" + FINISH,
    "flows": "set -e\n" + FLOWS + "conntrack -R $RESULT.flows\n" + RECORD + FLOWS_SEEN + FINISH,
    "router": "set -e\n" + ROUTER + RECORD + ROUTER_SEEN + FINISH,
}


class LostError(Exception):
    """tcpdump left packets behind, or a script failed: the capture would not be what it says."""


def capture(name: str, folder: Path) -> Path:
    """Run one of the scripts; the capture it made."""
    result = folder / name
    ran = uml_kernel.run(SCRIPTS[name], timeout=400, environment={"RESULT": str(result)})
    path = result.with_suffix(".pcap")
    report = result.with_suffix(".tcpdump").read_text() if path.exists() else ""
    if ran.status != 0 or not report:
        raise LostError(f"{name}: status {ran.status}\n{ran.output[-2000:]}")
    if not re.search(r"^0 packets dropped by kernel", report, re.MULTILINE):
        raise LostError(f"{name}: packets were lost\n{report}")
    return path
