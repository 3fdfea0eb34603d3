//! What is to be watched, for Prometheus and Grafana: the alarm lines of the spec over the figures that the usual exporters give. Pure.
//!
//! Names of figures: node_exporter, mysqld_exporter, redis_exporter, blackbox_exporter, nginx-prometheus-exporter.

use serde_json::{Value, json};

use super::{FileText, file};
use crate::deploy::stack::Stack;
use crate::spec::Spec;

/// One line that must not be crossed.
struct Line {
    /// Name of the alert.
    name: &'static str,
    /// What is shown.
    title: &'static str,
    /// The figure.
    figure: String,
    /// How it is held against the limit.
    compare: &'static str,
    /// The limit.
    limit: f64,
    /// Unit of the panel, as Grafana names it.
    unit: &'static str,
    /// How long it has to be beyond.
    lasting: &'static str,
    /// Whether somebody has to come at once.
    severity: &'static str,
    /// What it means, and what to do.
    sentence: &'static str,
}

/// The lines of a spec, for what its stack has.
fn lines(spec: &Spec, stack: &Stack) -> Vec<Line> {
    let wanted = &spec.objectives;
    let mut lines = vec![
        line("HostCpuHigh", "CPU of hosts", "1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m]))", ">", wanted.cpu)
            .says("beyond it waiting grows faster than load: add machines, or find what takes the time"),
        line("HostIoWaitHigh", "I/O wait of hosts", "avg by (instance) (rate(node_cpu_seconds_total{mode=\"iowait\"}[5m]))", ">", wanted.io_wait)
            .says("the disks set the pace: look at what reads and writes, and at the memory of the database"),
        line("HostMemoryLow", "Memory left on hosts", "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "<", 0.1)
            .says("the kernel is about to kill a process"),
        line("HostDiskFilling", "Disk left on hosts", "min by (instance) (node_filesystem_avail_bytes{fstype!~\"tmpfs|overlay\"} / node_filesystem_size_bytes)", "<", 0.15)
            .says("logs, images and the database stop when it is full"),
        line("AcceptQueueOverflows", "Connections dropped by full accept queues", "rate(node_netstat_TcpExt_ListenOverflows[5m])", ">", 0.0)
            .unit("cps").says("clients wait seconds for a new try: the backlog or somaxconn is too short, or the application does not accept"),
        line("ClockOff", "Offset of clocks", "abs(node_timex_offset_seconds)", ">", 0.05)
            .unit("s").says("tokens and logs of different hosts disagree: see that time is synchronised"),
        line("TargetDown", "Targets that answer", "min by (job, instance) (up)", "<", 1.0)
            .unit("short").critical().lasting("2m").says("an exporter, or the host it runs on, does not answer"),
        line("ApplicationDown", "Health from outside", "min by (instance) (probe_success)", "<", 1.0)
            .unit("short").critical().lasting("1m").says("people are not answered"),
        line("CertificateEnds", "Days of certificates", "(probe_ssl_earliest_cert_expiry - time()) / 86400", "<", 14.0)
            .unit("d").says("renew it: browsers refuse an expired certificate"),
    ];
    if spec.database.is_some() {
        lines.extend([
            line("DatabaseConnectionsHigh", "Database connections in use", "mysql_global_status_threads_connected / mysql_global_variables_max_connections", ">", wanted.connections)
                .says("above the limit new connections are refused (error 1040): look for pools that are too large, or leak"),
            line("DatabaseThreadsRunningHigh", "Queries at once for each core", "mysql_global_status_threads_running / on (instance) count by (instance) (node_cpu_seconds_total{mode=\"idle\"})", ">", 4.0)
                .unit("short").says("queries wait for each other: look at the slowest"),
            line("ReplicaLags", "Lag of replicas", "mysql_slave_status_seconds_behind_master", ">", 30.0)
                .unit("s").says("reads are old, and a failover would lose what is missing"),
        ]);
    }
    if spec.cache.is_some() || stack.tasks.is_some() {
        lines.push(
            line(
                "RedisMemoryHigh",
                "Memory of cache and queue",
                "redis_memory_used_bytes / (redis_memory_max_bytes > 0)",
                ">",
                wanted.cache_memory,
            )
            .says("a cache evicts what is needed, a queue refuses new tasks"),
        );
    }
    if stack.tasks.is_some() {
        lines.push(
            line(
                "QueueEvicts",
                "Keys evicted from the queue",
                "rate(redis_evicted_keys_total{instance=~\".*queue.*\"}[5m])",
                ">",
                0.0,
            )
            .unit("cps")
            .critical()
            .says("tasks disappear without a trace: the queue's policy has to be noeviction"),
        );
    }
    if let Some(p95_s) = wanted.p95_s {
        lines.push(
            line(
                "ProbeSlow",
                "Time of the probe from outside",
                "avg by (instance) (avg_over_time(probe_duration_seconds[5m]))",
                ">",
                p95_s,
            )
            .unit("s")
            .says("the health check alone takes longer than 95 % of the requests may"),
        );
    }
    lines
}

fn line(name: &'static str, title: &'static str, figure: &str, compare: &'static str, limit: f64) -> Line {
    Line {
        name,
        title,
        figure: figure.to_owned(),
        compare,
        limit,
        unit: "percentunit",
        lasting: "5m",
        severity: "warning",
        sentence: "",
    }
}

impl Line {
    fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    fn lasting(self, lasting: &'static str) -> Self {
        Self { lasting, ..self }
    }

    fn critical(self) -> Self {
        Self { severity: "critical", ..self }
    }

    fn says(self, sentence: &'static str) -> Self {
        Self { sentence, ..self }
    }
}

/// Alert rules for Prometheus and a dashboard for Grafana.
pub fn watch(spec: &Spec, stack: &Stack) -> Vec<FileText> {
    let lines = lines(spec, stack);
    let (rules, dashboard) = (rules(&stack.name, &lines), dashboard(&stack.name, &lines));
    vec![
        // JSON is YAML, and nothing in it is ever taken for anything but text.
        file(
            "prometheus/rules.yml",
            format!("# Made by `loadline deploy render`: change the spec, not this file.\n{rules:#}\n"),
        ),
        file("grafana/dashboard.json", format!("{dashboard:#}\n")),
    ]
}

fn rules(name: &str, lines: &[Line]) -> Value {
    let rule = |line: &Line| {
        json!({
            "alert": line.name,
            "expr": format!("{} {} {}", line.figure, line.compare, line.limit),
            "for": line.lasting,
            "labels": { "severity": line.severity, "deployment": name },
            "annotations": {
                "summary": format!("{}: {{{{ $value }}}} on {{{{ $labels.instance }}}}, the line is {}", line.title, line.limit),
                "description": line.sentence,
            },
        })
    };
    json!({ "groups": [{ "name": format!("loadline-{name}"), "rules": lines.iter().map(rule).collect::<Vec<_>>() }] })
}

fn dashboard(name: &str, lines: &[Line]) -> Value {
    let panel = |(index, line): (usize, &Line)| {
        json!({
            "id": index + 1,
            "title": line.title,
            "description": line.sentence,
            "type": "timeseries",
            "datasource": { "type": "prometheus", "uid": "${datasource}" },
            "gridPos": { "h": 8, "w": 12, "x": 12 * (index % 2), "y": 8 * (index / 2) },
            "fieldConfig": {
                "defaults": {
                    "unit": line.unit,
                    "min": 0,
                    "custom": { "thresholdsStyle": { "mode": "line" } },
                    "thresholds": { "mode": "absolute", "steps": [
                        { "color": if line.compare == ">" { "green" } else { "red" }, "value": null },
                        { "color": if line.compare == ">" { "red" } else { "green" }, "value": line.limit },
                    ] },
                },
                "overrides": [],
            },
            "targets": [{ "refId": "A", "expr": line.figure, "legendFormat": "{{instance}}" }],
        })
    };
    json!({
        "uid": format!("loadline-{name}").chars().take(40).collect::<String>(),
        "title": format!("{name}: the lines of its spec"),
        "tags": ["loadline"],
        "schemaVersion": 39,
        "refresh": "30s",
        "time": { "from": "now-3h", "to": "now" },
        "templating": { "list": [{ "name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus" }] },
        "panels": lines.iter().enumerate().map(panel).collect::<Vec<_>>(),
    })
}
