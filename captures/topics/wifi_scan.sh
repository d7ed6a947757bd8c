# nl80211: events while the country changes and a scan finds an access point; what it found, elements and all, and how busy the channels were; a channel that is none. In Debian's own kernel. In the kernel's first namespaces.
modprobe mac80211_hwsim radios=2
cat >/run/hostapd.conf <<END
interface=wlan0
ssid=nldissect
hw_mode=g
channel=6
ieee80211n=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=not a secret
END
hostapd -B /run/hostapd.conf
capture
listen iw event -t
iw reg set JP
told 'regulatory domain change'
ip link set wlan1 up
iw dev wlan1 scan trigger freq 2412 2437 ssid nldissect
told 'scan finished'
iw dev wlan1 scan dump
iw dev wlan1 survey dump
fails iw dev wlan1 set freq 1
killall hostapd
sleep 1
rmmod mac80211_hwsim
