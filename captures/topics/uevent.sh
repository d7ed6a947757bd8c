# Device events of the kernel (NETLINK_KOBJECT_UEVENT group 1). nlmon never shows them: a socket heard these, and wrote the cooked header itself.
python "$TOPICS/hear.py" 15 1 $RESULT.pcap >$RESULT.listen &
told listening
echo add > /sys/class/net/lo/uevent
echo "change 12345678-1234-1234-1234-123456789abc A=1 B=two" > /sys/class/net/lo/uevent
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 name renamed
ip link del renamed
told "remove.*renamed"
kill $!
