# What every script about releases consists of; the caller appends calls. Below $state: ground/ (what stays), releases/ID/ (one
# Compose project each), current (the ID that has the traffic), lock (whose run it is), history.
#
# Lines for the caller begin with @; lines of text, such as what a program said, with |.
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export LC_ALL PATH
umask 077
set -f

say() { printf '@%s\n' "$*"; }
text() { [ -z "$1" ] || printf '%s\n' "$1" | tail -n 60 | sed 's/^/|/'; }
finish() { say end; exit 0; }
# Nothing after it is done.
fail() { # WHAT SAID
    say failed "$1"
    text "$2"
    finish
}

deployment() { # NAME: which one all others are about
    name=$1
    state=/var/lib/loadline/deploy/$name
    ground=$state/ground
    releases=$state/releases
}

now() { date +%s; }
field() { sed -n "s/^$1 //p" "$state/lock" 2>/dev/null | head -n 1; }
current() { cat "$state/current" 2>/dev/null; }

# One at a time reads and writes the lock; the lock itself is the file, and outlives the script.
alone() {
    command -v flock >/dev/null || fail "flock is missing (Debian package util-linux)" ''
    made=$(mkdir -p "$state" "$releases" 2>&1) || fail "making $state" "$made"
    exec 9>>"$state/.alone"
    flock -w 20 9 || fail "waiting for another script in $state" ''
}
together() { exec 9>&-; }

write_lock() { # TOKEN SECONDS WHO WHY
    printf 'token %s\nsince %s\nuntil %s\nwho %s\nwhy %s\n' "$1" "$(now)" "$(($(now) + $2))" "$3" "$4" >"$state/lock.new" &&
        mv -f "$state/lock.new" "$state/lock"
}

take_lock() { # TOKEN SECONDS WHO WHY FORCE
    alone
    holder=$(field token)
    if [ -n "$holder" ] && [ "$holder" != "$1" ] && [ "$(field until)" -gt "$(now)" ] && [ "$5" != force ]; then
        held
    fi
    [ -z "$holder" ] || [ "$holder" = "$1" ] || say taken-over "$(field who)"
    write_lock "$1" "$2" "$3" "$4" || fail "writing $state/lock" ''
    together
}
held() {
    say held "$(field since)" "$(field until)"
    say who "$(field who)"
    say why "$(field why)"
    finish
}
# Every script of a run begins with it: a run whose lock was taken over does nothing more.
mine() { # TOKEN SECONDS
    alone
    [ "$(field token)" = "$1" ] || held
    write_lock "$1" "$2" "$(field who)" "$(field why)" || fail "writing $state/lock" ''
    together
}
give_lock() { # TOKEN
    alone
    [ "$(field token)" != "$1" ] || rm -f "$state/lock"
    together
}

put() { # PATH TEXT MODE
    made=$(mkdir -p "${1%/*}" 2>&1) || fail "making ${1%/*}" "$made"
    { printf '%s' "$2" >"$1.new" && chmod "$3" "$1.new" && mv -f "$1.new" "$1"; } || fail "writing $1" ''
}

compose() { # FOLDER WORDS...
    folder=$1
    shift
    docker compose --progress quiet --project-directory "$folder" --file "$folder/compose.yml" "$@"
}

# How many containers of a project there are, run, and are healthy or have no check.
counted() { # PROJECT
    docker ps --all --filter "label=com.docker.compose.project=$1" --format '{{.State}} {{.Status}}' 2>/dev/null |
        awk '{ all++ } $1 == "running" { up++; if ($0 !~ /unhealthy|health: starting/) well++ } END { print all + 0, up + 0, well + 0 }'
}

