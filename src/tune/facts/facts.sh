# Prints what a host is, in sections that begin with "@name"; every other line begins with "|". Changes nothing.
# The caller sets: KEYS (places below /proc/sys) and UNITS (systemd units), one a line.
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export LC_ALL PATH
nl='
'
set -f
IFS=$nl

section() { printf '@%s\n' "$1"; }
bars() { sed 's/^/|/'; }

section system
{
    printf 'kernel=%s\n' "$(uname -nrm)"
    printf 'cores=%s\n' "$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)"
    printf 'user=%s\n' "$(id -u)"
    if command -v systemd-detect-virt >/dev/null; then
        printf 'detect=%s\n' "$(systemd-detect-virt -c 2>/dev/null)"
    else
        printf 'environ=%s\n' "$(tr '\0' '\n' 2>/dev/null </proc/1/environ | sed -n 's/^container=//p')"
    fi
    [ -e /.dockerenv ] && echo 'marker=docker'
    [ -e /run/.containerenv ] && echo 'marker=podman'
    date '+time=%s'
} | bars

set --
if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
    section manager
    systemctl show -p Version -p DefaultLimitNOFILE -p DefaultLimitNOFILESoft -p DefaultLimitNPROC \
        -p DefaultLimitNPROCSoft 2>&1 | bars
    section units
    units=$(systemctl show -p Id -p LoadState -p ActiveState -p MainPID -p LimitNOFILE -p LimitNOFILESoft \
        -p LimitNPROC -p LimitNPROCSoft -p TasksMax -p DropInPaths $UNITS 2>&1)
    printf '%s\n' "$units" | bars
    for line in $units; do
        case $line in
            MainPID=0) ;;
            MainPID=*) set -- "$@" "/proc/${line#MainPID=}/limits" ;;
        esac
    done
else
    section installed
    command -v systemctl | bars
    section processes
    set +f
    found=$(grep -sHxE 'nginx|mysqld|mariadbd|redis-server|valkey-server|dockerd' /proc/[0-9]*/comm)
    set -f
    for line in $found; do
        set -- "$@" "${line%comm:*}limits"
        printf '|%s\n' "$line"
    done
fi

section sockets
if command -v ss >/dev/null; then
    ss -ltunp 2>&1 | bars
else
    section ports
    for table in tcp tcp6 udp udp6; do
        # State 0A listens; 07 is a UDP socket that is bound.
        grep -sE '^ *[0-9]+: [0-9A-F]+:[0-9A-F]+ [0-9A-F]+:0000 (0A|07) ' "/proc/net/$table" | sed "s/^/|$table /"
    done
fi

section disks
df -Pk /etc /var/lib 2>&1 | bars

# What follows is read by a single grep. "rw PATH" is there (and whether it can be read and written), "=TARGET" is where
# a link before it leads; what is not named is not there.
section files
for key in $KEYS; do
    set -- "$@" "/proc/sys/$key"
done
set +f
for file in /etc/os-release /usr/lib/os-release /proc/meminfo /proc/1/cgroup /proc/1/limits /proc/modules /proc/mounts \
    /proc/net/netstat /proc/net/softnet_stat /sys/kernel/mm/transparent_hugepage/enabled \
    /etc/sysctl.conf /etc/sysctl.d/*.conf /run/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf \
    /usr/lib/sysctl.d/*.conf /lib/sysctl.d/*.conf \
    /etc/security/limits.conf /etc/security/limits.d/*.conf \
    /etc/modules /etc/modules-load.d/*.conf /run/modules-load.d/*.conf /usr/lib/modules-load.d/*.conf \
    /etc/tmpfiles.d/99-loadline.conf /etc/systemd/system/*.service.d/50-loadline.conf \
    /etc/default/ufw /etc/ufw/ufw.conf /etc/ufw/sysctl.conf /etc/systemd/network/*.network /etc/nginx/nginx.conf \
    /var/lib/loadline/pending/token /var/lib/loadline/pending/deadline; do
    set -- "$@" "$file"
done
set -f
for path do
    shift
    case $path in
        *"$nl"*) continue ;;
    esac
    [ -e "$path" ] || [ -L "$path" ] || continue
    mode=
    [ -r "$path" ] && mode=r || mode=-
    [ -w "$path" ] && mode=${mode}w || mode=$mode-
    printf '|%s %s\n' "$mode" "$path"
    if [ -L "$path" ]; then
        target=$(readlink "$path")
        printf '|=%s\n' "$target"
    fi
    # A pipe or a device would never end.
    [ -f "$path" ] && [ -r "$path" ] && set -- "$@" "$path"
done
for path in /etc /var/lib; do
    [ -w "$path" ] && mode=rw || mode=r-
    printf '|%s %s/\n' "$mode" "$path"
done
section text
[ $# -gt 0 ] && grep -aH '' "$@" | bars
section end
