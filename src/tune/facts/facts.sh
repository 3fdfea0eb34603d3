# Prints what a host is. The first line is "@facts MARK", with a word that no file can hold; sections begin with "MARK@name". Changes
# nothing. The caller sets: KEYS (places below /proc/sys) and UNITS (systemd units), one a line.
#
# Starting a program costs a host more than all that it prints: what the shell can tell, or the grep at the end, starts none.
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export LC_ALL PATH
nl='
'
set -f
IFS=$nl

mark=
read -r mark </proc/sys/kernel/random/uuid || mark=loadline-$$
# Lines are held back until a program is to speak: each write by itself would be a packet.
held=
line() { held=$held$1$nl; }
section() { line "$mark@$1"; }
flush() { printf '%s' "$held"; held=; }

facts() {
    line "@facts $mark"
    section system
    if [ -d /run/systemd/system ]; then
        # What systemd found out at its own start; it writes no file on a machine.
        kind=none
        [ ! -r /run/systemd/container ] || read -r kind </run/systemd/container
        line "detect=$kind"
    else
        # Nothing else of that environment: it may hold secrets.
        flush
        grep -saz '^container=' /proc/1/environ
        line ''
        [ -e /.dockerenv ] && line 'marker=docker'
        [ -e /run/.containerenv ] && line 'marker=podman'
    fi
    [ -e /proc/sys/kernel/arch ] || line "machine=$(uname -m)"

    set --
    if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
        section manager
        flush
        systemctl show -p Version -p DefaultLimitNOFILE -p DefaultLimitNOFILESoft -p DefaultLimitNPROC \
            -p DefaultLimitNPROCSoft 2>&1
        section units
        units=$(systemctl show -p Id -p LoadState -p ActiveState -p MainPID -p LimitNOFILE -p LimitNOFILESoft \
            -p LimitNPROC -p LimitNPROCSoft -p TasksMax -p DropInPaths $UNITS 2>&1)
        line "$units"
        for line in $units; do
            case $line in
                MainPID=0) ;;
                MainPID=*) set -- "$@" "/proc/${line#MainPID=}/limits" ;;
            esac
        done
    else
        section installed
        command -v systemctl >/dev/null && line systemctl
        section processes
        set +f
        found=$(grep -sHxE 'nginx|mysqld|mariadbd|redis-server|valkey-server|dockerd' /proc/[0-9]*/comm)
        set -f
        for line in $found; do
            set -- "$@" "${line%comm:*}limits"
            line "$line"
        done
    fi

    section sockets
    if command -v ss >/dev/null; then
        flush
        ss -ltunp 2>&1
    else
        section ports
        flush
        for table in tcp tcp6 udp udp6; do
            # State 0A listens; 07 is a UDP socket that is bound.
            grep -sE '^ *[0-9]+: [0-9A-F]+:[0-9A-F]+ [0-9A-F]+:0000 (0A|07) ' "/proc/net/$table" | sed "s/^/$table /"
        done
    fi

    section disks
    flush
    df -Pk /etc /var/lib 2>&1

    # What follows is read by a single grep. "rw- PATH" is there, whether it can be read and written, and "l" if it is a link, "s"
    # if that leads to /etc/sysctl.conf; what is not named is not there.
    section files
    for key in $KEYS; do
        set -- "$@" "/proc/sys/$key"
    done
    set +f
    for file in /proc/sys/kernel/hostname /proc/sys/kernel/osrelease /proc/sys/kernel/arch /proc/self/status \
        /etc/os-release /usr/lib/os-release /proc/meminfo /proc/1/cgroup /proc/1/limits /proc/modules /proc/mounts \
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
        if [ ! -L "$path" ]; then
            mode=$mode-
        elif [ "$path" -ef /etc/sysctl.conf ]; then
            mode=${mode}s
        else
            mode=${mode}l
        fi
        line "$mode $path"
        # A pipe or a device would never end.
        [ -f "$path" ] && [ -r "$path" ] && set -- "$@" "$path"
    done
    for path in /etc /var/lib; do
        [ -w "$path" ] && mode=rw- || mode=r--
        line "$mode $path/"
    done
    section text
    flush
    [ $# -gt 0 ] && grep -aH '' "$@"
    section end
    flush
}
facts
