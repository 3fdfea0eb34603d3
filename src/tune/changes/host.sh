# What every script that changes a host consists of; the caller appends calls. What was there before is written down first,
# files are replaced whole or not at all, and a kill at any point leaves a state that the next run or a revert clears up.
# Starting a program costs a host more than what it does here: what the shell can do itself, it does.
#
# Below $state: original/ (before the first run ever), pending/ (before a run that waits to be confirmed), lock.
# In a store: values (lines "PATH VALUE"), files/NAME (copies; NAME is the path with % for /), files/NAME.absent (there was
# none), files/NAME.folder (its folder was not there either).
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export LC_ALL PATH
umask 022
set -f
nl='
'
state=/var/lib/loadline
armed=
# Tries, a second apart, to become the one run.
patience=10

say() { printf '@%s\n' "$*"; }
text() { # TEXT: every line below what was said
    [ -n "$1" ] || return 0
    lines=$1$nl
    while [ -n "$lines" ]; do
        printf '|%s\n' "${lines%%"$nl"*}"
        lines=${lines#*"$nl"}
    done
}
point() { :; }
finish() { say end; exit 0; }
# A text into a file; where that fails, $made says why.
write() { # FILE TEXT
    made=
    { printf '%s' "$2" >"$1"; } 2>/dev/null || made=$({ printf '%s' "$2" >"$1"; } 2>&1)
}
append() { # FILE TEXT
    made=
    { printf '%s' "$2" >>"$1"; } 2>/dev/null || made=$({ printf '%s' "$2" >>"$1"; } 2>&1)
}
own_folder() { # PATH: with nobody else's access
    [ -d "$1" ] || made=$(mkdir -p -m 0700 "$1" 2>&1)
}
refuse() { # WHY: nothing has been changed
    clear_staged
    [ -z "$armed" ] || forget_pending
    say refused
    text "$1"
    finish
}

# One run at a time. The lock of flock ends with its holder; without flock a folder is the lock, and a dead holder's is taken.
hold() {
    own_folder "$state" || refuse "$made"
    append "$state/lock" '' || refuse "$made"
    tries=0
    if command -v flock >/dev/null; then
        exec 9>>"$state/lock"
        until flock -n 9; do
            tries=$((tries + 1))
            [ "$tries" -lt "$patience" ] || held "$(cat "$state/holder" 2>/dev/null)"
            sleep 1
        done
    else
        until mkdir "$state/held" 2>/dev/null; do
            owner=$(cat "$state/held/pid" 2>/dev/null)
            tries=$((tries + 1))
            if { [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; } || { [ -z "$owner" ] && [ "$tries" -gt 5 ]; }; then
                rm -rf "$state/held"
                continue
            fi
            [ "$tries" -lt "$patience" ] || held "$owner"
            sleep 1
        done
        printf '%s\n' "$$" >"$state/held/pid"
        trap 'rm -rf "$state/held"' EXIT
    fi
    printf '%s\n' "$$" >"$state/holder" 2>/dev/null
    [ ! -e "$state/.new" ] && [ ! -e "$state/.gone" ] || rm -rf "$state/.new" "$state/.gone"
    left_staged
}
# What a run that was killed had written beside files, and the folders that it had made for them.
left_staged() {
    [ -e "$state/staged" ] || return 0
    while read -r left; do
        case $left in
            */) rmdir "$left" 2>/dev/null ;;
            *) rm -f "$left" ;;
        esac
    done <"$state/staged"
    rm -f "$state/staged"
}
held() { say held; text "$1"; finish; }

# Files: file NAME PATH BEFORE AFTER. A dash stands for "no file", else the text follows an equals sign.
file() { queue_file "$@"; }
queued=0
queue_file() {
    queued=$((queued + 1))
    eval "name_$queued=\$1 path_$queued=\$2 before_$queued=\$3 after_$queued=\$4"
}
nth_file() { eval "name=\$name_$1 path=\$path_$1 before=\$before_$1 after=\$after_$1"; }

