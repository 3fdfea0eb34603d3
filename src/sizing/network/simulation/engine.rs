//! One replication: requests move through stations, event by event.
//!
//! An event is the end of a think time or wait, an arrival from outside, or a completion at a station.

use std::collections::VecDeque;

use super::super::histogram::Histogram;
use super::super::model::{Dispatch, Hold, Network};
use super::super::open_in_closed::open_in_closed;
use super::super::variate::{Generator, Variate, generator, uniform};
use super::SimulationEffort;
use super::heap::Heap;
use super::queue::Queue;
use super::route::{Route, Step, loops, routes};
use super::tournament::Tournament;

/// Where requests come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Source {
    /// The users of the network, who think.
    Closed,
    /// Outside, at random, so many per second.
    Open { rps: f64 },
}

impl Source {
    /// Requests per second, as good as the formulas know.
    fn rps(self, network: &Network) -> f64 {
        match self {
            Self::Closed => open_in_closed(network, network.users).throughput_rps,
            Self::Open { rps } => rps,
        }
    }
}

/// What one replication measured after its warm-up.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) seconds: f64,
    pub(super) completions: u64,
    pub(super) events: u64,
    /// Busy server-seconds per station.
    pub(super) busy_s: Vec<f64>,
    /// Integral of the requests in flight over time.
    pub(super) in_flight_s: f64,
    /// Per class: response times, and their sum.
    pub(super) responses: Vec<(Histogram, f64)>,
}

/// Marks the arrival from outside in the heap of moments.
const ARRIVAL: u32 = u32::MAX;
/// Step of a request that waits for its connection before the first one.
const NOT_STARTED: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Request {
    class: u32,
    step: u32,
    started_s: f64,
}

/// Connections and those who queue for one.
#[derive(Debug)]
struct Gate {
    hold: Hold,
    station: usize,
    free: u32,
    queue: VecDeque<u32>,
}

pub(super) struct Engine {
    random: Generator,
    now: f64,
    events: u64,
    routes: Vec<Route>,
    think: Variate,
    /// Time between arrivals from outside; `None` if the users are the source.
    arrivals: Option<Variate>,
    moments: Heap,
    queues: Vec<Queue>,
    /// First queue of each station, and one past the last at the end.
    first_queue: Vec<usize>,
    completions: Tournament,
    requests: Vec<Request>,
    /// Requests that have left, for reuse; only with arrivals from outside.
    unused: Vec<u32>,
    loops: Vec<(u32, Dispatch)>,
    /// Event loop by request and station; empty without event loops.
    assigned: Vec<u32>,
    /// Requests in flight per queue, and whose turn it is per station.
    load: Vec<u32>,
    turn: Vec<u32>,
    gate: Option<Gate>,
    /// Requests that can go on at this moment.
    ready: Vec<u32>,
    in_flight: f64,
    in_flight_s: f64,
    in_flight_since: f64,
    done: u64,
    responses: Vec<(Histogram, f64)>,
}

impl Engine {
    pub(super) fn new(network: &Network, source: Source, seed: u64, replication: u64) -> Self {
        let loops = loops(network);
        let mut first_queue = vec![0];
        let mut queues = Vec::new();
        for (index, (station, (count, _))) in network.stations.iter().zip(&loops).enumerate() {
            if *count == 0 {
                let slowed = if station.scaling.is_none() { 0 } else { station.server_count() + 1 };
                let slowdowns = (0..slowed).map(|at_work| station.scaling.slowdown(f64::from(at_work)));
                queues.push(Queue::new(station.discipline, station.server_count(), slowdowns.collect()));
            } else {
                // Event loops slow each other as the mean number at work does.
                let at_work = network.utilisation(index, source.rps(network)) * f64::from(*count);
                let slowdown = station.scaling.slowdown(at_work);
                queues.extend((0..*count).map(|_| Queue::new(station.discipline, 1, vec![slowdown])));
            }
            first_queue.push(queues.len());
        }
        let gate = network.pool.map(|pool| Gate {
            hold: pool.hold,
            station: pool.station,
            free: pool.size.max(1),
            queue: VecDeque::new(),
        });
        let arrivals = match source {
            Source::Closed => None,
            Source::Open { rps } => Some(Variate::new(1.0 / rps, 1.0)),
        };
        let mut engine = Self {
            random: generator(seed, replication),
            now: 0.0,
            events: 0,
            routes: routes(network),
            think: Variate::new(network.think_s, network.think_cv2),
            arrivals,
            moments: Heap::default(),
            completions: Tournament::new(queues.len()),
            load: vec![0; queues.len()],
            queues,
            first_queue,
            requests: Vec::new(),
            unused: Vec::new(),
            turn: vec![0; loops.len()],
            loops,
            assigned: Vec::new(),
            gate,
            ready: Vec::new(),
            in_flight: 0.0,
            in_flight_s: 0.0,
            in_flight_since: 0.0,
            done: 0,
            responses: network.classes.iter().map(|_| (Histogram::new(), 0.0)).collect(),
        };
        engine.populate(network);
        engine
    }

