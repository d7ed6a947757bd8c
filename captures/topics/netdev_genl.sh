# The generic family netdev: devices with their XDP features, queues, NAPI instances, page pools.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link add v0 address 02:00:00:00:00:02 numrxqueues 2 type veth peer name v1
ip link set v0 up
capture
python - <<'PYTHON'
import socket, struct

connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
connection.settimeout(5)

def ask(kind, flags, command, attributes=b""):
    body = struct.pack("=BBH", command, 1, 0) + attributes
    connection.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 7, 0) + body)
    answer = connection.recv(65536)
    while flags & 0x300 and struct.unpack_from("=H", answer, 4)[0] > 3 and struct.pack("=IHHI", 20, 3, 2, 7) not in answer:
        answer = connection.recv(65536)
    return answer

name = struct.pack("=HH", 11, 2) + b"netdev\0\0"
answer = ask(16, 1, 3, name)
family = struct.unpack_from("=H", answer, answer.index(struct.pack("=HH", 6, 1)) + 4)[0]
index = socket.if_nametoindex("v0")
print(ask(family, 1, 1, struct.pack("=HHI", 8, 1, index)).hex())  # DEV_GET
print(ask(family, 0x301, 1).hex())
print(ask(family, 0x301, 10, struct.pack("=HHI", 8, 2, index)).hex())  # QUEUE_GET
print(ask(family, 0x301, 11, struct.pack("=HHI", 8, 1, index)).hex())  # NAPI_GET
print(ask(family, 0x301, 12).hex())  # QSTATS_GET
PYTHON
