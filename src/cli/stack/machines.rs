//! The machines of a deployment, for commands that log in to them.

use clap::Args as ClapArgs;

use super::super::exit::Failure;
use super::super::input::SpecArgs;
use super::super::screen::Screen;
use super::place::refused;
use super::{PlaceArgs, StackArgs, wait_for};
use crate::hosts::Target;

/// Whose machines.
#[derive(Debug, Clone, ClapArgs)]
pub(in super::super) struct AccountArgs {
    /// The machines of the deployment on this cloud
    #[arg(long, value_name = "NAME")]
    cloud: Option<String>,
    /// The region of the deployment, where the spec names another
    #[arg(long, value_name = "REGION", requires = "cloud")]
    region: Option<String>,
    /// A named set of credentials of the cloud
    #[arg(long, value_name = "NAME", requires = "cloud")]
    credentials: Option<String>,
}

impl AccountArgs {
    /// Whether a deployment is meant at all.
    pub(in super::super) fn is_named(&self) -> bool {
        self.cloud.is_some()
    }
}

/// The machines that run, by the address that reaches them from outside, or else by the inner one.
pub(in super::super) fn machines(
    args: &AccountArgs,
    spec: &SpecArgs,
    screen: &Screen,
) -> Result<Vec<Target>, Failure> {
    let stack = StackArgs {
        spec: spec.clone(),
        cloud: args.cloud.clone(),
        region: args.region.clone(),
        prices: None,
        place: PlaceArgs::real(args.credentials.clone()),
    };
    let wanted = stack.named(screen)?.nothing();
    let deployment = &wanted.deployment;
    let title = wanted.cloud.profile().title;
    let found = wait_for(async {
        let place = stack.place.open(wanted.cloud, &wanted.region).await.map_err(|it| refused(&it))?;
        place.account.machines(deployment).await.map_err(|it| refused(&it))
    })?;
    if found.is_empty() {
        let sentence =
            format!("no machine of {deployment} runs on {title} in {}; nothing was looked at", wanted.region);
        return Err(Failure::failed(sentence).hint("loadline status shows what is there"));
    }
    let inside: Vec<&str> =
        found.iter().filter(|it| it.public.is_none()).map(|machine| machine.id.as_str()).collect();
    if !inside.is_empty() {
        screen.note(&format!(
            "note: {} can be reached from inside their network only ({}): name the way in with ProxyJump in the SSH configuration",
            inside.len(),
            inside.join(", ")
        ));
    }
    let mut targets = Vec::new();
    for machine in found {
        let Some(address) = machine.public.or(machine.private) else {
            return Err(Failure::failed(format!("{} has no address yet; nothing was looked at", machine.id))
                .hint("run again in a minute"));
        };
        targets.push(Target { user: Some(wanted.login.clone()), name: address, port: None });
    }
    Ok(targets)
}
