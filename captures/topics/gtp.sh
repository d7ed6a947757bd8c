# GTP: a tunnel device made with its own sockets, PDP contexts of both versions added, listed, asked for, deleted.
modprobe gtp
capture
PYTHONPATH=$TOPICS python - <<'PYTHON'
import socket, struct
from families import Family, attribute, u8, u16, u32, u64

route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
data = attribute(3, struct.pack("=I", 16)) + attribute(5, b"\1") + attribute(4, struct.pack("=I", 1))  # hash size, sockets, SGSN
kind = attribute(18, attribute(1, b"gtp") + attribute(2, data))
body = bytes(16) + attribute(3, b"gtp0\0") + kind
route.send(struct.pack("=IHHII", 16 + len(body), 16, 0x605, 1, 0) + body)
print(route.recv(65536).hex())
gtp = Family("gtp")
link = u32(1, socket.if_nametoindex("gtp0"))
ms, peer = socket.inet_aton("10.0.0.1"), socket.inet_aton("192.0.2.9")
print(gtp.ask(0, link + u32(2, 1) + attribute(4, peer) + attribute(5, ms) + u32(8, 100) + u32(9, 200), 0x605).hex())
ms = socket.inet_aton("10.0.0.2")
print(gtp.ask(0, link + u32(2, 0) + attribute(4, peer) + attribute(5, ms) + u64(3, 0x42) + u16(6, 7), 0x605).hex())
ms6 = socket.inet_pton(socket.AF_INET6, "2001:db8:1::")
peer6 = u8(13, 10) + attribute(4, peer) + attribute(12, ms6)
print(gtp.ask(0, link + u32(2, 1) + peer6 + u32(8, 300) + u32(9, 400), 0x605).hex())
print(gtp.ask(2, flags=0x305).hex())
print(gtp.ask(2, link + u32(2, 1) + u32(8, 100)).hex())
print(gtp.ask(1, link + u32(2, 1) + u32(8, 100), 5).hex())
print(gtp.ask(2, link + u32(2, 1) + u32(8, 100), 5).hex())  # refused: it is gone
PYTHON
