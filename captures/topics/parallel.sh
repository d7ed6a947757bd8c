# A thousand requests of eight processes at once, all with the same sequence numbers and port id 0. Process n asks about interface 100 n, but the first about lo, number 1.
capture
python - <<'PYTHON'
import os, socket, struct, time

CAP_ACK, SOL_NETLINK = 10, 270
ready, go = os.pipe()

def child(number):
    connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    connection.setsockopt(SOL_NETLINK, CAP_ACK, 1)
    os.read(ready, 1)
    body = struct.pack("=BxHiII", 0, 0, number, 0, 0)
    for seq in range(1, 126):
        connection.send(struct.pack("=IHHII", 32, 19, 5, seq, 0) + body)
        answer = connection.recv(4096)
        if seq % 2 == 0:
            time.sleep(0.06)  # so that tcpdump, which has room for 128 packets, keeps up
        assert struct.unpack_from("=i", answer, 16)[0] == (0 if number == 1 else -19), answer.hex()
    os._exit(0)

children = []
for number in [1, *range(200, 900, 100)]:
    children.append(os.fork())
    if not children[-1]:
        child(number)
os.write(go, b"x" * 8)
for one in children:
    assert os.waitpid(one, 0)[1] == 0
PYTHON
