# IEEE 802.15.4: simulated radios that hear each other (mac802154_hwsim), a coordinator that sends beacons and one that scans for it, the older interface to the same radios with its keys. In Debian's own kernel. In the kernel's first namespaces.
modprobe mac802154_hwsim
modprobe ieee802154_socket
modprobe -a ccm ctr aes_generic
capture
python3 $TOPICS/genl.py MAC802154_HWSIM 1 dump
python3 $TOPICS/genl.py MAC802154_HWSIM 3
python3 $TOPICS/genl.py MAC802154_HWSIM 8 1=u32:2 2=hex:0800010001000000
python3 $TOPICS/genl.py MAC802154_HWSIM 6 1=u32:2 2=hex:080001000100000005000200c8000000
python3 $TOPICS/genl.py MAC802154_HWSIM 1 dump
iwpan phy phy0 info
iwpan phy phy0 set channel 0 15
iwpan phy phy1 set channel 0 15
iwpan dev wpan0 set pan_id 0xbeef
iwpan dev wpan0 set short_addr 0x0001
python3 $TOPICS/genl.py '802.15.4 MAC' 32 dump
python3 $TOPICS/genl.py '802.15.4 MAC' 31 dump
python3 $TOPICS/genl.py '802.15.4 MAC' 36 1=text:wpan0
fails python3 $TOPICS/genl.py '802.15.4 MAC' 39 1=text:wpan0 43=u8:1 46=u8:7 49=u8:2 48=hex:000102030405060708090a0b0c0d0e0f
python3 $TOPICS/genl.py '802.15.4 MAC' 38 dump
rmmod mac802154_hwsim