# The text of a file in the same form, in $now; line breaks at the end do not count.
found_at() {
    now=-
    [ ! -e "$1" ] || now="=$(cat "$1")"
}
trimmed() {
    t=$1
    while case $t in *"$nl") : ;; *) false ;; esac do t=${t%"$nl"}; done
}
target_of() {
    target=$1
    [ ! -L "$1" ] || target=$(readlink -f "$1") || target=$1
}

# Writes the new text beside each file that is to change; nothing is in place yet.
stage() {
    staged=
    n=0
    while [ "$n" -lt "$queued" ]; do
        n=$((n + 1))
        nth_file "$n"
        target_of "$path"
        found_at "$target"
        trimmed "$after" && wanted=$t
        trimmed "$before"
        if [ "$now" = "$wanted" ]; then
            eval "state_$n=same"
            continue
        fi
        [ "$now" = "$t" ] || refuse "$path has been changed since it was looked at"
        eval "state_$n=staged"
        [ "$after" != - ] || continue
        folder=${target%/*}
        append "$state/staged" "$target.loadline-new$nl" || refuse "$made"
        if [ ! -d "$folder" ]; then
            eval "folder_$n=made"
            append "$state/staged" "$folder/$nl" || refuse "$made"
            made=$(mkdir -p "$folder" 2>&1) || refuse "$made"
        fi
        staged="$staged$nl$target.loadline-new"
        point
        if [ -e "$target" ]; then
            made=$(cp -p "$target" "$target.loadline-new" 2>&1) || refuse "$made"
        fi
        write "$target.loadline-new" "${after#=}" || refuse "$path: $made"
        # A full disk may show only in what can be read back.
        [ "=$(cat "$target.loadline-new")" = "$wanted" ] || refuse "$path: not all of it could be written (no room left?)"
        point
    done
    [ -z "$staged" ] || (IFS=$nl; sync $staged 2>/dev/null || sync)
}
clear_staged() {
    [ -z "$staged" ] || (IFS=$nl; rm -f $staged "$state/staged")
    n=0
    while [ "$n" -lt "$queued" ]; do
        n=$((n + 1))
        eval "[ \"\${folder_$n:-}\" = made ]" || continue
        nth_file "$n"
        rmdir "${path%/*}" 2>/dev/null
    done
}
staged=

# Writes down in a store what the queued files and values are, each once: what is written there already is older and stays.
keep() { # STORE
    own_folder "$1/files" || refuse "$made"
    n=0
    while [ "$n" -lt "$queued" ]; do
        n=$((n + 1))
        nth_file "$n"
        eval "[ \"\$state_$n\" = staged ]" || continue
        if [ -e "$1/files/$name" ] || [ -e "$1/files/$name.absent" ]; then continue; fi
        target_of "$path"
        if eval "[ \"\${folder_$n:-}\" = made ]"; then
            write "$1/files/$name.folder" '' || refuse "$made"
        fi
        if [ -e "$target" ]; then
            made=$(cp -p "$target" "$state/.new" 2>&1 && mv "$state/.new" "$1/files/$name" 2>&1) || refuse "$made"
        else
            write "$1/files/$name.absent" '' || refuse "$made"
        fi
        point
    done
    keep_values "$1"
}
keep_values() { # STORE
    known=
    [ ! -e "$1/values" ] || known=$(cat "$1/values")
    all=$known
    for path in $value_paths; do
        case "$nl$known" in *"$nl$path "*) continue ;; esac
        current_of "$path" || continue
        all="$all${all:+$nl}$path $current"
    done
    [ "$all" != "$known" ] || return 0
    write "$state/.new" "$all$nl" || refuse "$made"
    [ "$(cat "$state/.new")" = "$all" ] || refuse "$state: not all of it could be written (no room left?)"
    point
    made=$(mv "$state/.new" "$1/values" 2>&1) || refuse "$made"
    point
}

# Values: value PATH BEFORE AFTER, words apart by one blank. $seen holds "PATH:VALUE" lines.
value_paths=
values=0
value() {
    values=$((values + 1))
    eval "vpath_$values=\$1 vbefore_$values=\$2 vafter_$values=\$3"
    value_paths="$value_paths $1"
}
# Kernel settings give all they say to the first read, and the shell reads letter by letter: that takes a grep.
see_values() {
    seen=
    [ -z "$value_paths" ] || seen=$(grep -asH '' $value_paths)
}
current_of() { # PATH: sets $current, words apart by one blank
    case "$nl$seen$nl" in
        *"$nl$1:"*) ;;
        *) return 1 ;;
    esac
    current="$nl$seen$nl"
    current=${current#*"$nl$1:"}
    current=${current%%"$nl"*}
    words "$current"
    current=$w
}
words() {
    set -- $1
    w="$*"
}
write_value() { # PATH VALUE
    write "$1" "$2$nl"
}
set_values() {
    n=0
    while [ "$n" -lt "$values" ]; do
        n=$((n + 1))
        eval "path=\$vpath_$n before=\$vbefore_$n after=\$vafter_$n"
        if ! current_of "$path"; then
            say value "$path" failed
            text "it is not there any more"
        elif [ "$current" = "$after" ]; then
            say value "$path" same
        elif [ "$current" != "$before" ]; then
            say value "$path" changed
            text "$current"
        elif write_value "$path" "$after"; then
            say value "$path" wrote
        else
            say value "$path" failed
            text "$made"
        fi
        point
    done
    if [ -n "$value_paths" ]; then
        say readback
        see_values
        text "$seen"
    fi
}
# Values that nothing wants any more: release PATH.
released=
release() { released="$released $1"; }
release_values() {
    for path in $released; do
        line=$(grep -s "^$path " "$state/original/values")
        if [ -z "$line" ]; then
            say value "$path" unknown
        elif write_value "$path" "$(plain "${line#* }")"; then
            say value "$path" released
        else
            say value "$path" failed
            text "$made"
        fi
        point
    done
}
# The word in brackets where the kernel shows all of its choices.
plain() {
    case $1 in
        *\[*\]*) v=${1#*\[}; printf '%s' "${v%%\]*}" ;;
        *) printf '%s' "$1" ;;
    esac
}

# Puts what was staged in place.
place() {
    folders=
    n=0
    while [ "$n" -lt "$queued" ]; do
        n=$((n + 1))
        nth_file "$n"
        eval "how=\$state_$n"
        if [ "$how" = same ]; then
            say file "$name" same
            continue
        fi
        target_of "$path"
        point
        if [ "$after" = - ]; then
            made=$(rm -f "$target" 2>&1)
        else
            made=$(mv -f "$target.loadline-new" "$target" 2>&1)
        fi
        if [ $? -eq 0 ]; then
            say file "$name" written
            folders="$folders$nl${target%/*}"
            ! command -v restorecon >/dev/null || restorecon "$target" 2>/dev/null
        else
            say file "$name" failed
            text "$made"
        fi
        point
    done
    if [ -n "$folders" ]; then
        (IFS=$nl; sync $folders 2>/dev/null || sync)
        rm -f "$state/staged"
    fi
}

# apply TOKEN SECONDS: carries out what was queued; with a token it is taken back after so many seconds unless confirmed.
apply() {
    hold
    expired
    see_values
    stage
    [ -z "$1" ] || arm "$1" "$2"
    keep "$state/original"
    place
    set_values
    release_values
}

# Brings back what a store holds.
restore() { # STORE
    set +f
    for saved in "$1"/files/*; do
        set -f
        name=${saved##*/}
        case $name in
            '*' | *.folder) continue ;;
            *.absent) name=${name%.absent} ;;
        esac
        path=$(printf '%s' "$name" | tr % /)
        restore_file "$1" "$name" "$path"
        point
    done
    set -f
    [ -e "$1/values" ] || return 0
    while read -r path value; do
        if write_value "$path" "$(plain "$value")"; then
            say value "$path" restored
        else
            say value "$path" failed
            text "$made"
        fi
        point
    done <"$1/values"
}
restore_file() { # STORE NAME PATH
    target_of "$3"
    rm -f "$target.loadline-new"
    how=restored
    rest=
    if [ -e "$1/files/$2.absent" ]; then
        if grep -qs '^# END loadline$' "$target"; then
            rest=$(sed '/^# BEGIN loadline/,/^# END loadline$/d' "$target")
        fi
        if [ -n "$rest" ]; then
            how=kept-others
            write "$target" "$rest$nl" || how=failed
        else
            made=$(rm -f "$target" 2>&1) || how=failed
        fi
        [ ! -e "$1/files/$2.folder" ] || rmdir "${target%/*}" 2>/dev/null
    else
        from="$1/files/$2"
        if grep -qs '^# END loadline$' "$target"; then
            # A file that others write as well: where they have since, only our block goes.
            rest=$(sed '/^# BEGIN loadline/,/^# END loadline$/d' "$target")
            [ "$rest" = "$(sed '/^# BEGIN loadline/,/^# END loadline$/d' "$from")" ] || how=kept-others
        fi
        made=$(cp -p "$from" "$target.loadline-new" 2>&1) || how=failed
        if [ "$how" = kept-others ]; then
            write "$target.loadline-new" "$rest$nl" || how=failed
        fi
        if [ "$how" = failed ]; then
            rm -f "$target.loadline-new"
        else
            sync "$target.loadline-new" 2>/dev/null || sync
            point
            made=$(mv -f "$target.loadline-new" "$target" 2>&1) || how=failed
            ! command -v restorecon >/dev/null || restorecon "$target" 2>/dev/null
        fi
    fi
    [ "$how" != failed ] || broken=yes
    say file "$2" "$how"
    [ "$how" != failed ] || text "$made"
}
forget() { # STORE: gone at once
    rm -rf "$state/.gone"
    mv "$1" "$state/.gone" && rm -rf "$state/.gone"
}
forget_pending() {
    unguard
    forget "$state/pending"
}

