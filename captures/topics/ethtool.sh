# ethtool over netlink on a veth and a dummy: string sets, link, features, channels, timestamping, statistics, changes, and much that such devices refuse.
ip link add left address 02:00:00:00:00:01 type veth peer name right address 02:00:00:00:00:02
ip link add d0 address 02:00:00:00:00:03 type dummy
ip link set left up
ip link set right up
capture
ethtool left
ethtool -k left
ethtool -K left tso off gro on
ethtool -L left rx 1
ethtool -l left
ethtool -T d0
ethtool -P left
ethtool -S left --all-groups
fails ethtool -g left
fails ethtool -c left
fails ethtool -a left
fails ethtool --show-eee d0
fails ethtool --show-fec d0
fails ethtool --show-priv-flags left
fails ethtool -s d0 wol g
fails ethtool nosuch
