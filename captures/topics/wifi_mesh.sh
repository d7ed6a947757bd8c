# nl80211: two mesh points meet: parameters, peers, paths; an ad-hoc network with WEP joined and left. In Debian's own kernel. In the kernel's first namespaces.
modprobe mac80211_hwsim radios=2
iw dev wlan0 set type mp
iw dev wlan1 set type mp
ip link set wlan0 up
ip link set wlan1 up
capture
listen iw event
iw dev wlan0 mesh join nldissect freq 2412 basic-rates 6,12,24
iw dev wlan1 mesh join nldissect freq 2412 basic-rates 6,12,24
told 'wlan0: new station'
told 'wlan1: new station'
sleep 2
iw dev wlan0 station dump
iw dev wlan1 mpath new 02:00:00:00:00:00 next_hop 02:00:00:00:00:00
iw dev wlan1 mpath dump
iw dev wlan0 mesh_param dump
iw dev wlan0 set mesh_param mesh_hwmp_rootmode=2
iw dev wlan0 mesh leave
iw dev wlan1 mesh leave
ip link set wlan1 down
iw dev wlan1 set type ibss
ip link set wlan1 up
iw dev wlan1 ibss join nldissect-ibss 2437 fixed-freq 02:00:00:00:00:99 key d:0:6162636465
iw dev wlan1 ibss leave
rmmod mac80211_hwsim
