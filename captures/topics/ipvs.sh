# IPVS: services with schedulers and flags, real servers with weights; listed with statistics; changed, refused, cleared.
modprobe ip_vs
capture
ipvsadm -A -t 192.0.2.1:80 -s wrr -p 360
ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 3 -x 100 -y 50
ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.2:8080 -g -w 1
ipvsadm -A -u '[2001:db8::1]:53' -s rr
ipvsadm -a -u '[2001:db8::1]:53' -r '[2001:db8::5]:53' -i
ipvsadm -A -f 7 -s sh -b sh-port
ipvsadm --set 900 120 300
ipvsadm -L -n --stats
ipvsadm -L --timeout
ipvsadm -e -t 192.0.2.1:80 -r 10.0.0.2:8080 -g -w 0
fails ipvsadm -D -t 192.0.2.9:80
ipvsadm -C
