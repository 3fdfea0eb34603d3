"""One level of a load test of loadline, on Locust's master and on each of its workers.

The level is told by test.json beside this file, headers by LOADLINE_HEADERS in the environment. Workers count for themselves and report
to the master, which writes lines of JSON for the program that started it. SIGUSR1 ends the level: requests that are under way are waited
for.
"""
import collections
import datetime
import errno
import functools
import json
import os
import random
import signal
import socket
import ssl
import time

import gevent
from geventhttpclient.connectionpool import ConnectionPool
from locust import events, runners, task
from locust.contrib.fasthttp import FastHttpUser

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "test.json")) as file:
    TEST = json.load(file)
HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "User-Agent": TEST["user_agent"],
    **json.loads(os.environ.get("LOADLINE_HEADERS", "{}")),
}
KINDS = TEST["kinds"]
SHARES = [kind["share"] for kind in KINDS]
BODIES = ["x" * kind["body_bytes"] or None for kind in KINDS]
FROM = TEST["ramp_s"] + TEST["warm_up_s"]
UNTIL = FROM + TEST["duration_s"]
# Errors among the requests of so many seconds end the level; below so many requests nothing is concluded.
LOOKED_BACK, ENOUGH = 5, 20

runners.WORKER_REPORT_INTERVAL = 1.0
runners.CPU_MONITOR_INTERVAL = 1.0
clock = time.perf_counter


class Parts:
    """What was meant to be sent before the counted part, and in it; times in us."""

    def __init__(self):
        self.both = [self.empty(), self.empty()]

    @staticmethod
    def empty():
        counts = {name: collections.Counter() for name in ("statuses", "failures", "lag")}
        kinds = [[0, 0, 0, collections.Counter()] for _ in KINDS]
        return {**counts, "kinds": kinds, "received": 0, "opened": 0, "seconds": {}}

    def merge(self, both):
        for whole, part in zip(self.both, both):
            for mine, more in zip(whole["kinds"], part["kinds"]):
                for index in range(3):
                    mine[index] += more[index]
                mine[3].update(more[3])
            for name in ("statuses", "failures", "lag"):
                whole[name].update(part[name])
            for name in ("received", "opened"):
                whole[name] += part[name]
            for second, more in part["seconds"].items():
                mine = whole["seconds"].setdefault(second, [0, 0, 0])
                for index in range(3):
                    mine[index] += more[index]


def rounded(seconds):
    """In us, with eleven binary digits kept: less than 0.1 % off."""
    value = max(int(seconds * 1e6), 1)
    less = max(value.bit_length() - 11, 0)
    return (value >> less << less) + (1 << less >> 1)


def no_answer(error):
    """Why there was none, in words that are the same for all of its kind."""
    number = getattr(error, "errno", None)
    if number in (errno.EMFILE, errno.ENFILE):
        return "this machine: too many open files on a worker"
    if number in (errno.EADDRNOTAVAIL, errno.EADDRINUSE):
        return "this machine: no port is free on a worker"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {getattr(error, 'verify_message', None) or error.reason or 'refused'}"
    if isinstance(error, (TimeoutError, gevent.Timeout)):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "connecting: the name has no address on a worker"
    if isinstance(error, ConnectionRefusedError):
        return "connecting: refused"
    if isinstance(error, ConnectionResetError):
        return "reset"
    name = type(error).__name__
    if name in ("HTTPConnectionClosed", "RemoteDisconnected", "BrokenPipeError"):
        return "closed without an answer"
    return "an answer that is not HTTP" if name == "HTTPParseError" else name


class Worker:
    """The state of a worker."""

    def __init__(self):
        self.parts = Parts()
        self.began = None
        self.until = UNTIL
        self.under_way = 0

    def at(self):
        return clock() - self.began

    def count(self, at, kind, lag, took, answer, failure):
        which = int(at >= FROM)
        part = self.parts.both[which]
        well = failure is None and answer.status_code < 400
        if failure is None:
            part["statuses"][answer.status_code] += 1
            part["received"] += len(answer.content or b"")
        else:
            part["failures"][failure] += 1
        us = rounded(took) if well else 0
        part["lag"][rounded(lag)] += 1
        second = part["seconds"].setdefault(int(at - FROM * which), [0, 0, 0])
        for counts in (part["kinds"][kind], second):
            counts[0] += 1
            counts[1] += not well
            counts[2] += us
        if well:
            part["kinds"][kind][3][us] += 1

    def taken(self):
        parts, self.parts = self.parts, Parts()
        return parts.both

    def end(self, environment, **_):
        """Sends no more, waits for what is under way, and tells the master what is left to tell."""
        self.until = min(self.until, self.at()) if self.began else 0
        deadline = clock() + TEST["timeout_s"] + 1
        while self.under_way and clock() < deadline:
            gevent.sleep(0.01)
        environment.runner.send_message("loadline_rest", self.taken())


worker = Worker()
create_socket = ConnectionPool._create_socket


def counted(self):
    made = create_socket(self)
    if worker.began is not None:
        worker.parts.both[int(worker.at() >= FROM)]["opened"] += 1
    return made


