//! The way back of a change that was not healthy.

use super::super::Event;
use super::steps::each;
use super::{End, HostState, Run};

impl Run<'_> {
    /// Brings the hosts that were touched back to the release that they had. A host that had none before keeps the new one
    /// where it is healthy: no release at all would be worse.
    pub(super) async fn back(&mut self, touched: &[usize]) -> End {
        let hosts: Vec<usize> = touched
            .iter()
            .copied()
            .filter(|index| self.ends[*index].state != HostState::Released || self.before[*index].is_some())
            .collect();
        let names = hosts.iter().map(|index| self.ends[*index].host.clone()).collect();
        (self.heard)(Event::GoingBack { hosts: names });
        let new = self.job.to.clone();
        let stack = self.job.stack;
        let (done, troubles) = each(self.hosts, &hosts, "going back", self.heard, |index, host| {
            let old = self.before[index].clone().filter(|old| *old != new);
            let mut script = self.mine();
            if let Some(old) = &old {
                script =
                    script.call("start", &[old, &stack.health_timeout_s.to_string()]).call("move", &[old]);
            }
            script = script.call("stop", &[&new]);
            if self.job.made.is_some() {
                script = script.call("drop", &[&new]);
            }
            let within = self.times.start + self.times.stop + self.times.quick;
            async move { host.ask(&script, within).await }
        })
        .await;
        for (index, _) in done {
            self.ends[index].state = HostState::WentBack;
            self.ends[index].current.clone_from(&self.before[index]);
        }
        for (index, trouble) in troubles {
            (self.heard)(Event::Failed(trouble.clone()));
            self.ends[index].state = HostState::Between;
            // What is in the way now matters more than what was first.
            self.ends[index].trouble = Some(trouble);
        }
        let apart = |end: &super::HostEnd| matches!(end.state, HostState::Between | HostState::Released);
        if self.ends.iter().any(apart) { End::PartWay } else { End::WentBack }
    }
}
