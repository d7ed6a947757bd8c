# Multicast routing: virtual interfaces and forwarding entries, shown and announced; an upcall for an unknown source.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link add d1 address 02:00:00:00:00:02 type dummy
for link in d0 d1; do ip link set $link up; done
ip address add 192.0.2.1/24 dev d0
ip address add 198.51.100.1/24 dev d1
capture
listen ip monitor mroute netconf
python - <<'PYTHON'
import socket, struct, subprocess

MRT_INIT, MRT_ADD_VIF, MRT_ADD_MFC, MRT_DEL_MFC = 200, 202, 204, 205
router = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_IGMP)
router.setsockopt(socket.IPPROTO_IP, MRT_INIT, 1)
for vif, address in enumerate(("192.0.2.1", "198.51.100.1")):
    router.setsockopt(socket.IPPROTO_IP, MRT_ADD_VIF, struct.pack("=HBBI4s4s", vif, 0, 1, 0, socket.inet_aton(address), bytes(4)))
entry = struct.pack("=4s4sH32s2x3Ii", socket.inet_aton("192.0.2.7"), socket.inet_aton("239.1.1.1"), 0, b"\0\1" + bytes(30), 0, 0, 0, 0)
router.setsockopt(socket.IPPROTO_IP, MRT_ADD_MFC, entry)
subprocess.run(["ip", "-s", "mroute", "show"], check=True)
subprocess.run(["ip", "route", "show", "table", "all", "type", "multicast"], check=True)
router.setsockopt(socket.IPPROTO_IP, MRT_DEL_MFC, entry)
PYTHON
told "Deleted.*239.1.1.1"
