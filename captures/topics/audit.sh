# Audit records as a listener of NETLINK_AUDIT's read-log group gets them; nlmon never shows them, so a socket heard these. In the kernel's first namespaces.
modprobe iptable_filter
python "$TOPICS/hear.py" 9 1 $RESULT.pcap >$RESULT.listen &
hearing=$!
told listening
python - <<'PYTHON'
import socket, struct

def audit(kind, body):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9) as connection:
        connection.send(struct.pack("=IHHII", 16 + len(body), kind, 5, 1, 0) + body)
        print(connection.recv(8192).hex())

audit(1001, struct.pack("=10I", 1, 1, 0, 0, 0, 0, 0, 0, 0, 0))  # AUDIT_SET: enabled
audit(1107, b"op=login acct=\"nobody\" exe=\"/bin/login\" res=success\0")  # AUDIT_USER_AVC
audit(1112, b"op=login acct=6E6F20626F6479 addr=192.0.2.1 res=failed\0")  # AUDIT_USER_LOGIN
PYTHON
iptables-legacy -A INPUT -s 192.0.2.7 -j DROP
iptables-legacy -F INPUT
ip link add d0 type dummy
ip link set d0 promisc on
ip link del d0
told "prom=256"
python -c 'import socket, struct; s = socket.socket(16, 3, 9); s.send(struct.pack("=IHHII10I", 56, 1001, 5, 1, 0, 1, *9 * [0])); print(s.recv(99))'
kill $hearing
