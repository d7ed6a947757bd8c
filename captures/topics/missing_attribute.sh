# Generic requests that lack what the kernel needs: it names the missing attribute's type and, inside a nest, where.
ip link add d0 type dummy
capture
python - <<'PYTHON'
import socket, struct

NETLINK_GENERIC, NETLINK_EXT_ACK, SOL_NETLINK = 16, 11, 270

connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
connection.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)

def ask(kind, command, attributes=b""):
    body = struct.pack("=BBH", command, 1, 0) + attributes
    connection.send(struct.pack("=IHHII", 16 + len(body), kind, 5, 7, 0) + body)
    answer = connection.recv(65536)
    if struct.unpack_from("=H", answer, 4)[0] != 2:
        connection.recv(65536)
    return answer

def attribute(kind, value):
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)

def family(name):
    answer = ask(16, 3, attribute(2, name + b"\0"))
    at = answer.index(struct.pack("=HH", 6, 1))
    return struct.unpack_from("=H", answer, at + 4)[0]

netdev = family(b"netdev")
print(ask(netdev, 1).hex())
print(ask(netdev, 5).hex())
print(ask(netdev, 9).hex())
print(ask(netdev, 9, attribute(1 | 0x8000, b"")).hex())
print(ask(family(b"ethtool"), 4).hex())
print(ask(netdev, 99).hex())
PYTHON
