# IPVS: sync daemons started, listed and stopped; a real server behind a GUE tunnel; statistics of 64 bits.
modprobe ip_vs
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
ipvsadm -A -u 192.0.2.1:80 -s wlc -o
capture
ipvsadm -a -u 192.0.2.1:80 -r 192.0.2.7:80 -i --tun-type gue --tun-port 6080 --tun-remcsum
ipvsadm --start-daemon master --mcast-interface d0 --syncid 7 --mcast-port 9000 --mcast-ttl 2 --sync-maxlen 1400
ipvsadm -L --daemon
ipvsadm -L -n --rate
ipvsadm --stop-daemon master
ipvsadm -Z