look() {
    say now "$(now)"
    say machine "$(uname -m)"
    system=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"' | head -n 1)
    say system "${system:-unknown}"
    if ! command -v docker >/dev/null; then
        say no-engine "there is no program called docker"
    elif version=$(docker version --format '{{.Server.Version}}' 2>&1); then
        say engine "$version"
        if version=$(docker compose version --short 2>&1); then say compose "$version"; else say no-compose "$version"; fi
        root=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null)
        say free "$(df -Pk "${root:-/var/lib}" 2>/dev/null | awk 'NR == 2 { print $4 }')"
    else
        say no-engine "$(printf '%s' "$version" | tail -n 1)"
    fi
    [ ! -f "$state/lock" ] || {
        say lock "$(field since)" "$(field until)"
        say who "$(field who)"
        say why "$(field why)"
    }
    say current "$(current)"
    [ ! -d "$ground" ] || say ground "$(counted "$name-ground")"
    set +f
    for folder in "$releases"/*/; do
        [ -f "$folder/about" ] || continue
        id=${folder%/}
        id=${id##*/}
        say release "$id" "$(counted "$name-$id")" "$(cat "$folder/about")"
    done
    set -f
}

pull() { # IMAGE...
    for image; do
        if ! said=$(docker pull --quiet "$image" 2>&1); then
            # An image that was brought here by hand is as good.
            docker image inspect "$image" >/dev/null 2>&1 || fail "pulling $image" "$said"
            say kept-image "$image"
        fi
        say image "$image" "$(docker image inspect --format '{{.Id}} {{.Architecture}}' "$image" 2>/dev/null)"
    done
}

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Passwords of the database here: made once, on this host, and never sent anywhere.
passwords() {
    for kind in database_app database_root; do
        file=$ground/secrets/$kind
        [ -s "$file" ] || {
            put "$file" "$(random)" 0400
            # Who the database runs as in its image.
            chown 999 "$file" || fail "giving $file to the database" ''
        }
    done
}

lay_ground() { # SECONDS
    [ -f "$ground/nginx/upstream.conf" ] ||
        put "$ground/nginx/upstream.conf" 'map $host $release { default "none"; }
upstream app { server 127.0.0.1:9 max_fails=0; }
' 0644
    said=$(compose "$ground" up --detach --wait --wait-timeout "$1" --remove-orphans 2>&1) || {
        text "$(unwell "$name-ground")"
        fail "starting what stays on the host ($name-ground)" "$said"
    }
}

# What the containers of a project that are not well said last.
unwell() { # PROJECT
    docker ps --all --filter "label=com.docker.compose.project=$1" --format '{{.Names}} {{.State}} {{.Status}}' 2>/dev/null |
        awk '$2 != "running" || /unhealthy|health: starting/ { print $1 }' | head -n 3 |
        while read -r container; do
            printf '%s:\n' "$container"
            docker logs --tail 12 "$container" 2>&1
        done
}

secrets() { # ID TEXT SCHEMA CACHE QUEUE: what was brought along, and what was made here
    brought=$2
    if [ -n "$3" ]; then
        password=$(cat "$ground/secrets/database_app") || fail "reading the password of the database" ''
        brought="${brought}DATABASE_PASSWORD=$password
DATABASE_URL=mysql://app:$password@database:3306/$3
"
    fi
    [ -z "$4" ] || brought="${brought}CACHE_URL=redis://cache:6379/0
"
    [ -z "$5" ] || brought="${brought}CELERY_BROKER_URL=redis://queue:6379/0
CELERY_RESULT_BACKEND=redis://queue:6379/1
"
    put "$releases/$1/env/secrets.env" "$brought" 0600
}

migrate() { # ID WORDS...
    id=$1
    shift
    said=$(compose "$releases/$id" run --rm --no-deps --no-TTY app "$@" 2>&1) || fail "migrating with: $*" "$said"
    text "$said"
}

start() { # ID SECONDS
    said=$(compose "$releases/$1" up --detach --wait --wait-timeout "$2" --no-build 2>&1) || {
        text "$(unwell "$name-$1")"
        fail "starting release $1: not all of its containers became healthy within $2 s" "$said"
    }
}

proxy() { docker exec "$name-ground-proxy-1" "$@"; }

# A reload returns before it is in force: the proxy is asked until only workers of the new configuration answer.
reload() { # ID
    said=$(proxy nginx -t -q -c /etc/nginx/loadline/nginx.conf 2>&1) || return 1
    said=$(proxy nginx -s reload -c /etc/nginx/loadline/nginx.conf 2>&1) || return 1
    tries=0
    agreed=0
    while [ "$agreed" -lt 4 ]; do
        said=$(proxy wget -q -T 2 -O - http://127.0.0.1:8099/release 2>&1)
        if [ "$said" = "$1" ]; then agreed=$((agreed + 1)); else agreed=0 && sleep 1; fi
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] || return 1
    done
}

