# nl80211: hostapd starts an access point with WPA3 (SAE), HE and protected management frames, and stops it; a monitor interface comes and goes; power and queues are set. Generic netlink alone. In Debian's own kernel. In the kernel's first namespaces.
modprobe mac80211_hwsim radios=1
cat >/run/hostapd.conf <<END
interface=wlan0
ssid=nldissect
hw_mode=a
channel=36
country_code=DE
ieee80211n=1
ieee80211ac=1
ieee80211ax=1
he_bss_color=5
wpa=2
wpa_key_mgmt=SAE
ieee80211w=2
rsn_pairwise=CCMP
sae_password=not a secret
END
capture link[14:2] = 16
hostapd -B /run/hostapd.conf
sleep 2
killall hostapd
sleep 1
iw phy phy0 interface add mon0 type monitor flags fcsfail otherbss
iw dev mon0 del
iw phy phy0 set txq limit 1024
iw dev wlan0 set txpower fixed 1000
rmmod mac80211_hwsim
