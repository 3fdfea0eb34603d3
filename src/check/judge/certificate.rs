//! How long a certificate is still valid.

use jiff::Timestamp;

use super::super::lines::{CERTIFICATE_DAYS, CERTIFICATE_WARN_DAYS};
use super::super::{Finding, Unit, Verdict};

/// What a server showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Valid from, s since 1970.
    pub from_s: i64,
    /// Valid until, s since 1970.
    pub until_s: i64,
}

const DAY_S: f64 = 86_400.0;

/// The finding about the certificate of `host`; `Err` holds why none was seen.
pub fn certificate(
    component: &str,
    host: &str,
    seen: &Result<Certificate, String>,
    now: Timestamp,
) -> Finding {
    const CHECK: &str = "certificate";
    let certificate = match seen {
        Ok(certificate) => certificate,
        Err(why) => {
            let sentence = format!("The certificate of {host} could not be seen: {why}.");
            return Finding::unknown(component, CHECK, Unit::Days, sentence);
        }
    };
    let days = |from: i64, to: i64| (to - from) as f64 / DAY_S;
    let left = days(now.as_second(), certificate.until_s);
    let life = days(certificate.from_s, certificate.until_s);
    // Certificates that live for days only are renewed at a third of their life.
    let line = CERTIFICATE_DAYS.min(life / 10.0);
    let early = CERTIFICATE_WARN_DAYS.min(life / 4.0);
    let verdict = match left {
        left if left <= line => Verdict::Fail,
        left if left <= early => Verdict::Warn,
        _ => Verdict::Ok,
    };
    let date =
        Timestamp::from_second(certificate.until_s).map_or_else(|_| "?".to_owned(), |at| at.to_string());
    let date = date.split('T').next().unwrap_or_default().to_owned();
    let sentence = if now.as_second() < certificate.from_s {
        return Finding::measured(
            component,
            CHECK,
            left,
            Unit::Days,
            format!(
                "The certificate of {host} is not valid yet: its time begins in {:.0} days.",
                days(now.as_second(), certificate.from_s)
            ),
        )
        .against(line, Verdict::Fail)
        .hint("look at the clock of this machine, then at the certificate");
    } else if left <= 0.0 {
        format!("The certificate of {host} has expired, {:.0} days ago, on {date}.", -left)
    } else {
        format!("The certificate of {host} is valid for {left:.0} days, until {date}.")
    };
    Finding::measured(component, CHECK, left, Unit::Days, sentence)
        .against(line, verdict)
        .hint("renew it, and find out why that did not happen by itself")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(from: i64, until: i64) -> Finding {
        let day = 86_400;
        let now = Timestamp::from_second(20_000 * day).unwrap();
        let seen = Ok(Certificate { from_s: (20_000 + from) * day, until_s: (20_000 + until) * day });
        certificate("balancer", "shop.example", &seen, now)
    }

    #[test]
    fn an_expired_certificate_says_since_when() {
        let finding = judged(-90, -3);
        assert_eq!((finding.verdict, finding.value), (Verdict::Fail, Some(-3.0)));
        assert!(finding.sentence.contains("has expired, 3 days ago, on 2024-10-"), "{}", finding.sentence);
    }

    #[test]
    fn short_lives_have_short_lines() {
        assert_eq!(judged(-60, 30).verdict, Verdict::Ok);
        assert_eq!(judged(-75, 15).verdict, Verdict::Warn);
        assert_eq!(judged(-84, 6).verdict, Verdict::Fail);
        assert_eq!(judged(-2, 4).verdict, Verdict::Ok, "six days in all, two thirds of them left");
        assert_eq!(judged(1, 90).verdict, Verdict::Fail);
    }
}
