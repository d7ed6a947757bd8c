# nl80211: wpa_supplicant joins a network with WPA2, authentication and association frames, keys and all; the station and its link shown on both sides; it leaves. Generic netlink alone. In Debian's own kernel. In the kernel's first namespaces.
modprobe mac80211_hwsim radios=2
cat >/run/hostapd.conf <<END
interface=wlan0
ssid=nldissect
hw_mode=g
channel=1
ieee80211n=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=not a secret
END
cat >/run/supplicant.conf <<END
ctrl_interface=/run/wpa_supplicant
network={
    ssid="nldissect"
    psk="not a secret"
    scan_freq=2412
    disabled=1
}
END
hostapd -B /run/hostapd.conf
wpa_supplicant -B -i wlan1 -c /run/supplicant.conf
capture link[14:2] = 16
listen iw event -f
wpa_cli -i wlan1 enable_network 0
told 'connected to'
until wpa_cli -i wlan1 status | grep -q COMPLETED; do sleep 0.2; done
iw dev wlan1 link
iw dev wlan1 station dump
iw dev wlan0 station dump
iw dev wlan1 set bitrates legacy-2.4 1 2 5.5 11 12
wpa_cli -i wlan1 disconnect
told 'disconnected'
killall wpa_supplicant
sleep 1
killall hostapd
rmmod mac80211_hwsim
