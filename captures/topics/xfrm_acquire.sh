# IPsec asking for keys (acquire) when traffic meets a policy without a state, and a lifetime that expires.
modprobe xfrm_user; modprobe esp4
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
capture
listen ip xfrm monitor all
ip xfrm policy add src 192.0.2.1 dst 192.0.2.2 dir out tmpl src 192.0.2.1 dst 192.0.2.2 proto esp reqid 1 mode transport
python -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"secret", ("192.0.2.2", 9))'
told acquire
ip xfrm state add src 192.0.2.1 dst 192.0.2.3 proto esp spi 0x1000 mode transport enc 'cbc(aes)' 0x00112233445566778899aabbccddeeff auth 'hmac(sha1)' 0x000102030405060708090a0b0c0d0e0f10111213 limit time-hard 1
told "hard 1"
