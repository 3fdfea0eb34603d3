# Prints what one look at a host needs. $TWICE is yes where nothing is known to compare with: then two looks, a second apart.
# POSIX shell, coreutils, grep and sed; Linux. A line that begins with @ opens a section, one with | stands in it.
LC_ALL=C
export LC_ALL
set -f
bars() { sed 's/^/|/'; }
section() { printf '@%s\n' "$1"; }
counters() {
    section "clock$1"
    date +%s.%N | bars
    section "cpu$1"
    grep '^cpu ' /proc/stat | bars
    section "net$1"
    sed 1,2d /proc/net/dev | bars
    section "kernel$1"
    grep '^oom_kill ' /proc/vmstat | bars
    section "netstat$1"
    grep '^TcpExt:' /proc/net/netstat | bars
    section "softnet$1"
    bars </proc/net/softnet_stat
}
section began
date +%s.%N | bars
if [ "$TWICE" = yes ]; then
    counters 0
    sleep 1
fi
counters 1
section cores
grep -c '^processor' /proc/cpuinfo | bars
section load
bars </proc/loadavg
section memory
grep -E '^(MemTotal|MemAvailable):' /proc/meminfo | bars
section disks
df -Pk -l 2>/dev/null | sed 1d | bars
section links
set +f
for link in /sys/class/net/*; do
    speed=$(cat "$link/speed" 2>/dev/null) || speed=
    kind=virtual
    [ -e "$link/device" ] && kind=device
    printf '|%s %s %s\n' "${link##*/}" "$kind" "${speed:--}"
done
set -f
section sockets
grep -s '^TCP:' /proc/net/sockstat | bars
section values
for key in net/ipv4/ip_local_port_range fs/file-nr net/netfilter/nf_conntrack_count net/netfilter/nf_conntrack_max; do
    [ -r "/proc/sys/$key" ] && printf '|%s %s\n' "$key" "$(cat "/proc/sys/$key")"
done
section ended
date +%s.%N | bars
section end
