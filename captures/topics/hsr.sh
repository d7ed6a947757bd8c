# HSR and PRP: the links with their slaves, and the nodes of the ring as the generic family lists them.
for side in 1 2; do ip link add a$side address 02:00:00:00:00:0$side type veth peer name b$side address 02:00:00:00:01:0$side; done
ip link add far type hsr slave1 b1 slave2 b2 supervision 45 version 1
for link in a1 a2 b1 b2 far; do ip link set $link up; done
capture
ip link add near type hsr slave1 a1 slave2 a2 supervision 45 version 1
ip link set near up
ip -d link show dev near
python - <<'PYTHON'
import socket, struct, time

connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
connection.settimeout(5)

def ask(kind, command, attributes):
    body = struct.pack("=BBH", command, 1, 0) + attributes
    connection.send(struct.pack("=IHHII", 16 + len(body), kind, 1, 7, 0) + body)
    return connection.recv(65536)

answer = ask(16, 3, struct.pack("=HH", 8, 2) + b"HSR\0")
family = struct.unpack_from("=H", answer, answer.index(struct.pack("=HH", 6, 1)) + 4)[0]
index = struct.pack("=HHI", 8, 2, socket.if_nametoindex("near"))
far = bytes.fromhex("020000000101")
while far not in (nodes := ask(family, 5, index)):  # HSR_C_GET_NODE_LIST
    time.sleep(1)
print(nodes.hex())
print(ask(family, 3, struct.pack("=HH", 10, 1) + far + b"\0\0" + index).hex())  # HSR_C_GET_NODE_STATUS
PYTHON
ip link del near
ip link add prp0 type hsr slave1 a1 slave2 a2 supervision 46 proto 1
ip -d link show dev prp0
