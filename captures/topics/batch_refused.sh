# An nftables ruleset of which one rule is refused: nothing of it is done. The same without that rule is.
capture
cat > /tmp/rules <<'RULES'
table bridge t {
    set ports { type inet_service; elements = { 22, 80, 443 } }
    chain input {
        type filter hook input priority 0; policy accept;
        tcp dport @ports accept
    }
}
RULES
{ cat /tmp/rules; echo 'add rule bridge t input jump nosuch'; echo 'add rule bridge t input counter'; } >/tmp/bad
fails nft -f /tmp/bad
fails nft list table bridge t
nft -f /tmp/rules
nft list table bridge t
