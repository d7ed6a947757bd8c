# CAN: virtual devices, a pair, and gateway jobs between two of them.
modprobe vcan; modprobe vxcan; modprobe can-gw
capture
ip link add vcan0 type vcan
ip link add vcan1 type vcan
ip link add name vx0 type vxcan peer name vx1
ip link set vcan0 mtu 72 up
ip link set vcan1 up
ip -d link show type vcan
cangw -A -s vcan0 -d vcan1 -e -m SET:IL:333.4.1122334455667788
cangw -A -s vcan0 -d vcan1 -f 123:7FF -e
cangw -L || true  # its status is no status
cangw -F
