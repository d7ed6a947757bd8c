# The same events as systemd-udevd passes them on (group 2): libudev's header with magic, hashes and bloom filter, then the properties.
mkdir -p /run/udev
/usr/lib/systemd/systemd-udevd --daemon --resolve-names=never
python "$TOPICS/hear.py" 15 2 $RESULT.pcap >$RESULT.listen &
told listening
echo add > /sys/class/net/lo/uevent
told "ACTION=add.*INTERFACE=lo"
ip link add d0 address 02:00:00:00:00:01 type dummy
told "ACTION=add.*INTERFACE=d0"
ip link del d0
told "ACTION=remove.*INTERFACE=d0"
kill $!
