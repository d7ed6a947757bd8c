# Three sockets dump at the same time with one sequence number and port id 0, two of them links; a fourth asks for one link in between. An address is added.
ip link add d0 address 02:00:00:00:00:01 type dummy
seq -f "address add 10.0.%g.1/24 dev d0" 120 | ip -batch -
capture
python - <<'PYTHON'
import socket, struct, subprocess

def dump(kind, body):
    connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    connection.bind((0, 0))
    connection.send(struct.pack("=IHHII", 16 + len(body), kind, 0x301, 7, 0) + body)
    return connection

links = struct.pack("=BxHiII", 0, 0, 0, 0, 0)
open_ = [dump(18, links), dump(22, struct.pack("=BBBBi", 2, 0, 0, 0, 0)), dump(18, links)]
print("ports", [one.getsockname()[0] for one in open_])
other = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
open_[1].recv(4096)
other.send(struct.pack("=IHHII", 32, 18, 1, 7, 0) + struct.pack("=BxHiII", 0, 0, 1, 0, 0))
print("a port", other.getsockname()[0])
subprocess.run(["ip", "address", "add", "10.1.0.1/24", "dev", "d0"], check=True)
while open_:
    for one in list(open_):
        if struct.unpack_from("=H", one.recv(4096), 4)[0] == 3:
            open_.remove(one)
PYTHON
