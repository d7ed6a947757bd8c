# An address dump during which an address is added: the rest of it carries NLM_F_DUMP_INTR.
ip link add d0 address 02:00:00:00:00:01 type dummy
seq -f "address add 10.0.%g.1/24 dev d0" 250 | ip -batch -
capture
python - <<'PYTHON'
import socket, struct, subprocess

connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
connection.send(struct.pack("=IHHIIBBBBi", 24, 22, 0x301, 7, 0, 2, 0, 0, 0, 0))
part = connection.recv(4096)
subprocess.run(["ip", "address", "add", "10.1.0.1/24", "dev", "d0"], check=True)
flags = []
while struct.unpack_from("=H", part, 4)[0] != 3:
    flags.append(struct.unpack_from("=H", part, 6)[0])
    part = connection.recv(4096)
print("flags of the parts:", [hex(flag) for flag in flags])
assert any(flag & 0x10 for flag in flags)
PYTHON
