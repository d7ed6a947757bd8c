# Connection tracking expecting a related connection: an FTP session announces its data port, the helper sets up an expectation, the data connection meets it.
modprobe nf_conntrack_netlink; modprobe nf_conntrack_ftp; modprobe iptable_raw; modprobe xt_CT
iptables-legacy -t raw -A OUTPUT -p tcp --dport 21 -j CT --helper ftp
iptables-legacy -A INPUT -m conntrack --ctstate RELATED -j ACCEPT
capture
listen conntrack -E expect
python - <<'PYTHON'
import socket, subprocess

control, data = socket.create_server(("127.0.0.1", 21)), socket.create_server(("127.0.0.1", 8080))
client = socket.create_connection(("127.0.0.1", 21))
server = control.accept()[0]
server.send(b"220 Ready\r\n")
client.recv(99)
client.send(b"PASV\r\n")
server.recv(99)
server.send(b"227 Entering Passive Mode (127,0,0,1,31,144)\r\n")
client.recv(99)
subprocess.run(["conntrack", "-L", "expect"], check=True)
subprocess.run(["conntrack", "-L", "-o", "extended"], check=True)
transfer = socket.create_connection(("127.0.0.1", 8080))
PYTHON
told DESTROY
