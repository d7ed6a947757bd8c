# MACsec: the link over rtnetlink, its secure channels and associations over the generic family, keys included.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
capture
ip link add link d0 name macsec0 type macsec port 11 encrypt on cipher gcm-aes-256 window 128 replay on
ip macsec add macsec0 tx sa 0 pn 1 on key 01 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
ip macsec add macsec0 rx port 22 address 02:00:00:00:00:22
ip macsec add macsec0 rx port 22 address 02:00:00:00:00:22 sa 1 pn 100 on key 02 1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100
ip -d link show dev macsec0
ip -s macsec show
ip macsec set macsec0 tx sa 0 pn 500 off
ip macsec set macsec0 rx port 22 address 02:00:00:00:00:22 sa 1 off
ip macsec del macsec0 rx port 22 address 02:00:00:00:00:22 sa 1
