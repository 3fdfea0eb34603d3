//! Alerts and curves on what the usual exporters serve: node_exporter, mysqld_exporter, redis_exporter, blackbox_exporter. The names
//! of the metrics are theirs; the figures are the lines of the spec.

use super::super::lines::{
    CERTIFICATE_DAYS, CLOCK_S, DISK, HEADROOM, HOST_MEMORY, NEAR, REPLICATION_LAG_S, STEAL,
};
use super::{Alarm, Curve, Urgency, Watched, figure};

/// Interfaces that carry traffic of the host itself.
const LINKS: &str = r#"device!~"lo|veth.*|docker.*|br-.*|cali.*|flannel.*""#;
/// File systems on disks.
const DISKS: &str = r#"fstype!~"tmpfs|devtmpfs|overlay|squashfs|ramfs|iso9660""#;

/// One value that is watched: its curve, and the alert on it.
struct Watch {
    title: &'static str,
    alert: &'static str,
    expression: String,
    legend: &'static str,
    unit: &'static str,
    line: f64,
    lasting: &'static str,
    urgency: Urgency,
    /// What it means, with `LINE` for the line.
    meaning: &'static str,
}

fn watches(of: Watched<'_>) -> Vec<Watch> {
    use Urgency::{Critical, Warning};
    let lines = of.lines;
    let rate = |metric: &str, labels: &str| format!("rate({metric}{{{labels}}}[5m])");
    let cpu = |modes: &str| format!("avg by (instance) ({})", rate("node_cpu_seconds_total", modes));
    let host = |title, alert, expression, line, meaning| Watch {
        title,
        alert,
        expression,
        legend: "{{instance}}",
        unit: "percentunit",
        line,
        lasting: "5m",
        urgency: Critical,
        meaning,
    };
    let busiest = |direction: &str| {
        format!(
            "{} / (node_network_speed_bytes > 0)",
            rate(&format!("node_network_{direction}_bytes_total"), LINKS)
        )
    };
    let mut watches = vec![
        host(
            "CPU",
            "CpuOverLine",
            format!(
                "1 - sum by (instance) ({})",
                cpu(r#"mode=~"idle|iowait""#).replace("avg by (instance)", "avg by (instance, mode)")
            ),
            lines.cpu,
            "The CPUs are busier than LINE.",
        ),
        host(
            "I/O wait",
            "IoWaitOverLine",
            cpu(r#"mode="iowait""#),
            lines.io_wait,
            "The CPUs wait for disks more than LINE of the time.",
        ),
        host(
            "Steal",
            "StealOverLine",
            cpu(r#"mode="steal""#),
            STEAL,
            "Others on the same machine take more than LINE.",
        ),
        host(
            "Network",
            "NetworkWithoutHeadroom",
            format!("max by (instance) ({} or {})", busiest("receive"), busiest("transmit")),
            HEADROOM,
            "An interface carries more than LINE of its speed.",
        ),
        host(
            "Memory",
            "MemoryOverLine",
            "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes".into(),
            HOST_MEMORY,
            "More than LINE of the memory is in use.",
        ),
        Watch {
            urgency: Warning,
            lasting: "15m",
            ..host(
                "Disk space",
                "DiskOverLine",
                format!(
                    "max by (instance) (1 - node_filesystem_avail_bytes{{{DISKS}}} / node_filesystem_size_bytes{{{DISKS}}})"
                ),
                DISK,
                "A file system is more than LINE full.",
            )
        },
        host(
            "Tracked connections",
            "TrackedConnectionsOverLine",
            "node_nf_conntrack_entries / node_nf_conntrack_entries_limit".into(),
            HEADROOM,
            "More than LINE of the connections that the kernel tracks are in use; beyond all of them packets are dropped.",
        ),
        Watch {
            unit: "s",
            urgency: Warning,
            ..host(
                "Clock offset",
                "ClockOffset",
                "abs(node_timex_offset_seconds)".into(),
                CLOCK_S,
                "The clock is off by more than LINE s.",
            )
        },
        Watch {
            unit: "short",
            urgency: Warning,
            ..host(
                "Listen overflows",
                "ListenOverflows",
                rate("node_netstat_TcpExt_ListenOverflows", "").replace("{}", ""),
                0.0,
                "Connections find the queue of a listener full.",
            )
        },
        Watch {
            unit: "short",
            lasting: "0m",
            ..host(
                "Kills for want of memory",
                "MemoryKills",
                "increase(node_vmstat_oom_kill[10m])".into(),
                0.0,
                "The kernel killed a process for want of memory.",
            )
        },
    ];
    if lines.max_connections.is_some() {
        watches.push(host(
            "Database connections",
            "DatabaseConnectionsOverLine",
            "mysql_global_status_threads_connected / mysql_global_variables_max_connections".into(),
            lines.connections,
            "More than LINE of max_connections are open.",
        ));
        if let Some(pool) = lines.pool {
            watches.push(host(
                "Database pool",
                "DatabasePoolOverLine",
                format!("mysql_global_status_threads_connected / {}", figure(pool)),
                lines.connections,
                "More than LINE of the connections that all pools may open are open.",
            ));
        }
        if let Some(running) = lines.running {
            watches.push(Watch {
                unit: "short",
                ..host(
                    "Running queries",
                    "DatabaseThreadsRunning",
                    "mysql_global_status_threads_running".into(),
                    running - 1.0,
                    "More than LINE queries run at once: four for each core.",
                )
            });
        }
        watches.push(Watch {
            unit: "s",
            ..host(
                "Replication lag",
                "ReplicationLag",
                "mysql_slave_status_seconds_behind_master".into(),
                REPLICATION_LAG_S,
                "The replica is more than LINE s behind.",
            )
        });
    }
    if lines.max_memory_bytes.is_some() || lines.tasks_per_s.is_some() {
        watches.push(host(
            "Cache memory",
            "CacheMemoryOverLine",
            "redis_memory_used_bytes / (redis_memory_max_bytes > 0)".into(),
            lines.cache_memory,
            "More than LINE of maxmemory is in use.",
        ));
        watches.push(Watch {
            unit: "short",
            urgency: Warning,
            ..host(
                "Evictions",
                "CacheEvicts",
                "rate(redis_evicted_keys_total[5m])".into(),
                0.0,
                "The cache evicts keys: its hit rate falls below what the load was sized with.",
            )
        });
        watches.push(host(
            "Cache clients",
            "CacheClientsOverLine",
            "redis_connected_clients / redis_config_maxclients".into(),
            HEADROOM,
            "More than LINE of maxclients are connected.",
        ));
    }
    if let Some(response_s) = lines.response_s {
        watches.push(Watch {
            unit: "s",
            urgency: Warning,
            ..host(
                "Health check",
                "HealthCheckSlow",
                "probe_duration_seconds".into(),
                response_s,
                "The health check takes longer than the objective of LINE s.",
            )
        });
    }
    if let Some(rate) = lines.tasks_per_s {
        // Exporters know how long a queue is, not how old its oldest task; with all slots busy one follows from the other.
        watches.push(Watch {
            unit: "s",
            ..host(
                "Task queue age",
                "TaskQueueOld",
                format!(r#"sum by (instance) (redis_key_size{{key="celery"}}) / {}"#, figure(rate)),
                lines.task_age_s,
                "Tasks in the queue wait longer than LINE s.",
            )
        });
    }
    watches
}

/// Alerts about what is not there at all.
fn absences(of: Watched<'_>) -> Vec<Alarm> {
    let down = |name, expression: &str, summary, description: &str| Alarm {
        name,
        expression: expression.to_owned(),
        lasting: "1m",
        urgency: Urgency::Critical,
        summary,
        description: description.to_owned(),
    };
    let mut alarms = vec![
        down(
            "HealthCheckFails",
            "probe_success == 0",
            "{{ $labels.instance }} fails its health check",
            "The balancer or an instance does not answer its health check.",
        ),
        down(
            "HostDown",
            r#"up{job=~"node.*"} == 0"#,
            "{{ $labels.instance }} does not answer",
            "The exporter of a host does not answer.",
        ),
        Alarm {
            urgency: Urgency::Warning,
            lasting: "1h",
            ..down(
                "CertificateEnds",
                &format!("(probe_ssl_earliest_cert_expiry - time()) / 86400 < {}", figure(CERTIFICATE_DAYS)),
                "The certificate of {{ $labels.instance }} ends soon",
                "Renew it, and find out why that did not happen by itself.",
            )
        },
    ];
    if of.lines.max_connections.is_some() {
        alarms.push(down(
            "DatabaseDown",
            "mysql_up == 0",
            "The database does not answer",
            "mysqld_exporter cannot log in.",
        ));
        alarms.push(down(
            "DatabaseRefusesConnections",
            r#"rate(mysql_global_status_connection_errors_total{error="max_connections"}[5m]) > 0"#,
            "The database turns connections away",
            "max_connections is reached.",
        ));
        alarms.push(down(
            "ReplicationStopped",
            "mysql_slave_status_slave_sql_running == 0 or mysql_slave_status_slave_io_running == 0",
            "The replica does not copy any more",
            "Look at SHOW REPLICA STATUS there.",
        ));
    }
    if of.lines.tasks_per_s.is_some() {
        alarms.push(down(
            "QueueEvicts",
            r#"rate(redis_evicted_keys_total{instance=~".*queue.*"}[5m]) > 0"#,
            "The queue evicts tasks",
            "Tasks disappear without a trace: its maxmemory-policy has to be noeviction.",
        ));
    }
    if of.lines.max_memory_bytes.is_some() || of.lines.tasks_per_s.is_some() {
        alarms.push(down(
            "CacheDown",
            "redis_up == 0",
            "The cache does not answer",
            "redis_exporter cannot log in.",
        ));
        alarms.push(down(
            "CacheLinkDown",
            "redis_master_link_up == 0",
            "The replica of the cache has lost its primary",
            "Look at the primary, and at INFO replication.",
        ));
    }
    alarms
}

/// Every alert on exporters.
pub(super) fn alarms(of: Watched<'_>) -> Vec<Alarm> {
    let mut alarms = absences(of);
    for watch in watches(of) {
        let line = match watch.unit {
            "percentunit" => format!("{} %", figure(watch.line * 100.0)),
            _ => figure(watch.line),
        };
        let sentence = watch.meaning.replace("LINE", &line);
        alarms.push(Alarm {
            name: watch.alert,
            expression: format!("{} > {}", watch.expression, figure(watch.line)),
            lasting: watch.lasting,
            urgency: watch.urgency,
            summary: watch.title,
            description: format!("{sentence} It is {{{{ $value }}}} at {{{{ $labels.instance }}}}."),
        });
        if watch.urgency == Urgency::Critical && watch.line > 0.0 && watch.unit == "percentunit" {
            alarms.push(near(&watch));
        }
    }
    alarms
}

/// The warning before a line is crossed.
fn near(watch: &Watch) -> Alarm {
    let line = figure(watch.line * NEAR);
    Alarm {
        name: watch.alert,
        expression: format!("{} > {line}", watch.expression),
        lasting: "15m",
        urgency: Urgency::Warning,
        summary: watch.title,
        description: format!(
            "It is {{{{ $value }}}} at {{{{ $labels.instance }}}} and comes near its line of {}.",
            figure(watch.line)
        ),
    }
}

/// Every curve on exporters.
pub(super) fn curves(of: Watched<'_>) -> Vec<Curve> {
    let curve = |watch: Watch| Curve {
        title: watch.title,
        expression: watch.expression,
        legend: watch.legend,
        unit: watch.unit,
        line: (watch.line > 0.0).then_some(watch.line),
    };
    watches(of).into_iter().map(curve).collect()
}
