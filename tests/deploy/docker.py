#!/usr/bin/env python3
"""The container engine of a test host: what `docker` and `docker compose` say and do, without containers.

What it is asked is checked as the real one would: files that a project names have to be there, images have to have been pulled, the
proxy takes only containers that it can find. An image with the tag `sick` never becomes healthy, one called `missing` is in no
registry; on a host with the file /sick nothing of a release becomes healthy. Each time the people would have been sent to a container
that does not run, a line goes to /var/lib/engine/lost.
"""
import json
import os
import re
import sys
from pathlib import Path

HOME = Path("/var/lib/engine")
STATE = HOME / "state.json"


def load():
    if STATE.exists():
        return json.loads(STATE.read_text())
    return {"images": [], "containers": {}, "traffic": []}


def save(state):
    HOME.mkdir(parents=True, exist_ok=True)
    STATE.with_suffix(".new").write_text(json.dumps(state, indent=1))
    STATE.with_suffix(".new").replace(STATE)
    for name in state["traffic"]:
        one = state["containers"].get(name)
        if one is None or one["state"] != "running":
            with open(HOME / "lost", "a") as lost:
                lost.write(f"{name} {' '.join(sys.argv[1:])}\n")


def fail(text, status=1):
    print(text, file=sys.stderr)
    sys.exit(status)


def project(folder, file):
    """Name, and services with image, number and what they need, of a file of ours."""
    text = Path(file).read_text()
    name = re.search(r'^name: "(.+)"$', text, re.M).group(1)
    services = {}
    inside = text.split("\nservices:\n", 1)[1]
    inside = re.split(r"\n(?=[a-z])", inside)[0]
    for part in re.split(r"\n(?=  [a-z]+:\n)", "\n" + inside):
        found = re.match(r"\s*([a-z]+):\n", part)
        if not found:
            continue
        replicas = re.search(r"replicas: (\d+)", part)
        for env in re.findall(r"\./env/[a-z.]+", part):
            if not (Path(folder) / env).is_file():
                fail(f"env file {folder}/{env} not found: stat {env}: no such file or directory", 14)
        for mount in re.findall(r"- (\./[a-z./-]+):/", part):
            if not (Path(folder) / mount).exists():
                fail(f"mount source {mount} does not exist")
        services[found.group(1)] = {
            "image": re.search(r'image: "(.+)"', part).group(1),
            "number": int(replicas.group(1)) if replicas else 1,
        }
    return name, services


def up(state, folder, file):
    name, services = project(folder, file)
    sick = []
    for service, what in services.items():
        if what["image"] not in state["images"]:
            fail(f"pull access denied for {what['image']}")
        for number in range(1, what["number"] + 1):
            own = f"{name}-{service}-{number}"
            well = not (what["image"].endswith(":sick") or (service in ("app", "tasks") and Path("/sick").exists()))
            state["containers"][own] = {
                "project": name, "service": service, "state": "running", "well": well, "folder": folder,
            }
            if not well:
                sick.append(own)
    save(state)
    if sick:
        fail(f"container {sick[0]} is unhealthy")


def compose(state, words):
    if words[0] == "version":
        print(Path("/compose-version").read_text().strip() if Path("/compose-version").exists() else "2.29.1")
        return
    assert words[0:5:2] == ["--progress", "--project-directory", "--file"], words
    folder, file, (verb, *rest) = words[3], words[5], words[6:]
    if not Path(file).is_file():
        fail(f"open {file}: no such file or directory")
    name, _ = project(folder, file)
    mine = [own for own, one in state["containers"].items() if one["project"] == name]
    if verb == "up":
        assert "--wait" in rest and "--detach" in rest
        up(state, folder, file)
    elif verb == "stop":
        for own in mine:
            state["containers"][own]["state"] = "exited"
        save(state)
    elif verb == "down":
        for own in mine:
            del state["containers"][own]
        save(state)
    elif verb == "run":
        command = rest[rest.index("app") + 1:]
        with open(HOME / "ran", "a") as ran:
            ran.write(" ".join(command) + "\n")
        if "broken" in command:
            fail("Can't locate revision identified by 'broken'")
        print("ran", " ".join(command))
    else:
        fail(f"unknown command: docker compose {verb}")


def reached(state, url):
    name = re.match(r"http://([^:/]+)", url).group(1)
    one = state["containers"].get(name)
    return one is not None and one["state"] == "running" and one["well"]


def execute(state, name, words):
    one = state["containers"].get(name)
    if one is None or one["state"] != "running":
        fail(f"Error response from daemon: container {name} is not running")
    if words[0] == "wget" and words[-1].endswith(":8099/release"):
        print(state.get("release", "none"))
    elif words[0] == "wget":
        if not reached(state, words[-1]):
            fail("wget: can't connect to remote host: Connection refused")
    elif words[:2] == ["nginx", "-t"] or words[:2] == ["nginx", "-s"]:
        text = (Path(one["folder"]) / "nginx/upstream.conf").read_text()
        servers = re.findall(r"^ *server ([^ :;]+):", text, re.M)
        for server in servers:
            if server != "127.0.0.1" and state["containers"].get(server, {}).get("state") != "running":
                fail(f'nginx: [emerg] host not found in upstream "{server}:8000"')
        if words[1] == "-s":
            state["traffic"] = servers
            state["release"] = re.search(r'default "(.+)";', text).group(1)
            save(state)
    else:
        fail(f"exec: {words[0]}: not found", 127)


def listed(state, words):
    wanted = next(word for word in words if word.startswith("label=")).split("=")[-1]
    form = words[words.index("--format") + 1]
    for name, one in state["containers"].items():
        if one["project"] != wanted:
            continue
        health = "healthy" if one["well"] else "unhealthy"
        status = f"Up 2 minutes ({health})" if one["state"] == "running" else "Exited (0) 1 minute ago"
        line = form.replace("{{.Names}}", name).replace("{{.State}}", one["state"]).replace("{{.Status}}", status)
        print(line.replace('{{.Label "com.docker.compose.service"}}', one["service"]))


def main():
    words = sys.argv[1:]
    state = load()
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / "asked", "a") as asked:
        asked.write(" ".join(words) + "\n")
    if words[0] == "version":
        print("28.2.2")
    elif words[0] == "info":
        print("/var/lib")
    elif words[0] == "compose":
        compose(state, words[1:])
    elif words[0] == "pull":
        if "missing" in words[-1]:
            fail(f"Error response from daemon: manifest for {words[-1]} not found")
        state["images"] = sorted({*state["images"], words[-1]})
        save(state)
    elif words[:2] == ["image", "inspect"]:
        if words[-1] not in state["images"]:
            fail(f"Error: No such image: {words[-1]}")
        print("sha256:1234 amd64")
    elif words[0] == "ps":
        listed(state, words)
    elif words[0] == "logs":
        print(f"2026-11-26T15:00:00.000000001Z {words[-1]} begins")
        print(f"2026-11-26T15:00:00.000000002Z {words[-1]} cannot reach its database", file=sys.stderr)
    elif words[0] == "exec":
        execute(state, words[1], words[2:])
    else:
        fail(f"docker: unknown command: docker {words[0]}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    os.umask(0o077)
    main()
