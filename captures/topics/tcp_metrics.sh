# The generic family tcp_metrics: what TCP remembers of two peers, one of them with fast open; asked for one and deleted.
ip link set lo up
ip -6 address add 2001:db8::1/128 dev lo nodad
echo 3 > /proc/sys/net/ipv4/tcp_fastopen
capture
python - <<'PYTHON'
import socket

for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "2001:db8::1")):
    server = socket.socket(family, socket.SOCK_STREAM)
    server.bind((address, 8080))
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 5)
    server.listen()
    for _ in "abc":
        client = socket.socket(family, socket.SOCK_STREAM)
        client.sendto(b"x" * 5000, socket.MSG_FASTOPEN, (address, 8080))
        accepted, _ = server.accept()
        accepted.recv(5000)
        accepted.sendall(b"y" * 5000)
        client.recv(5000)
        client.close()
        accepted.close()
PYTHON
sleep 1
ip tcp_metrics show
ip tcp_metrics show 127.0.0.1
ip tcp_metrics delete 127.0.0.1
fails ip tcp_metrics show 192.0.2.7
