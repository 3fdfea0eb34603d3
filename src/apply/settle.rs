//! Looks at what is there, and waits for what an earlier run may have made and a list may not show yet.

use std::time::Duration;

use loadline_contract::deploy::{Account, Action, Address, CloudError, Deployment, Observed};

use super::journal::SoFar;
use super::retry::pause;

/// How long lists of a cloud may lag behind, in the cloud's time: seconds as a rule. A thing that shows later is found by
/// the next plan.
const LAG: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

/// What is there; passing failures are borne for a minute.
///
/// # Errors
/// What the cloud said: failing to look is not "nothing is there".
pub async fn observe(
    account: &dyn Account,
    deployment: &Deployment,
    speed: f64,
) -> Result<Vec<Observed>, CloudError> {
    let began = tokio::time::Instant::now();
    let mut failures = 0;
    loop {
        let error = match account.observe(deployment).await {
            Ok(observed) => return Ok(observed),
            Err(error) => error,
        };
        failures += 1;
        // However long the first looks took, three are made: time passes by itself where the machine is busy.
        let spent = if failures < 3 { Duration::ZERO } else { began.elapsed().mul_f64(speed) };
        let Some(after) = pause(&error, failures, (spent, Duration::from_secs(60)), rand::random()) else {
            return Err(error);
        };
        tokio::time::sleep(after.div_f64(speed)).await;
    }
}

/// What is there, once everything shows that an earlier run may have made without learning that it did. `missing` hears
/// what is being waited for.
///
/// # Errors
/// What the cloud said.
pub async fn settled(
    account: &dyn Account,
    deployment: &Deployment,
    (so_far, speed): (&SoFar, f64),
    missing: &mut dyn FnMut(&[Address]),
) -> Result<Vec<Observed>, CloudError> {
    let mut observed = observe(account, deployment, speed).await?;
    for (round, lag) in LAG.iter().enumerate() {
        let unseen: Vec<Address> = so_far
            .open
            .values()
            .filter(|intent| intent.action == Action::Create)
            .map(|intent| intent.address.clone())
            .filter(|address| observed.iter().all(|thing| thing.address != *address))
            .collect();
        if unseen.is_empty() {
            break;
        }
        if round == 0 {
            missing(&unseen);
        }
        tokio::time::sleep(lag.div_f64(speed)).await;
        observed = observe(account, deployment, speed).await?;
    }
    Ok(observed)
}
