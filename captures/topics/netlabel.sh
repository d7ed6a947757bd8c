# NetLabel: management, CIPSO and CALIPSO translations, unlabeled traffic, domain mappings. In the kernel's first namespaces.
capture
netlabelctl mgmt version
netlabelctl mgmt protocols
netlabelctl cipsov4 add trans doi:8 tags:1 levels:0=0,1=1 categories:0=0
netlabelctl cipsov4 add pass doi:9 tags:1,2
netlabelctl cipsov4 list
netlabelctl cipsov4 list doi:8
netlabelctl unlbl accept on
netlabelctl unlbl list
netlabelctl map add domain:web address:192.0.2.0/24 protocol:cipsov4,9
netlabelctl map list
netlabelctl map del domain:web
fails netlabelctl cipsov4 del doi:77
netlabelctl calipso add pass doi:16
netlabelctl calipso list
netlabelctl calipso list doi:16
netlabelctl map add domain:six address:2001:db8::/32 protocol:calipso,16
netlabelctl map list
netlabelctl map del domain:six
netlabelctl calipso del doi:16
netlabelctl unlbl add interface:lo address:192.0.2.0/24 label:system_u:object_r:netlabel_peer_t:s0
netlabelctl unlbl list
netlabelctl unlbl del interface:lo address:192.0.2.0/24
