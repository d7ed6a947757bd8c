# MACsec with extended packet numbers: salts and short identifiers beside the keys, numbers of 64 bits.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip link add link d0 name macsec0 type macsec port 11 encrypt on cipher gcm-aes-xpn-128
capture 'link[14:2] == 16'
ip macsec add macsec0 tx sa 2 xpn 4294967297 salt 0102030405060708090a0b0c ssci 7 on key 0a 000102030405060708090a0b0c0d0e0f
ip macsec add macsec0 rx port 22 address 02:00:00:00:00:22 on
ip macsec add macsec0 rx port 22 address 02:00:00:00:00:22 sa 1 xpn 100 salt 0c0b0a090807060504030201 ssci 9 on key 0b 0f0e0d0c0b0a09080706050403020100
ip macsec show
fails ip macsec offload macsec0 phy
