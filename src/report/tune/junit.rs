//! A verification as JUnit XML: a suite for each host, a case for each setting.

use super::TuneView;
use crate::report::escape::plain;
use crate::tune::judge::{Judged, Verdict};
use crate::tune::run::{HostReport, State};

/// The results as XML.
pub fn tune_junit(view: TuneView<'_>) -> String {
    let suites: String = view.hosts.iter().map(suite).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"loadline tune verify\">\n{suites}</testsuites>\n"
    )
}

fn suite(host: &HostReport) -> String {
    let name = escaped(&host.host);
    if host.state == State::Failed {
        let said = escaped(&host.problems.join("; "));
        return format!(
            "<testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"1\">\n<testcase classname=\"{name}\" \
             name=\"look\"><error message=\"{said}\"/></testcase>\n</testsuite>\n"
        );
    }
    let failures = host.settings.iter().filter(|it| fails(it)).count();
    let cases: String = host.settings.iter().map(|it| case(&name, it)).collect();
    let tests = host.settings.len();
    format!(
        "<testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n{cases}</testsuite>\n"
    )
}

fn fails(judged: &Judged) -> bool {
    !judged.verdict.holds()
}

fn case(host: &str, judged: &Judged) -> String {
    let name = escaped(&judged.setting);
    let head = format!("<testcase classname=\"{host}\" name=\"{name}\"");
    if fails(judged) {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "unknown".to_owned());
        let message = format!("{} instead of {}", value(&judged.from), value(&judged.to));
        let kind = judged.verdict.word();
        let (message, why) = (escaped(&message), escaped(&judged.why));
        format!("{head}><failure type=\"{kind}\" message=\"{message}\">{why}</failure></testcase>\n")
    } else if matches!(judged.verdict, Verdict::Forbidden | Verdict::NoEffect) {
        format!("{head}><skipped message=\"{}\"/></testcase>\n", escaped(&judged.why))
    } else {
        format!("{head}/>\n")
    }
}

/// Text as XML text or attribute; characters that XML cannot hold are made harmless first.
fn escaped(text: &str) -> String {
    let text = plain(text);
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
