# What ethtool --monitor hears when features change.
ip link add left address 02:00:00:00:00:01 type veth peer name right address 02:00:00:00:00:02
capture
listen ethtool --monitor
ethtool -K left tso off
ethtool -K right tx-checksum-ip-generic off
told "Features for right"
