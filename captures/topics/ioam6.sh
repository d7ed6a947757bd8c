# IOAM: the trace of a packet that came in, told to listeners of the generic family's events.
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
ip link set v0 up
ip link set v1 up
sysctl -q net.ipv6.ioam6_id=7 net.ipv6.conf.v1.ioam6_id=77 net.ipv6.conf.v1.ioam6_enabled=1
ip -6 address add 2001:db8::2/64 dev v1 nodad
ip ioam namespace add 123 data 0xcafe
capture
PYTHONPATH=$TOPICS python - <<'PYTHON'
import socket, struct, time
from families import Family

events = Family("IOAM6")
events.join("ioam6_events")
# Hop-by-hop header: padding, then option 0x31 (IOAM), reserved, type 0 (pre-allocated trace) and its header:
# namespace, nodelen 2 words, remlen 4 words, type bits 0 and 1; room for two nodes
trace = struct.pack("!HHI", 123, 2 << 11 | 4, 0xC0000000) + bytes(16)
option = bytes([0x31, 2 + len(trace), 0, 0]) + trace
header = bytes([58, (4 + len(option)) // 8 - 1, 1, 0]) + option
echo = bytes([128, 0, 0, 0, 0, 1, 0, 1])
source, target = (socket.inet_pton(socket.AF_INET6, one) for one in ("2001:db8::1", "2001:db8::2"))
payload = header + echo
packet = struct.pack("!IHBB", 0x60000000, len(payload), 0, 64) + source + target + payload
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("v0", 0))
raw.send(bytes.fromhex("020000000002 020000000001 86dd") + packet)
print(events.receive().hex())
PYTHON
