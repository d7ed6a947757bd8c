# Bonds in active-backup, 802.3ad and balance-xor modes, with slaves.
modprobe bonding max_bonds=0
ip link add s1 address 02:00:00:00:00:01 type dummy
ip link add s2 address 02:00:00:00:00:02 type dummy
ip link add s3 address 02:00:00:00:00:03 type dummy
capture
ip link add bond1 type bond mode active-backup miimon 10 updelay 20 downdelay 40 fail_over_mac active primary_reselect better num_grat_arp 3
ip link set s1 master bond1
ip link set s2 master bond1
ip link set bond1 up
ip link set bond1 type bond primary s1
until grep -q up /sys/class/net/s2/bonding_slave/mii_status; do sleep 0.02; done
ip link set bond1 type bond active_slave s2
ip link set s1 type bond_slave queue_id 3 prio 10
ip -d link show dev bond1
ip -d link show dev s1
ip link add bond2 type bond mode 802.3ad lacp_rate fast ad_select bandwidth ad_actor_sys_prio 100 ad_user_port_key 7 xmit_hash_policy layer3+4 min_links 1
ip link set s3 master bond2
ip -d link show dev bond2
ip -d link show dev s3
ip link add bond3 type bond mode balance-xor arp_interval 500 arp_ip_target 192.0.2.1,192.0.2.2 ns_ip6_target 2001:db8::1 arp_validate none arp_all_targets all
ip -d link show dev bond3
