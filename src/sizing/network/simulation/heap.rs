//! A heap of moments: the earliest comes out first. Four children per node, so that half the levels are walked.

/// Something that happens to `id` at `time`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) time: f64,
    pub(super) id: u32,
}

const CHILDREN: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Heap {
    entries: Vec<Entry>,
}

impl Heap {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The earliest time, infinite if there is none.
    #[inline]
    pub(super) fn first_time(&self) -> f64 {
        self.entries.first().map_or(f64::INFINITY, |entry| entry.time)
    }

    #[inline]
    pub(super) fn push(&mut self, time: f64, id: u32) {
        let mut hole = self.entries.len();
        self.entries.push(Entry { time, id });
        while hole > 0 {
            let parent = (hole - 1) / CHILDREN;
            let above = self.entries[parent];
            if above.time <= time {
                break;
            }
            self.entries[hole] = above;
            hole = parent;
        }
        self.entries[hole] = Entry { time, id };
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Entry> {
        let last = self.entries.pop()?;
        let Some(first) = self.entries.first().copied() else { return Some(last) };
        let entries = self.entries.as_mut_slice();
        let mut hole = 0;
        loop {
            let from = hole * CHILDREN + 1;
            let mut least = from;
            if let Some(children) = entries.get(from..from + CHILDREN) {
                let low = usize::from(children[1].time < children[0].time);
                let high = 2 + usize::from(children[3].time < children[2].time);
                least += if children[high].time < children[low].time { high } else { low };
            } else {
                for child in from + 1..entries.len() {
                    if entries[child].time < entries[least].time {
                        least = child;
                    }
                }
                if from >= entries.len() {
                    break;
                }
            }
            if entries[least].time >= last.time {
                break;
            }
            entries[hole] = entries[least];
            hole = least;
        }
        entries[hole] = last;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_out_in_the_order_of_time() {
        let mut heap = Heap::default();
        let mut times: Vec<f64> = (0..1000_u64).map(|i| (i * 7919 % 1009) as f64).collect();
        for (id, time) in times.iter().enumerate() {
            heap.push(*time, id as u32);
        }
        let order = times.clone();
        times.sort_by(f64::total_cmp);
        for time in times {
            let entry = heap.pop().unwrap();
            assert_eq!((entry.time, order[entry.id as usize]), (time, time));
        }
        assert!(heap.pop().is_none() && heap.len() == 0 && heap.first_time().is_infinite());
    }
}
