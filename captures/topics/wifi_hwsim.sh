# mac80211_hwsim: a program is the medium between simulated radios, frame by frame with rates and signal; radios listed, made and destroyed. In Debian's own kernel. In the kernel's first namespaces.
modprobe mac80211_hwsim radios=2
ip link set wlan1 up
capture
listen python3 $TOPICS/hwsim_medium.py 42:00:00:00:00:00 42:00:00:00:01:00
told registered
python3 $TOPICS/genl.py MAC80211_HWSIM 6 dump
python3 $TOPICS/genl.py MAC80211_HWSIM 4 9=u32:1 17=hex:726164696f39 22=hex:020000000900 23=u32:0xc
python3 $TOPICS/genl.py MAC80211_HWSIM 5 17=hex:726164696f39
ip link set wlan0 up
iw dev wlan0 scan freq 2412 ssid anyone
sleep 1
