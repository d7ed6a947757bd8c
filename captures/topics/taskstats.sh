# taskstats: accounting of a process and of a thread group on request; listening for exits is refused inside a pid namespace.
capture
python - <<'PYTHON'
import os, socket, struct

connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
connection.settimeout(5)

def ask(kind, command, attributes):
    body = struct.pack("=BBH", command, 1, 0) + attributes
    connection.send(struct.pack("=IHHII", 16 + len(body), kind, 1, 7, 0) + body)

def attribute(kind, value):
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)

ask(16, 3, attribute(2, b"TASKSTATS\0"))
answer = connection.recv(65536)
family = struct.unpack_from("=H", answer, answer.index(struct.pack("=HH", 6, 1)) + 4)[0]
ask(family, 1, attribute(1, struct.pack("=I", os.getpid())))
print("pid", len(connection.recv(65536)))
ask(family, 1, attribute(2, struct.pack("=I", os.getpid())))
print("tgid", len(connection.recv(65536)))
ask(family, 1, attribute(3, b"0\0"))
print("refused", len(connection.recv(65536)))
PYTHON
