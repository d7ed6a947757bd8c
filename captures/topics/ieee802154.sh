# IEEE 802.15.4: simulated radios, their capabilities and interfaces; a setting changed. In the kernel's first namespaces.
modprobe fakelb numlbs=2
capture
iwpan phy
iwpan dev
iwpan dev wpan0 set pan_id 0xbeef
iwpan dev wpan0 set short_addr 0x0001
iwpan dev wpan0 info
ip -d link show dev wpan0
ip link add link wpan0 name lowpan0 type lowpan
ip link del lowpan0
rmmod fakelb
