# Routing tables asked about single addresses (NETLINK_FIB_LOOKUP): found, unreachable, a local one, none at all. The kernel answers in the message itself.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
ip route add 198.51.100.0/24 via 192.0.2.2
ip route add unreachable 203.0.113.0/24
capture
python - <<'PYTHON'
import socket, struct

def ask(address, table, mark=0):
    """struct fib_result_nl: address, mark, tos, scope, table, then what the kernel fills in."""
    body = socket.inet_aton(address) + struct.pack("=IBBB5Bi", mark, 0, 0, table, 0, 0, 0, 0, 0, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 10) as connection:
        connection.send(struct.pack("=IHHII", 16 + len(body), 0, 1, 1, 0) + body)
        print(address, table, connection.recv(100)[16:].hex())

ask("198.51.100.7", 254)
ask("203.0.113.7", 254)
ask("192.0.2.1", 255, 9)
ask("8.8.8.8", 254)
ask("192.0.2.1", 7)
PYTHON
