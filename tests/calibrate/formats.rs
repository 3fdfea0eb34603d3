//! One test as each tool writes it.

use std::collections::BTreeMap;

use crate::truth::{BEGAN, Ended, KINDS, LEVEL_S, Test};

/// `k6 run --out csv`.
pub(crate) fn k6_csv(test: &Test) -> String {
    let mut text = String::from(
        "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n",
    );
    let mut users = 0;
    for Ended { at_s, took_s, kind, users: now } in &test.requests {
        if *now != users {
            users = *now;
            text += &format!("vus,{},{users}.000000,,,,,,,,,,,,,,,,\n", *at_s as i64);
        }
        let name = KINDS[*kind];
        let tail = format!(",,,,true,,GET,{name},HTTP/1.1,default,,200,,,http://shop/{name},,");
        text += &format!("http_reqs,{},1.000000{tail}\n", *at_s as i64);
        text += &format!("http_req_duration,{},{:.6}{tail}\n", *at_s as i64, took_s * 1e3);
        text += &format!("http_req_failed,{},0.000000{tail}\n", *at_s as i64);
    }
    text
}

/// JMeter's JTL as CSV, with the columns that it writes by itself.
pub(crate) fn jmeter_csv(test: &Test) -> String {
    let mut text = String::from(
        "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n",
    );
    for Ended { at_s, took_s, kind, users } in &test.requests {
        let (elapsed, name) = ((took_s * 1e3).round() as i64, KINDS[*kind]);
        let begin = (at_s * 1e3) as i64 - elapsed;
        text += &format!(
            "{begin},{elapsed},{name},200,OK,users 1-1,text,true,,512,128,{users},{users},http://shop/{name},{elapsed},0,1\n"
        );
    }
    text
}

