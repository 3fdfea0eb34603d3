//! Redis and Valkey: a login and `INFO`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError};

use super::super::judge::{CacheSample, cache, cache_down, info};
use super::super::{Finding, Lines, StoreAddress};
use super::{Probe, SECOND_LOOK, clock_s, remember, told};

pub(super) struct CacheProbe {
    component: &'static str,
    address: StoreAddress,
    within: Duration,
    lines: Arc<Lines>,
    before: Mutex<Option<(f64, CacheSample)>>,
}

/// Why nothing was learned, and what to do.
pub(super) struct Refusal {
    pub(super) why: String,
    pub(super) hint: &'static str,
}

impl CacheProbe {
    pub(super) fn new(
        component: &'static str,
        address: StoreAddress,
        within: Duration,
        lines: Arc<Lines>,
    ) -> Self {
        Self { component, address, within, lines, before: Mutex::new(None) }
    }

    async fn ask(&self, before: &mut Option<CacheSample>) -> Result<CacheSample, Refusal> {
        let began = Instant::now();
        let mut connection = connect(&self.address, self.within).await?;
        let mut sample = sample(&mut connection).await?;
        sample.took_s = began.elapsed().as_secs_f64();
        if before.is_none() {
            tokio::time::sleep(SECOND_LOOK).await;
            let took_s = sample.took_s;
            *before = Some(sample);
            sample = self::sample(&mut connection).await?;
            sample.took_s = took_s;
        }
        Ok(sample)
    }

    fn down(&self, refusal: &Refusal) -> Vec<Finding> {
        let why = self.address.scrubbed(&refusal.why);
        cache_down(self.component, self.address.shown(), &why, refusal.hint)
    }
}

#[async_trait]
impl Probe for CacheProbe {
    async fn look(&self) -> Vec<Finding> {
        let mut before = {
            let kept = self.before.lock().unwrap_or_else(PoisonError::into_inner);
            kept.as_ref().map(|(_, sample)| sample.clone())
        };
        match self.ask(&mut before).await {
            Err(refusal) => self.down(&refusal),
            Ok(sample) => {
                let findings =
                    cache(self.component, self.address.shown(), &sample, before.as_ref(), &self.lines);
                let mut kept = self.before.lock().unwrap_or_else(PoisonError::into_inner);
                remember(&mut kept, sample.at_s, sample);
                findings
            }
        }
    }

    fn unseen(&self, why: &str) -> Vec<Finding> {
        let hint = "look for slow commands (SLOWLOG GET) and whether a firewall swallows packets";
        self.down(&Refusal { why: why.to_owned(), hint })
    }
}

/// Connects and logs in.
pub(super) async fn connect(
    address: &StoreAddress,
    within: Duration,
) -> Result<MultiplexedConnection, Refusal> {
    let client = Client::open(address.whole()).map_err(|error| refusal(&error))?;
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(Some(within)).set_response_timeout(Some(within));
    client.get_multiplexed_async_connection_with_config(&config).await.map_err(|error| refusal(&error))
}

async fn sample(connection: &mut MultiplexedConnection) -> Result<CacheSample, Refusal> {
    let text: String = redis::cmd("INFO").query_async(connection).await.map_err(|error| refusal(&error))?;
    Ok(CacheSample { took_s: 0.0, at_s: clock_s(), info: info(&text) })
}

/// What an error means for a person.
pub(super) fn refusal(error: &RedisError) -> Refusal {
    const PASSWORD: &str = "hold the password of the address against requirepass or the ACL of the server, special characters as %40";
    const RUNNING: &str = "is it running, and is this the address and port? Look at its log and at firewalls";
    let said = told(error);
    let (why, hint) = match error.code() {
        Some("NOAUTH") => {
            ("it asks for a password, and the address of the check has none".to_owned(), PASSWORD)
        }
        Some("WRONGPASS") => ("it refused the password".to_owned(), PASSWORD),
        Some("NOPERM") => (
            format!("the user of the check may not ask ({said})"),
            "grant it +info, +ping, +llen and +lindex",
        ),
        Some("LOADING") => {
            ("it is still loading its data from disk".to_owned(), "wait; its log says how far it is")
        }
        Some("DENIED") => ("it lets nobody in from other machines (protected mode)".to_owned(), PASSWORD),
        _ if error.kind() == redis::ErrorKind::AuthenticationFailed || said.contains("AUTH") => {
            (format!("it refused the login ({said})"), PASSWORD)
        }
        _ if said.contains("max number of clients") => (
            "it takes no more connections, maxclients is reached".to_owned(),
            "look for clients that do not close theirs (CLIENT LIST)",
        ),
        _ if error.is_timeout() => ("it did not answer in time".to_owned(), RUNNING),
        _ if said.contains("Connection refused") => {
            ("connection refused, nothing listens there".to_owned(), RUNNING)
        }
        _ if said.contains("failed to lookup address") => ("its name is not known".to_owned(), RUNNING),
        _ if said.contains("UnknownIssuer") => {
            ("its certificate is signed by nobody that this machine trusts".to_owned(), RUNNING)
        }
        _ if error.is_connection_dropped() => ("it broke the connection off".to_owned(), RUNNING),
        _ if error.kind() == redis::ErrorKind::Parse => {
            ("what answers there does not speak the protocol of Redis".to_owned(), RUNNING)
        }
        _ => (format!("it could not be asked ({said})"), RUNNING),
    };
    Refusal { why, hint }
}
