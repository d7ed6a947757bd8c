# B.A.T.M.A.N. advanced: two meshes that meet over a pair of links: originators, neighbours, clients, gateways, a throughput test.
modprobe batman-adv
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
ip link set v0 up
ip link set v1 up
for side in 0 1; do
    ip link add bat$side address 02:00:00:00:01:0$side type batadv
    ip link set v$side master bat$side
    ip link set bat$side up
done
batctl meshif bat1 gw_mode server 10000/2000
batctl meshif bat0 gw_mode client
for _ in $(seq 20); do
    sleep 1
    batctl meshif bat0 gwl -H | grep -q 02 && batctl meshif bat0 transglobal -H | grep -q 01:01 && break
done
capture
batctl meshif bat0 originators
batctl meshif bat0 neighbors
batctl meshif bat0 transglobal
batctl meshif bat0 gwl
batctl meshif bat0 mcast_flags_json
batctl meshif bat0 throughputmeter -t 300 02:00:00:00:00:02
batctl routing_algo
batctl meshif bat0 isolation_mark 0x10/0xff
batctl meshif bat0 hop_penalty 40
