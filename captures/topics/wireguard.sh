# WireGuard: two interfaces with private, preshared and public keys shake hands; what they tell of their peers; a peer changed and removed. In Debian's own kernel.
ip link add veth0 type veth peer name veth1
ip netns add far
ip link set veth1 netns far
ip addr add 198.51.100.1/24 dev veth0
ip link set veth0 up
ip netns exec far ip addr add 198.51.100.2/24 dev veth1
ip netns exec far ip link set veth1 up
umask 077
wg genkey >/run/near
wg genkey >/run/far
wg genpsk >/run/shared
ip netns exec far ip link add wg0 type wireguard
ip netns exec far ip addr add 192.0.2.2/24 dev wg0
ip netns exec far wg set wg0 listen-port 51821 private-key /run/far peer $(wg pubkey </run/near) preshared-key /run/shared allowed-ips 192.0.2.1/32
ip netns exec far ip link set wg0 up
ip link add wg0 type wireguard
ip addr add 192.0.2.1/24 dev wg0
capture
wg set wg0 listen-port 51820 fwmark 0x51 private-key /run/near
wg set wg0 peer $(wg pubkey </run/far) preshared-key /run/shared endpoint 198.51.100.2:51821 persistent-keepalive 25 allowed-ips 192.0.2.2/32,2001:db8::/64
ip link set wg0 up
ping -c 1 -W 20 192.0.2.2
wg show wg0
wg show wg0 dump
wg set wg0 peer $(wg pubkey </run/far) persistent-keepalive off allowed-ips 192.0.2.0/24
wg set wg0 peer $(wg pubkey </run/far) remove
fails wg show nosuch
