# A listener with a tiny buffer: of ten changes only those that fitted were delivered and are seen; the loss itself leaves no message.
ip link add d0 address 02:00:00:00:00:01 type dummy
capture
python - <<'PYTHON'
import errno, os, socket, subprocess

listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
listener.bind((0, 1))
for size in range(1400, 1410):
    subprocess.run(["ip", "link", "set", "d0", "mtu", str(size)], check=True)
listener.setblocking(False)
seen = lost = 0
while True:
    try:
        seen += len(listener.recv(65536)) > 0
    except OSError as error:
        if error.errno != errno.ENOBUFS:
            break
        lost += 1
print("delivered", seen, "and told of loss", lost, "times")
drops = [line.split()[8] for line in open("/proc/net/netlink") if line.split()[2] == str(os.getpid())]
print("drops", drops)
PYTHON
