# SMC: physical networks by name, identifiers, a connection between two namespaces that falls back to TCP although software RoCE devices are there; devices, statistics, reasons of it. In Debian's own kernel. In the kernel's first namespaces.
modprobe -a smc rdma_rxe
ip netns add far
ip link add veth0 type veth peer name veth1
rdma link add rxe0 type rxe netdev veth0
rdma link add rxe1 type rxe netdev veth1
ip link set veth1 netns far
ip addr add 192.0.2.1/24 dev veth0
ip link set veth0 up
ip netns exec far ip addr add 192.0.2.2/24 dev veth1
ip netns exec far ip link set veth1 up
ip netns exec far ip link set lo up
capture link[14:2] = 16
python3 $TOPICS/genl.py SMC_PNETID 2 1=text:NET1 2=text:veth0
python3 $TOPICS/genl.py SMC_PNETID 2 1=text:NET1 3=text:rxe0 4=u8:1
ip netns exec far python3 $TOPICS/genl.py SMC_PNETID 2 1=text:NET1 2=text:veth1
python3 $TOPICS/genl.py SMC_PNETID 2 1=text:NET1 3=text:rxe1 4=u8:1 || true
python3 $TOPICS/genl.py SMC_PNETID 1 dump
python3 $TOPICS/genl.py SMC_GEN_NETLINK 10 1=hex:$(printf '%-32s' NLDISSECT-TEST | od -An -tx1 | tr -d ' \n')00
python3 $TOPICS/genl.py SMC_GEN_NETLINK 9 dump
python3 $TOPICS/genl.py SMC_GEN_NETLINK 1 dump
ip netns exec far python3 $TOPICS/smc_talk.py listen 192.0.2.2 &
sleep 3
python3 $TOPICS/smc_talk.py connect 192.0.2.2 &
sleep 6
for command in 2 3 4 5 6 7 8 13 16; do python3 $TOPICS/genl.py SMC_GEN_NETLINK $command dump; done
python3 $TOPICS/genl.py SMC_GEN_NETLINK 12
python3 $TOPICS/genl.py SMC_PNETID 4
