set -u
set -f
umask 022
failed=0
lines=
limits=

complain() { printf '%s\n' "$*" >&2; failed=1; }
words() { set -- $1; w="$*"; }
now() { # KEY: sets $value
    value=$(cat "/proc/sys/$1" 2>/dev/null) || return 1
    words "$value"
    value=$w
}
# Sets the value and keeps it over a boot.
put() { # KEY VALUE
    if { printf '%s\n' "$2" >"/proc/sys/$1"; } 2>/dev/null; then
        now "$1"
        [ "$value" = "$2" ] || complain "$1: $2 was written and the kernel says $value"
    else
        complain "$1: cannot be set here"
        return
    fi
    keep "$1" "$2"
}
keep() {
    lines="$lines$1 = $2
"
}
# Digits beyond what the shell can reckon with are more than anything that is asked for.
is_more() { [ "${#1}" -gt 18 ] || [ "$1" -gt "$2" ] 2>/dev/null; }
at_least() { now "$1" || return 0; if [ "$value" = "$2" ]; then keep "$1" "$2"; elif is_more "$value" "$2"; then :; else put "$1" "$2"; fi; }
at_most() { now "$1" || return 0; if is_more "$value" "$2"; then put "$1" "$2"; else keep "$1" "$value"; fi; }
exactly() { now "$1" || { complain "$1: this kernel does not have it"; return; }; if [ "$value" = "$2" ]; then keep "$1" "$2"; else put "$1" "$2"; fi; }
widen() {
    now "$1" || return 0
    low=${value%% *} high=${value##* }
    [ "${2%% *}" -ge "$low" ] || low=${2%% *}
    [ "${2##* }" -le "$high" ] || high=${2##* }
    if [ "$low $high" = "$value" ]; then keep "$1" "$value"; else put "$1" "$low $high"; fi
}
include() {
    now "$1" || return 0
    case ",$value," in
        *",$2,"*) keep "$1" "$value" ;;
        ,,) put "$1" "$2" ;;
        *) put "$1" "$value,$2" ;;
    esac
}
limit() { # ITEM MOST
    case $1 in
        nofile) name='Max open files' ;;
        nproc) name='Max processes' ;;
        *) return 0 ;;
    esac
    line=$(grep "^$name" "/proc/$$/limits") || return 0
    set -- "$1" "$2" ${line#"$name"}
    for domain in '*' root; do
        [ "$domain $1" != 'root nproc' ] || continue
        for end in soft hard; do
            if [ "$end" = soft ]; then has=$3; else has=$4; fi
            [ "$has" = unlimited ] || is_more "$has" "$2" || limits="$limits$domain $end $1 $2
"
        done
    done
}
huge_pages() {
    case $(cat "$pages_switch" 2>/dev/null) in
        *"[$1]"* | *'[never]'* | '') return 0 ;;
    esac
    { printf '%s\n' "$1" >"$pages_switch"; } 2>/dev/null || complain "huge pages: cannot be set here"
    write "$pages_file" "w $pages_switch - - - - $1
"
}
services() { # FILE TEXT
    [ -d /run/systemd/system ] || return 0
    [ "$(cat "$1" 2>/dev/null)" != "${2%?}" ] || return 0
    write "$1" "$2"
    systemctl daemon-reexec || complain "systemd did not read its configuration again"
}
write() { # FILE TEXT: whole or not at all
    mkdir -p "${1%/*}" && printf '%s' "$2" >"$1.loadline-new" && mv -f "$1.loadline-new" "$1" && return
    rm -f "$1.loadline-new"
    complain "$1: cannot be written"
}
done_with() {
    [ -z "$lines" ] || write "$sysctl_file" "$lines"
    [ -z "$limits" ] || write "$limits_file" "$limits"
    exit "$failed"
}