    /// Users start spread over one cycle, so that the warm-up begins near the steady state.
    fn populate(&mut self, network: &Network) {
        if self.routes.is_empty() {
            return;
        }
        if let Some(arrivals) = self.arrivals {
            self.moments.push(arrivals.draw(&mut self.random), ARRIVAL);
            return;
        }
        let spread_s = network.unloaded_response_s();
        for _ in 0..network.users {
            let id = self.new_request();
            let start = self.think.draw(&mut self.random) + spread_s * uniform(&mut self.random);
            self.moments.push(start, id);
        }
    }

    fn new_request(&mut self) -> u32 {
        if let Some(id) = self.unused.pop() {
            return id;
        }
        self.requests.push(Request { class: 0, step: NOT_STARTED, started_s: 0.0 });
        if self.loops.iter().any(|(count, _)| *count > 0) {
            self.assigned.resize(self.requests.len() * self.loops.len(), 0);
        }
        (self.requests.len() - 1) as u32
    }

    /// Runs until the effort is spent; ends early only if nothing can ever happen.
    pub(super) fn run(mut self, effort: &SimulationEffort) -> Outcome {
        self.run_until(effort.warm_up_completions);
        let (start, events) = (self.now, self.events);
        self.count_in_flight(0.0);
        self.in_flight_s = 0.0;
        for queue in &mut self.queues {
            queue.take_busy_s(start);
        }
        for response in &mut self.responses {
            *response = (Histogram::new(), 0.0);
        }
        self.done = 0;
        self.run_until(effort.completions_per_replication);
        self.count_in_flight(0.0);
        let now = self.now;
        let busy: Vec<f64> = self.queues.iter_mut().map(|queue| queue.take_busy_s(now)).collect();
        let busy_s = self.first_queue.windows(2).map(|of| busy[of[0]..of[1]].iter().sum()).collect();
        Outcome {
            seconds: now - start,
            completions: self.done,
            events: self.events - events,
            busy_s,
            in_flight_s: self.in_flight_s,
            responses: self.responses,
        }
    }

    fn run_until(&mut self, completions: u64) {
        while self.done < completions {
            let (completion_s, queue) = self.completions.first();
            let moment_s = self.moments.first_time();
            if completion_s < moment_s {
                self.now = completion_s;
                self.complete(queue as usize);
            } else if let Some(moment) = self.moments.pop() {
                self.now = moment.time;
                if moment.id == ARRIVAL {
                    self.arrive_from_outside();
                } else {
                    self.ready.push(moment.id);
                }
            } else {
                return;
            }
            self.events += 1;
            while let Some(id) = self.ready.pop() {
                self.go_on(id);
            }
        }
    }

    fn arrive_from_outside(&mut self) {
        if let Some(arrivals) = self.arrivals {
            let next = self.now + arrivals.draw(&mut self.random);
            self.moments.push(next, ARRIVAL);
        }
        let id = self.new_request();
        self.ready.push(id);
    }

    fn complete(&mut self, queue: usize) {
        let Some(id) = self.queues[queue].complete(self.now) else { return };
        self.completions.set(queue, self.queues[queue].next_completion());
        if let Some(gate) = self.gate.as_mut().filter(|gate| gate.hold == Hold::Visit)
            && self.first_queue[gate.station] <= queue
            && queue < self.first_queue[gate.station + 1]
        {
            let station = gate.station;
            match gate.queue.pop_front() {
                None => gate.free += 1,
                Some(next) => self.enter(next, station),
            }
        }
        self.requests[id as usize].step += 1;
        self.ready.push(id);
    }

