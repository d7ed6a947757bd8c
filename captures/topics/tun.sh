# tun and tap devices made by ioctl: netlink shows their options and their coming and going.
modprobe tun
capture
ip tuntap add name tun0 mode tun user 1000 group 1001 pi
ip tuntap add name tap0 mode tap multi_queue vnet_hdr
ip -d link show type tun
ip tuntap show
ip tuntap del name tun0 mode tun
