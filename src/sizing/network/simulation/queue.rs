//! One queue with its servers: a pooled station, or one event loop of a station.
//!
//! Processor sharing runs on virtual time, which passes at the speed at which each request is served, so an
//! arrival or departure changes no other entry.

use std::collections::VecDeque;

use super::super::model::Discipline;
use super::heap::Heap;

#[derive(Debug)]
pub(super) struct Queue {
    discipline: Discipline,
    servers: f64,
    /// How many times as long work takes, by how many are at work; empty: never longer.
    slowdowns: Vec<f64>,
    /// Requests in service: by virtual time of completion (sharing) or by time of completion (in order).
    serving: Heap,
    /// Requests that wait in order, with their work; only first come, first served.
    waiting: VecDeque<(u32, f64)>,
    virtual_s: f64,
    updated_s: f64,
    /// Integral of busy servers over time.
    busy_s: f64,
}

impl Queue {
    /// `slowdowns[n]` is how many times as long work takes with n at work; the last one holds for more.
    pub(super) fn new(discipline: Discipline, servers: u32, slowdowns: Vec<f64>) -> Self {
        Self {
            discipline,
            servers: f64::from(servers),
            slowdowns,
            serving: Heap::default(),
            waiting: VecDeque::new(),
            virtual_s: 0.0,
            updated_s: 0.0,
            busy_s: 0.0,
        }
    }

    /// How many times as long work takes with so many requests present.
    #[inline]
    fn slowdown(&self, present: usize) -> f64 {
        let most = self.slowdowns.len().saturating_sub(1);
        self.slowdowns.get(present.min(most)).copied().unwrap_or(1.0)
    }

    /// Brings virtual time and the busy integral to `now`.
    #[inline]
    fn update(&mut self, now: f64) {
        let passed = now - self.updated_s;
        let present = self.serving.len() as f64;
        let worked = passed / self.slowdown(self.serving.len());
        self.updated_s = now;
        if present <= self.servers {
            self.virtual_s += worked;
            self.busy_s += passed * present;
        } else {
            self.virtual_s += worked * self.servers / present;
            self.busy_s += passed * self.servers;
        }
    }

    /// Busy server-seconds up to `now` since the last call; starts the integral anew.
    pub(super) fn take_busy_s(&mut self, now: f64) -> f64 {
        self.update(now);
        std::mem::take(&mut self.busy_s)
    }

    #[inline]
    pub(super) fn arrive(&mut self, now: f64, id: u32, work_s: f64) {
        self.update(now);
        match self.discipline {
            Discipline::ProcessorSharing => self.serving.push(self.virtual_s + work_s, id),
            // Those in order keep the pace at which they begin.
            Discipline::Fcfs if (self.serving.len() as f64) < self.servers => {
                self.serving.push(now + work_s * self.slowdown(self.serving.len() + 1), id);
            }
            Discipline::Fcfs => self.waiting.push_back((id, work_s)),
        }
    }

    /// Completes the request that is due at `now`, and says which.
    #[inline]
    pub(super) fn complete(&mut self, now: f64) -> Option<u32> {
        self.update(now);
        let done = self.serving.pop()?;
        match self.discipline {
            // Exactly the promised virtual time, so that rounding does not add up.
            Discipline::ProcessorSharing if self.serving.len() == 0 => self.virtual_s = 0.0,
            Discipline::ProcessorSharing => self.virtual_s = done.time,
            Discipline::Fcfs => {
                if let Some((id, work_s)) = self.waiting.pop_front() {
                    self.serving.push(now + work_s * self.slowdown(self.serving.len() + 1), id);
                }
            }
        }
        Some(done.id)
    }

    /// When the next request completes if nobody arrives; infinite if nobody is here.
    #[inline]
    pub(super) fn next_completion(&self) -> f64 {
        let first = self.serving.first_time();
        match self.discipline {
            Discipline::Fcfs => first,
            Discipline::ProcessorSharing => {
                let slowness = (self.serving.len() as f64 / self.servers).max(1.0);
                let slowness = slowness * self.slowdown(self.serving.len());
                self.updated_s + (first - self.virtual_s).max(0.0) * slowness
            }
        }
    }
}