# revert: everything as it was before the first run.
revert() {
    if [ ! -d "$state" ]; then
        say nothing
        finish
    fi
    hold
    broken=
    if [ ! -d "$state/original" ]; then
        say nothing
        finish
    fi
    restore "$state/original"
    reload
    if [ -z "$broken" ]; then
        [ ! -d "$state/pending" ] || forget_pending
        forget "$state/original"
        rm -f "$state/holder"
    fi
}

# Commit-confirm: a store of what this very run changes, and a timer that brings it back.
arm() { # TOKEN SECONDS
    rm -rf "$state/.pending"
    made=$(mkdir -p "$state/.pending" 2>&1) || refuse "$made"
    keep "$state/.pending"
    # What has no original yet has none when this run is taken back either.
    fresh=
    n=0
    while [ "$n" -lt "$queued" ]; do
        n=$((n + 1))
        nth_file "$n"
        [ -e "$state/original/files/$name" ] || [ -e "$state/original/files/$name.absent" ] || fresh="$fresh$name$nl"
    done
    [ -d "$state/original" ] || : >"$state/.pending/first"
    printf '%s' "$fresh" >"$state/.pending/fresh"
    printf '%s\n' "$library" >"$state/.pending/expire.sh"
    printf '%s\n' 'expire "$1" "$2"' >>"$state/.pending/expire.sh"
    printf '%s\n' "$1" >"$state/.pending/token"
    printf '%s\n' "$(($(date +%s) + $2))" >"$state/.pending/deadline"
    made=$(mv "$state/.pending" "$state/pending" 2>&1) || refuse "$made"
    armed=yes
    point
    [ "$queued" = 0 ] || guard "$1"
    if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null &&
        systemd-run --quiet --collect --on-active="$2" --timer-property=AccuracySec=1s --unit="loadline-$1" /bin/sh "$state/pending/expire.sh" "$1" 0 \
            >/dev/null 2>&1 9>&-; then
        :
    elif command -v setsid >/dev/null; then
        setsid sh "$state/pending/expire.sh" "$1" "$2" </dev/null >/dev/null 2>&1 9>&- &
    else
        nohup sh "$state/pending/expire.sh" "$1" "$2" </dev/null >/dev/null 2>&1 9>&- &
    fi
    say armed "$1"
}
# A timer does not outlive a reboot, files do: where systemd boots the machine it takes them back before anything reads them.
units=/etc/systemd/system
wants=$units/sysinit.target.wants
unit=loadline-unconfirmed.service
guard() { # TOKEN
    [ -d /run/systemd/system ] || return 0
    [ -d "$wants" ] || write "$state/pending/wants" '' || refuse "$made"
    made=$(mkdir -p "$wants" 2>&1 && {
        printf '%s\n' '[Unit]' 'Description=Takes back a change of loadline that was not confirmed before the machine went down' \
            'DefaultDependencies=no' "RequiresMountsFor=$state" "ConditionPathExists=$state/pending/expire.sh" \
            'After=local-fs.target' 'Before=systemd-modules-load.service systemd-sysctl.service sysinit.target shutdown.target' \
            'Conflicts=shutdown.target' '' '[Service]' 'Type=oneshot' "ExecStart=/bin/sh $state/pending/expire.sh $1 0" >"$units/$unit"
    } 2>&1 && ln -sf "../$unit" "$wants/$unit" 2>&1) || refuse "$made"
    sync "$units/$unit" "$wants" 2>/dev/null || sync
    point
}
unguard() {
    if [ -e "$units/$unit" ] || [ -L "$wants/$unit" ]; then
        rm -f "$wants/$unit" "$units/$unit"
    fi
    [ ! -e "$state/pending/wants" ] || rmdir "$wants" 2>/dev/null
}
expire() { # TOKEN SECONDS: runs on its own
    sleep "$2"
    patience=600
    hold
    [ "$(cat "$state/pending/token" 2>/dev/null)" = "$1" ] || finish
    take_back
    finish
}
take_back() {
    broken=
    restore "$state/pending"
    reload
    [ -z "$broken" ] || return 1
    if [ -e "$state/pending/first" ] && [ -d "$state/original" ]; then
        forget "$state/original"
    else
        for name in $(cat "$state/pending/fresh" 2>/dev/null); do
            rm -f "$state/original/files/$name" "$state/original/files/$name.absent" "$state/original/files/$name.folder"
        done
    fi
    cp "$state/pending/token" "$state/taken-back" 2>/dev/null
    forget_pending
}
# A change that nobody confirmed: one that still waits holds up others, one whose timer did not live (a reboot) is taken back.
expired() {
    [ -d "$state/pending" ] || return 0
    deadline=$(cat "$state/pending/deadline" 2>/dev/null)
    if [ "$(date +%s)" -le "$((${deadline:-0} + 5))" ]; then
        say waiting "$(cat "$state/pending/token")" "$deadline"
        finish
    fi
    say took-back "$(cat "$state/pending/token")"
    take_back
    finish
}
confirm() { # TOKEN
    hold
    if [ "$(cat "$state/pending/token" 2>/dev/null)" != "$1" ]; then
        say late
        finish
    fi
    forget_pending
    if [ -d /run/systemd/system ]; then
        systemctl stop "loadline-$1.timer" 2>/dev/null 9>&-
    fi
    say confirmed
}

# Services. Whatever they start must not keep the lock.
reload() {
    if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
        made=$(systemctl daemon-reload 2>&1 9>&-) || { say reload failed; text "$made"; }
    fi
}
restart() { # UNIT
    made=
    if [ "$1" = nginx.service ] && command -v nginx >/dev/null; then
        made=$(nginx -t 2>&1 9>&-) || { say restart "$1" refused; text "$made"; return; }
    fi
    if made=$(systemctl try-restart "$1" 2>&1 9>&-); then
        say restart "$1" done
        prove "$1"
    else
        say restart "$1" failed
        text "$made"
    fi
}
prove() { # UNIT
    pid=$(systemctl show -p MainPID "$1" 2>/dev/null)
    pid=${pid#MainPID=}
    say limits "$1"
    [ "${pid:-0}" = 0 ] || sed 's/^/|/' "/proc/$pid/limits"
}
