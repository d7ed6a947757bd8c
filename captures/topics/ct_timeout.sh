# Connection tracking's timeout policies.
modprobe nf_conntrack_netlink; modprobe nfnetlink_cttimeout
capture
nfct add timeout mytcp inet tcp established 100 close 10
nfct add timeout myudp inet udp unreplied 10 replied 20
nfct add timeout anything inet generic timeout 30
nfct list timeout
nfct get timeout mytcp
nfct default-get timeout inet tcp
nfct delete timeout myudp
fails nfct get timeout nosuch