    /// Takes a request (or a user at the end of the think time) from where it is to where it has to wait.
    fn go_on(&mut self, id: u32) {
        loop {
            let request = self.requests[id as usize];
            if request.step == NOT_STARTED {
                if !self.start(id) {
                    return;
                }
                continue;
            }
            let steps = &self.routes[request.class as usize].steps;
            match steps.get(request.step as usize) {
                None => {
                    if !self.finish(id) {
                        return;
                    }
                }
                Some(Step::Wait(wait)) => {
                    self.requests[id as usize].step += 1;
                    let until = self.now + wait.draw(&mut self.random);
                    self.moments.push(until, id);
                    return;
                }
                Some(Step::Visit { station, probability, .. }) => {
                    let station = *station;
                    if *probability < 1.0 && uniform(&mut self.random) >= *probability {
                        self.requests[id as usize].step += 1;
                        continue;
                    }
                    match self.gate.as_mut().filter(|g| g.hold == Hold::Visit && g.station == station) {
                        Some(gate) if gate.free == 0 => gate.queue.push_back(id),
                        Some(gate) => {
                            gate.free -= 1;
                            self.enter(id, station);
                        }
                        None => self.enter(id, station),
                    }
                    return;
                }
            }
        }
    }

    /// Puts a request into service (or in line) at a station.
    #[inline]
    fn enter(&mut self, id: u32, station: usize) {
        let request = self.requests[id as usize];
        let step = &self.routes[request.class as usize].steps[request.step as usize];
        let Step::Visit { service, .. } = step else { return };
        let work_s = service.draw(&mut self.random);
        let mut queue = self.first_queue[station];
        if self.loops[station].0 > 0 {
            queue += self.assigned[id as usize * self.loops.len() + station] as usize;
        }
        self.queues[queue].arrive(self.now, id, work_s);
        self.completions.set(queue, self.queues[queue].next_completion());
    }

    /// Begins a request; false if it has to queue for a connection first.
    fn start(&mut self, id: u32) -> bool {
        let at = uniform(&mut self.random);
        let class = self.routes.partition_point(|route| route.up_to_share <= at).min(self.routes.len() - 1);
        self.requests[id as usize] = Request { class: class as u32, step: 0, started_s: self.now };
        self.count_in_flight(1.0);
        self.assign_loops(id);
        match self.gate.as_mut().filter(|gate| gate.hold == Hold::Request) {
            Some(gate) if gate.free == 0 => {
                gate.queue.push_back(id);
                false
            }
            Some(gate) => {
                gate.free -= 1;
                true
            }
            None => true,
        }
    }

    /// Ends a request; true if the same user starts the next one at once.
    fn finish(&mut self, id: u32) -> bool {
        let request = self.requests[id as usize];
        let response_s = self.now - request.started_s;
        let (histogram, sum) = &mut self.responses[request.class as usize];
        histogram.add(response_s);
        *sum += response_s;
        self.done += 1;
        self.count_in_flight(-1.0);
        self.release_loops(id);
        if let Some(gate) = self.gate.as_mut().filter(|gate| gate.hold == Hold::Request) {
            match gate.queue.pop_front() {
                None => gate.free += 1,
                Some(next) => self.ready.push(next),
            }
        }
        self.requests[id as usize].step = NOT_STARTED;
        if self.arrivals.is_some() {
            self.unused.push(id);
            return false;
        }
        // Even a user without think time goes through the heap, so that others get their turn.
        let until = self.now + self.think.draw(&mut self.random);
        self.moments.push(until, id);
        false
    }

    fn assign_loops(&mut self, id: u32) {
        for station in 0..self.loops.len() {
            let (count, dispatch) = self.loops[station];
            if count == 0 {
                continue;
            }
            let first = self.first_queue[station];
            let turn = self.turn[station];
            let chosen = match dispatch {
                Dispatch::Pooled | Dispatch::Random => {
                    ((uniform(&mut self.random) * f64::from(count)) as u32).min(count - 1)
                }
                Dispatch::RoundRobin => turn,
                // The first of the least loaded from the turn on, so that ties go round.
                Dispatch::LeastLoaded => (0..count)
                    .map(|offset| (turn + offset) % count)
                    .min_by_key(|queue| self.load[first + *queue as usize])
                    .unwrap_or(0),
            };
            self.turn[station] = (turn + 1) % count;
            self.load[first + chosen as usize] += 1;
            self.assigned[id as usize * self.loops.len() + station] = chosen;
        }
    }

    fn release_loops(&mut self, id: u32) {
        for station in 0..self.loops.len() {
            if self.loops[station].0 > 0 {
                let queue = self.assigned[id as usize * self.loops.len() + station] as usize;
                self.load[self.first_queue[station] + queue] -= 1;
            }
        }
    }

    /// Brings the integral of requests in flight to this moment, then changes their number.
    #[inline]
    fn count_in_flight(&mut self, change: f64) {
        self.in_flight_s += self.in_flight * (self.now - self.in_flight_since);
        self.in_flight_since = self.now;
        self.in_flight += change;
    }
}