/// Locust's `_stats_history.csv`, with the full history.
pub(crate) fn locust_history(test: &Test) -> String {
    let mut text = String::from(
        "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size\n",
    );
    let mut sums: BTreeMap<&str, (u64, f64)> = BTreeMap::new();
    let mut requests = test.requests.iter().peekable();
    let last = test.requests.last().unwrap().at_s as i64 + 1;
    for second in BEGAN..=last {
        let mut users = 0;
        while let Some(ended) = requests.next_if(|it| it.at_s < second as f64) {
            let sum = sums.entry(KINDS[ended.kind]).or_default();
            *sum = (sum.0 + 1, sum.1 + ended.took_s * 1e3);
            users = ended.users;
        }
        if users == 0 {
            continue;
        }
        let all = sums.values().fold((0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
        let row = |kind: &str, name: &str, sum: (u64, f64)| {
            let mean = sum.1 / sum.0 as f64;
            format!(
                "{second},{users},{kind},{name},1.0,0.0,9,9,9,9,9,9,9,9,9,9,9,{},0,9,{mean},1,9,512\n",
                sum.0
            )
        };
        for (name, sum) in &sums {
            text += &row("GET", name, *sum);
        }
        text += &row("", "Aggregated", all);
    }
    text
}

/// Our own.
pub(crate) fn loadline(test: &Test) -> String {
    let mut levels: BTreeMap<i64, Vec<&Ended>> = BTreeMap::new();
    for ended in &test.requests {
        levels.entry((ended.at_s as i64 - BEGAN) / LEVEL_S).or_default().push(ended);
    }
    let level = |(number, ended): (&i64, &Vec<&Ended>)| {
        let kinds = KINDS.iter().enumerate().map(|(kind, name)| {
            let of: Vec<f64> = ended.iter().filter(|it| it.kind == kind).map(|it| it.took_s * 1e3).collect();
            let mean = of.iter().sum::<f64>() / of.len() as f64;
            serde_json::json!({ "name": name, "requests": of.len(), "errors": 0, "response_ms": { "mean": mean } })
        });
        let start = jiff::Timestamp::from_second(BEGAN + number * LEVEL_S).unwrap();
        serde_json::json!({
            "users": ended[0].users, "started_at": start.to_string(), "duration_s": LEVEL_S,
            "by_request": kinds.collect::<Vec<_>>(),
        })
    };
    serde_json::json!({ "schema": 1, "levels": levels.iter().map(level).collect::<Vec<_>>() }).to_string()
}

/// `k6 run --out json`.
pub(crate) fn k6_json(test: &Test) -> String {
    let metric = |name: &str, kind: &str, contains: &str| {
        let data = serde_json::json!({ "name": name, "type": kind, "contains": contains, "thresholds": [], "submetrics": null });
        serde_json::json!({ "type": "Metric", "metric": name, "data": data }).to_string() + "\n"
    };
    let mut text = metric("vus", "gauge", "default") + &metric("http_reqs", "counter", "default");
    text += &metric("http_req_duration", "trend", "time");
    let mut users = 0;
    for Ended { at_s, took_s, kind, users: now } in &test.requests {
        let time = jiff::Timestamp::from_microsecond((at_s * 1e6) as i64).unwrap().to_string();
        let point = |metric: &str, value: f64, tags: serde_json::Value| {
            let data = serde_json::json!({ "time": time, "value": value, "tags": tags });
            serde_json::json!({ "metric": metric, "type": "Point", "data": data }).to_string() + "\n"
        };
        if *now != users {
            users = *now;
            text += &point("vus", f64::from(users), serde_json::json!({}));
        }
        let url = format!("http://shop/{}", KINDS[*kind]);
        let tags = serde_json::json!({ "expected_response": "true", "method": "GET", "name": KINDS[*kind], "status": "200", "url": url });
        text += &point("http_reqs", 1.0, tags.clone());
        text += &point("http_req_duration", took_s * 1e3, tags.clone());
        text += &point("http_req_failed", 0.0, tags);
    }
    text
}

/// JMeter's JTL as XML; every tenth request stands in a transaction.
pub(crate) fn jmeter_xml(test: &Test) -> String {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testResults version=\"1.2\">\n");
    for (number, Ended { at_s, took_s, kind, users }) in test.requests.iter().enumerate() {
        let (elapsed, name) = ((took_s * 1e3).round() as i64, KINDS[*kind]);
        let begin = (at_s * 1e3) as i64 - elapsed;
        let attributes = |label: &str| {
            format!(
                "t=\"{elapsed}\" it=\"0\" lt=\"{elapsed}\" ct=\"1\" ts=\"{begin}\" s=\"true\" lb=\"{label}\" rc=\"200\" rm=\"OK\" \
                 tn=\"users 1-1\" dt=\"text\" by=\"512\" sby=\"128\" ng=\"{users}\" na=\"{users}\""
            )
        };
        let request = format!(
            "<httpSample {}><java.net.URL>http://shop/{name}</java.net.URL></httpSample>\n",
            attributes(name)
        );
        if number % 10 == 0 {
            text += &format!("<sample {}>\n{request}</sample>\n", attributes("visit"));
        } else {
            text += &request;
        }
    }
    text + "</testResults>\n"
}

/// What a test came to: requests and their mean time, s, by kind; people; length, s.
struct Sums {
    kinds: [(f64, f64); 2],
    users: u32,
    seconds: f64,
}

impl Sums {
    fn of(level: &Test) -> Self {
        let kind = |kind: usize| {
            let times: Vec<f64> =
                level.requests.iter().filter(|it| it.kind == kind).map(|it| it.took_s).collect();
            (times.len() as f64, times.iter().sum::<f64>() / times.len() as f64)
        };
        Self { kinds: [kind(0), kind(1)], users: level.requests[0].users, seconds: LEVEL_S as f64 }
    }

    /// Both kinds together.
    fn all(&self) -> (f64, f64) {
        let [(one, its), (other, others)] = self.kinds;
        (one + other, (one * its + other * others) / (one + other))
    }
}

/// One level as k6 sums it up: `--summary-export`, what handleSummary gets, or the machine-readable summary.
pub(crate) fn k6_summary(level: &Test, shape: usize) -> String {
    let sums = Sums::of(level);
    let counter =
        |(count, _): (f64, f64)| serde_json::json!({ "count": count, "rate": count / sums.seconds });
    let trend = |(_, mean): (f64, f64)| serde_json::json!({ "avg": mean * 1e3, "min": 1.0, "med": mean * 1e3, "max": 900.0, "p(90)": 2.0 * mean * 1e3, "p(95)": 2.2 * mean * 1e3 });
    let named: Vec<(String, &str, serde_json::Value)> = [
        ("http_reqs".to_owned(), "counter", counter(sums.all())),
        ("http_req_duration".to_owned(), "trend", trend(sums.all())),
        (
            "http_req_failed".to_owned(),
            "rate",
            serde_json::json!({ "rate": 0.0, "value": 0.0, "passes": 0, "fails": 1 }),
        ),
        (
            "vus_max".to_owned(),
            "gauge",
            serde_json::json!({ "value": sums.users, "min": sums.users, "max": sums.users }),
        ),
    ]
    .into_iter()
    .chain(KINDS.iter().zip(sums.kinds).flat_map(|(name, of)| {
        [
            (format!("http_reqs{{name:{name}}}"), "counter", counter(of)),
            (format!("http_req_duration{{name:{name}}}"), "trend", trend(of)),
        ]
    }))
    .collect();
    let map = |of: &dyn Fn(&str, &serde_json::Value) -> serde_json::Value| -> serde_json::Value {
        serde_json::Value::Object(
            named.iter().map(|(name, kind, values)| (name.clone(), of(kind, values))).collect(),
        )
    };
    match shape {
        0 => serde_json::json!({ "metrics": map(&|_, values| values.clone()), "root_group": { "name": "", "checks": {} } }),
        1 => serde_json::json!({
            "metrics": map(&|kind, values| serde_json::json!({ "type": kind, "contains": "default", "values": values })),
            "state": { "testRunDurationMs": sums.seconds * 1e3 },
        }),
        _ => serde_json::json!({
            "version": "1.0.0",
            "config": { "duration": sums.seconds },
            "results": { "checks": [], "metrics": named.iter().map(|(name, kind, values)| {
                serde_json::json!({ "name": name, "type": kind, "contains": "default", "values": values })
            }).collect::<Vec<_>>() },
        }),
    }
    .to_string()
}

/// One level as Locust's `_stats.csv`.
pub(crate) fn locust_stats(level: &Test) -> String {
    let sums = Sums::of(level);
    let mut text = String::from(
        "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\n",
    );
    let mut row = |kind: &str, name: &str, (count, mean): (f64, f64)| {
        let rate = count / sums.seconds;
        text +=
            &format!("{kind},{name},{count},0,9,{},1,9,512,{rate},0.0,9,9,9,9,9,9,9,9,9,9,9\n", mean * 1e3);
    };
    KINDS.iter().zip(sums.kinds).for_each(|(name, of)| row("GET", name, of));
    row("", "Aggregated", sums.all());
    text
}