# The traffic goes to this release, once the proxy reaches each of its containers; else it stays where it is.
move() { # ID
    health=$(cat "$releases/$1/health" 2>&1) || fail "reading how release $1 is asked for its health" "$health"
    for container in $(sed -n 's/^ *server \([^ ]*\) .*/\1/p' "$releases/$1/upstream.conf"); do
        said=$(proxy wget -q -T 5 -O /dev/null "http://$container$health" 2>&1) ||
            fail "asking $container for $health from the proxy; the traffic was not moved" "$said"
    done
    before=$(cat "$ground/nginx/upstream.conf")
    put "$ground/nginx/upstream.conf" "$(cat "$releases/$1/upstream.conf")
" 0644
    reload "$1" || {
        failed=$said
        put "$ground/nginx/upstream.conf" "$before
" 0644
        proxy nginx -s reload -c /etc/nginx/loadline/nginx.conf >/dev/null 2>&1
        fail "the proxy refused its new configuration; the old one holds" "$failed"
    }
    put "$state/current" "$1" 0600
    printf '%s %s %s\n' "$(now)" "$1" "$(field who)" >>"$state/history"
    say current "$1"
}

stop() { # ID
    [ -f "$releases/$1/compose.yml" ] || return 0
    said=$(compose "$releases/$1" stop 2>&1) || fail "stopping release $1" "$said"
}

drop() { # ID
    [ "$1" != "$(current)" ] || fail "release $1 has the traffic: it is not removed" ''
    [ ! -f "$releases/$1/compose.yml" ] || {
        said=$(compose "$releases/$1" down --remove-orphans 2>&1) || fail "removing release $1" "$said"
    }
    rm -rf "${releases:?}/$1"
    say dropped "$1"
}

# All but the current one and the newest of the others go; what is kept does not run.
prune() { # KEEP
    set +f
    for folder in $(printf '%s\n' "$releases"/*/ | sort -r); do
        id=${folder%/}
        id=${id##*/}
        [ -d "$folder" ] && [ "$id" != "$(current)" ] || continue
        kept=$((${kept:-0} + 1))
        if [ "$kept" -le "$1" ]; then stop "$id"; else drop "$id"; fi
    done
    set -f
    kept=0
}

logs() { # PROJECT LINES SINCE SERVICE
    set -- "$1" "$2" "$3" "$4"
    docker ps --all --filter "label=com.docker.compose.project=$1" --format '{{.Names}} {{.Label "com.docker.compose.service"}}' |
        while read -r container service; do
            [ -z "$4" ] || [ "$service" = "$4" ] || continue
            say container "$container" "$service"
            docker logs --timestamps --tail "$2" ${3:+--since "$3"} "$container" 2>&1 | sed 's/^/|/'
        done
}

install_engine() {
    if command -v docker >/dev/null && docker compose version >/dev/null 2>&1 && docker version >/dev/null 2>&1; then
        say engine "$(docker version --format '{{.Server.Version}}')"
        return 0
    fi
    command -v apt-get >/dev/null || fail "installing a container engine: there is no apt-get here" ''
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a
    export DEBIAN_FRONTEND NEEDRESTART_MODE
    said=$(apt-get update -qq 2>&1) || fail "apt-get update" "$said"
    plugin=
    for package in docker-compose-v2 docker-compose-plugin docker-compose; do
        candidate=$(apt-cache policy "$package" 2>/dev/null | sed -n 's/^ *Candidate: //p')
        case $candidate in '' | '(none)' | 1.*) ;; *) plugin=$package && break ;; esac
    done
    [ -n "$plugin" ] || fail "this system has no package of Docker Compose 2: install Docker from docs.docker.com/engine/install" ''
    said=$(apt-get install -y -qq --no-install-recommends docker.io "$plugin" 2>&1) ||
        fail "apt-get install docker.io $plugin" "$said"
    version=$(docker version --format '{{.Server.Version}}' 2>&1) || fail "asking the engine that was installed" "$version"
    say engine "$version"
}

break_lock() {
    alone
    [ ! -f "$state/lock" ] || say broken "$(field who)"
    rm -f "$state/lock"
    together
}
