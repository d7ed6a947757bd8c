# Five processes ask about neighbours at once, with three sequence numbers and port id 0 or their own, and hear of all changes. Each asks about an interface of its own only; some changes ask for no answer.
for n in 1 2 3 4 5; do
    ip link add d$n type dummy
    ip link set d$n up
    ip neighbour add 10.0.$n.1 lladdr 02:00:00:00:00:0$n dev d$n nud permanent
done
capture
python - <<'PYTHON'
import os, random, socket, struct, time

RTMGRP_NEIGH, DUMP, ACK, CREATE = 4, 0x300, 4, 0x500
ready, go = os.pipe()

def child(number):
    chance, index = random.Random(number), socket.if_nametoindex(f"d{number}")
    connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    connection.bind((0, RTMGRP_NEIGH if number % 2 else 0))
    port = connection.getsockname()[0]
    os.read(ready, 1)
    for _ in range(30):
        what = chance.choice(("get", "refused", "change", "quiet", "dump"))
        kind, flags = {"get": (30, 0), "refused": (30, 0), "change": (28, CREATE | ACK), "quiet": (28, CREATE), "dump": (30, DUMP)}[what]
        address = struct.pack("=HH4B", 8, 1, 10, 0, number, 2 if what == "refused" else 1)
        body = struct.pack("=BxxxiHBB", 2, index, 0x80 if kind == 28 else 0, 0, 0) + address
        if kind == 28:
            body += struct.pack("=HH6Bxx", 10, 2, 2, 0, 0, 0, chance.randrange(256), number)
        if what == "dump":
            body = struct.pack("=BxxxiHBB", 2, index, 0, 0, 0) + struct.pack("=HHI", 8, 8, index)
        header = struct.pack("=IHHII", 16 + len(body), kind, 1 | flags, chance.randrange(1, 4), port if number == 2 else 0)
        connection.send(header + body)
        waiting = what != "quiet"
        time.sleep(chance.random() * 0.05)  # so that tcpdump, which has room for 128 packets, keeps up
        while waiting:
            data = connection.recv(16384)
            while data:
                length, kind, _, _, owner = struct.unpack_from("=IHHII", data)
                waiting &= owner != port or kind not in ((28, 2) if what == "get" else (2, 3))
                data = data[length + 3 & ~3 :]
    os._exit(0)

children = []
for number in range(1, 6):
    children.append(os.fork())
    if not children[-1]:
        child(number)
os.write(go, b"x" * 5)
for one in children:
    assert os.waitpid(one, 0)[1] == 0
PYTHON
