//! People who ask for one page and pause: goose-beside --host URL --users N --hatch-rate N --run-time T; PAUSE_MS is the mean pause.
//! The last line is the number of requests.

use std::time::Duration;

use goose::prelude::*;

async fn page(user: &mut GooseUser) -> TransactionResult {
    user.get("/").await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), GooseError> {
    let pause: u64 = std::env::var("PAUSE_MS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut scenario = scenario!("people").register_transaction(transaction!(page));
    if pause > 0 {
        scenario = scenario.set_wait_time(Duration::ZERO, Duration::from_millis(2 * pause))?;
    }
    let metrics = GooseAttack::initialize()?.register_scenario(scenario).execute().await?;
    let requests: usize = metrics.requests.values().map(|one| one.success_count + one.fail_count).sum();
    println!("{requests}");
    Ok(())
}