ConnectionPool._create_socket = counted


@functools.cache
def trust():
    return ssl.create_default_context(cadata=TEST["ca"])


class Person(FastHttpUser):
    host = TEST["url"]
    network_timeout = connection_timeout = TEST["timeout_s"]
    insecure = False
    ssl_context_factory = staticmethod(trust)

    def on_start(self):
        self.meant = clock()
        self.carried = 0

    def wait_time(self):
        pause = random.expovariate(1 / TEST["think_s"]) if TEST["think_s"] > 0 else 0
        self.meant = clock() + pause
        return pause

    @task
    def one(self):
        meant, sent = self.meant, clock()
        at = meant - worker.began
        if at >= worker.until or worker.at() >= worker.until:
            # The master ends it.
            gevent.sleep(86400)
        kind = random.choices(range(len(KINDS)), SHARES)[0]
        worker.under_way += 1
        answer, failure = None, None
        try:
            with gevent.Timeout(max(meant + TEST["timeout_s"] - sent, 0.001)):
                answer = self.client.request(
                    KINDS[kind]["method"],
                    KINDS[kind]["path"],
                    data=BODIES[kind],
                    headers=HEADERS,
                    name=KINDS[kind]["name"],
                    allow_redirects=False,
                )
            if not answer.status_code:
                failure = no_answer(answer.error)
        except gevent.Timeout as late:
            failure = no_answer(late)
        finally:
            worker.under_way -= 1
        self.carried += 1
        if failure is not None or self.carried >= TEST["requests_per_connection"]:
            self.client.client.clientpool.close()
            self.carried = 0
        worker.count(at, kind, sent - meant, clock() - meant, answer, failure)


class Master:
    """The state of the master."""

    def __init__(self):
        self.whole = Parts()
        self.now = [0, 0, 0]
        self.finished = set()
        self.lost = set()
        self.cpu = collections.defaultdict(list)
        self.asked = False
        self.ending = "whole"

    def hear(self, both):
        self.whole.merge(both)
        for part in both:
            for kind in part["kinds"]:
                self.now = [mine + more for mine, more in zip(self.now, kind)]

    def rest(self, environment, msg, **_):
        self.hear(msg.data)
        self.finished.add(msg.node_id)

    def ask(self):
        self.asked = True

    def look(self, runner, recent):
        (requests, errors, sum_us), self.now = self.now, [0, 0, 0]
        emit({"requests": requests, "errors": errors, "sum_us": sum_us})
        self.lost.update(node.id for node in runner.clients.all if node.state == runners.STATE_MISSING)
        for node in runner.clients.all:
            if node.cpu_usage:
                self.cpu[node.id].append(node.cpu_usage / 100)
        recent.append((requests, errors))
        requests, errors = (sum(column) for column in zip(*recent))
        if requests >= ENOUGH and errors > requests * TEST["stop_share"]:
            self.ending, self.asked = "errors", True

    def watch(self, environment):
        runner, recent = environment.runner, collections.deque(maxlen=LOOKED_BACK)
        workers = {node.id for node in runner.clients.all}
        began, stamp = clock(), datetime.datetime.now(datetime.timezone.utc)
        second = 0
        while not self.asked and clock() - began < UNTIL:
            second += 1
            while not self.asked and clock() - began < min(second, UNTIL):
                gevent.sleep(min(0.05, max(min(second, UNTIL) - (clock() - began), 0.001)))
            self.look(runner, recent)
        elapsed = min(clock() - began, UNTIL)
        runner.send_message("loadline_end")
        deadline = clock() + TEST["timeout_s"] + 5
        while not workers <= self.finished | self.lost and clock() < deadline:
            gevent.sleep(0.02)
        lost = workers - self.finished
        emit(
            {
                "ending": self.ending,
                "elapsed_s": elapsed,
                "began": stamp.isoformat(),
                "cpu_share": max((sum(all) / len(all) for all in self.cpu.values()), default=0),
                "lost": len(lost),
                "before": self.whole.both[0],
                "counted": self.whole.both[1],
            }
        )
        runner.quit()


master = Master()


def emit(value):
    print("loadline:" + json.dumps(value), flush=True)


@events.init.add_listener
def know_messages(environment, **_):
    environment.process_exit_code = 0
    if isinstance(environment.runner, runners.MasterRunner):
        environment.runner.register_message("loadline_rest", master.rest)
        gevent.signal_handler(signal.SIGUSR1, master.ask)
    else:
        environment.runner.register_message("loadline_end", worker.end, concurrent=True)


@events.test_start.add_listener
def begin(environment, **_):
    if isinstance(environment.runner, runners.MasterRunner):
        gevent.spawn(master.watch, environment)
    else:
        worker.began = clock()
        random.seed(f"{TEST['seed']} {environment.runner.worker_index}")


@events.report_to_master.add_listener
def report(data, **_):
    data["loadline"] = worker.taken()


@events.worker_report.add_listener
def heard(data, **_):
    master.hear(data["loadline"])
