# IPsec: states with AEAD, cipher and hash, truncated hash, AH, compression, NAT traversal, marks and if_id; policies; SPI allocation; listed, watched, flushed.
modprobe xfrm_user; modprobe esp4; modprobe esp6; modprobe ah4; modprobe ipcomp; modprobe deflate
capture
listen ip xfrm monitor all
ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1000 reqid 5 mode tunnel aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 128 replay-window 64 flag esn sel src 10.0.0.0/8 dst 10.1.0.0/16 limit byte-hard 1000000 limit time-soft 3600
ip xfrm state add src 192.0.2.2 dst 192.0.2.1 proto esp spi 0x1001 mode transport enc 'cbc(aes)' 0x00112233445566778899aabbccddeeff auth-trunc 'hmac(sha256)' 0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 96 encap espinudp 4500 4500 0.0.0.0 mark 0x10 mask 0xff if_id 0x2a
ip xfrm state add src 192.0.2.1 dst 192.0.2.3 proto ah spi 0x2000 mode transport auth 'hmac(sha1)' 0x000102030405060708090a0b0c0d0e0f10111213 replay-seq 5 replay-oseq 7 replay-window 32
ip xfrm state add src 192.0.2.1 dst 192.0.2.4 proto comp spi 0x30 mode tunnel comp deflate
ip xfrm state add src 2001:db8::1 dst 2001:db8::2 proto esp spi 0x1002 mode beet enc 'ecb(cipher_null)' '' auth digest_null '' output-mark 0x5 mask 0xf extra-flag dont-encap-dscp
ip xfrm policy add src 10.0.0.0/8 dst 10.1.0.0/16 proto tcp sport 1024 dport 443 dir out priority 100 mark 0x10 mask 0xff if_id 0x2a tmpl src 192.0.2.1 dst 192.0.2.2 proto esp reqid 5 mode tunnel tmpl proto comp mode transport level use
ip xfrm policy add src 2001:db8:1::/48 dst 2001:db8:2::/48 dir fwd action block ptype sub
ip xfrm policy set hthresh4 24 32 hthresh6 64 128
ip xfrm state allocspi src 192.0.2.9 dst 192.0.2.1 proto esp mode tunnel reqid 77 min 0x5000 max 0x5fff
ip -s xfrm state list
ip xfrm policy list
ip xfrm state get src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1000
ip xfrm state count
ip -s xfrm policy count
ip xfrm state update src 192.0.2.1 dst 192.0.2.3 proto ah spi 0x2000 mode transport auth 'hmac(sha1)' 0x000102030405060708090a0b0c0d0e0f10111213 replay-window 8
fails ip xfrm state get src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x9999
fails ip xfrm state add src 192.0.2.1 dst 192.0.2.5 proto esp spi 0x3000 mode tunnel enc 'cbc(nosuch)' 0x00112233445566778899aabbccddeeff
ip xfrm state delete src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1000
ip xfrm policy delete src 2001:db8:1::/48 dst 2001:db8:2::/48 dir fwd ptype sub
ip xfrm state flush
ip xfrm policy flush
told "Flushed"
