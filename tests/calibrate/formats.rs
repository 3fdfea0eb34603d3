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
