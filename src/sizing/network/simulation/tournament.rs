//! The next completion among many queues: a tournament of their times, the winner at the root.

/// Times by queue; all infinite at first.
#[derive(Debug)]
pub(super) struct Tournament {
    leaves: usize,
    /// Node 1 is the root; the children of i are 2i and 2i+1; queue q is leaf leaves+q. Each holds (time, queue).
    nodes: Vec<(f64, u32)>,
}

impl Tournament {
    pub(super) fn new(queues: usize) -> Self {
        let leaves = queues.max(1).next_power_of_two();
        let nodes = (0..2 * leaves).map(|node| (f64::INFINITY, (node % leaves) as u32)).collect();
        Self { leaves, nodes }
    }

    /// The earliest time and its queue.
    #[inline]
    pub(super) fn first(&self) -> (f64, u32) {
        self.nodes[1]
    }

    #[inline]
    pub(super) fn set(&mut self, queue: usize, time: f64) {
        let mut node = self.leaves + queue;
        self.nodes[node] = (time, queue as u32);
        while node > 1 {
            let (left, right) = (self.nodes[node & !1], self.nodes[node | 1]);
            node /= 2;
            self.nodes[node] = if right.0 < left.0 { right } else { left };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_queue_wins_after_every_change() {
        let mut tournament = Tournament::new(5);
        assert!(tournament.first().0.is_infinite());
        let mut times = [f64::INFINITY; 5];
        for step in 0..200_usize {
            let (queue, time) = (step * 3 % 5, (step * 31 % 17) as f64);
            times[queue] = time;
            tournament.set(queue, time);
            let least = times.iter().copied().fold(f64::INFINITY, f64::min);
            assert_eq!(tournament.first().0, least);
            assert_eq!(times[tournament.first().1 as usize], least);
        }
    }
}
