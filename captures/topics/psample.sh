# Packets sampled by tc to a listener of the generic family psample.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
modprobe psample
tc qdisc add dev d0 clsact
tc filter add dev d0 egress matchall action sample rate 1 group 5 trunc 64
capture
python - <<'PYTHON'
import socket, struct

connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
connection.settimeout(5)
name = struct.pack("=HH", 12, 2) + b"psample\0"
connection.send(struct.pack("=IHHIIBBH", 20 + len(name), 16, 1, 7, 0, 3, 1, 0) + name)
answer = connection.recv(65536)
at = answer.index(struct.pack("=HH", 12, 1) + b"packets\0")
connection.setsockopt(270, 1, struct.unpack_from("=I", answer, at - 4)[0])  # the id stands before the name
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.setsockopt(socket.SOL_SOCKET, 36, 7)  # SO_MARK
for text in (b"first", b"second"):
    udp.sendto(text, ("192.0.2.9", 9))
    print(len(connection.recv(65536)))
PYTHON
