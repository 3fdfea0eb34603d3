//! A step on several hosts at once.

use std::num::NonZeroUsize;

use futures_util::StreamExt as _;

use super::super::Event;
use super::super::host::{Host, Trouble};

/// The hosts of a run.
#[derive(Clone, Copy)]
pub(super) struct Hosts<'a> {
    pub(super) hosts: &'a [Host],
    pub(super) parallel: NonZeroUsize,
}

/// Does a step on these of the hosts. What came of it and what went wrong, each with the number of its host, in their order.
pub(super) async fn each<'a, T, F>(
    of: Hosts<'a>,
    chosen: &[usize],
    doing: &'static str,
    heard: &(dyn Fn(Event) + Sync),
    step: impl Fn(usize, &'a Host) -> F,
) -> (Vec<(usize, T)>, Vec<(usize, Trouble)>)
where
    F: Future<Output = Result<T, Trouble>>,
{
    let one = |index: usize| {
        let host = &of.hosts[index];
        let ran = step(index, host);
        async move {
            heard(Event::Begun { host: host.name().to_owned(), doing });
            let result = ran.await;
            if result.is_ok() {
                heard(Event::Done { host: host.name().to_owned(), doing });
            }
            (index, result)
        }
    };
    let mut results: Vec<_> = futures_util::stream::iter(chosen.iter().copied().map(one))
        .buffer_unordered(of.parallel.get())
        .collect()
        .await;
    results.sort_by_key(|(index, _)| *index);
    let (mut done, mut wrong) = (Vec::new(), Vec::new());
    for (index, result) in results {
        match result {
            Ok(value) => done.push((index, value)),
            Err(trouble) => {
                let sentence = format!("{doing}: {}", trouble.sentence);
                wrong.push((index, Trouble { sentence, ..trouble }));
            }
        }
    }
    (done, wrong)
}
