//! The convolution step: add one station with load-dependent rates to a network whose throughput is known.
//!
//! Buzen's g'(n) = sum over j of g(n-j) h(j), written in throughputs X(n) = g(n-1)/g(n) and in the marginal
//! p(j|n) = h(j) g(n-j) / g'(n), so that nothing can overflow and every term is positive:
//!
//! - p(j|n) = X'(n) p(j-1|n-1) / mu(j)
//! - p(j|n) = X'(n) p(j|n-1) / X(n-j), used for the lowest level that still matters
//! - X'(n) = 1 / (the sum of both without the factor X'(n)), because the p(.|n) sum to 1
//!
//! The levels from the last rate on need only their sum. Levels below 1e-80 are dropped: lower ones never come
//! back because the station only fills as the population grows, higher ones are reached again from below.

/// What is dropped at either end of the marginal; far below the 1e-16 of the arithmetic.
const NEGLIGIBLE: f64 = 1e-80;

/// Throughput of the network with the station added, for the populations 0..rest.len().
///
/// `rest[n]` is the throughput of the network without it at population n (infinite if it takes no time);
/// `seconds_per_departure[j-1]` is 1/mu(j), the last one holds for every level above.
pub(super) fn add_station(rest: &[f64], seconds_per_departure: &[f64]) -> Vec<f64> {
    let levels = seconds_per_departure.len();
    let Some(&last) = seconds_per_departure.last() else { return rest.to_vec() };
    let mut throughput = Vec::with_capacity(rest.len());
    throughput.push(0.0);
    // Marginal of the previous population without its factor `scale`, for the levels lo..end; `tail` beyond.
    let (mut now, mut next) = (vec![0.0; levels + 1], vec![0.0; levels + 1]);
    now[0] = 1.0;
    let (mut lo, mut end, mut tail, mut scale) = (0_usize, 1_usize, 0.0_f64, 1.0_f64);
    for n in 1..rest.len() {
        let spill = if lo < end && end == levels { now[levels - 1] } else { 0.0 };
        tail = (tail + spill) * scale * last;
        let mut sum = tail;
        if lo < end {
            let new_end = (end + 1).min(levels);
            next[lo] = now[lo] * scale / rest[n - lo];
            sum += next[lo];
            sum += shift(
                &now[lo..new_end - 1],
                &seconds_per_departure[lo..new_end - 1],
                scale,
                &mut next[lo + 1..new_end],
            );
            end = new_end;
            std::mem::swap(&mut now, &mut next);
        }
        scale = 1.0 / sum;
        throughput.push(scale);
        while lo < end && now[lo] * scale < NEGLIGIBLE {
            lo += 1;
        }
        while end > lo + 1 && now[end - 1] * scale < NEGLIGIBLE {
            end -= 1;
        }
    }
    throughput
}

/// `to[i] = from[i] * seconds[i] * scale`, and the sum of it. Four sums, so that the additions overlap.
fn shift(from: &[f64], seconds: &[f64], scale: f64, to: &mut [f64]) -> f64 {
    let mut sums = [0.0_f64; 4];
    let (mut from, mut seconds, mut to) =
        (from.chunks_exact(4), seconds.chunks_exact(4), to.chunks_exact_mut(4));
    for ((from, seconds), to) in (&mut from).zip(&mut seconds).zip(&mut to) {
        for lane in 0..4 {
            to[lane] = from[lane] * seconds[lane] * scale;
            sums[lane] += to[lane];
        }
    }
    let mut sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for ((from, seconds), to) in from.remainder().iter().zip(seconds.remainder()).zip(to.into_remainder()) {
        *to = from * seconds * scale;
        sum += *to;
    }
    sum
}

/// Probability of j = 0, 1, ... at a station when `population` requests are in the network; cut where the rest
/// sums to less than 1e-13. `rest` and `seconds_per_departure` as in [`add_station`].
pub(super) fn marginal(rest: &[f64], seconds_per_departure: &[f64], population: usize) -> Vec<f64> {
    let Some(&last) = seconds_per_departure.last() else { return vec![1.0] };
    if population > 0 && rest[population].is_infinite() {
        // The others take no time: everybody is here.
        let mut all_here = vec![0.0; population + 1];
        all_here[population] = 1.0;
        return all_here;
    }
    let mut weights = vec![1.0_f64];
    let (mut weight, mut sum) = (1.0_f64, 1.0_f64);
    for level in 1..=population {
        let ratio =
            rest[population - level + 1] * seconds_per_departure.get(level - 1).copied().unwrap_or(last);
        if ratio < 1.0 && weight * ratio < 1e-13 * sum * (1.0 - ratio) {
            break;
        }
        weight *= ratio;
        sum += weight;
        weights.push(weight);
        if sum > 1e200 {
            for earlier in &mut weights {
                *earlier /= sum;
            }
            weight /= sum;
            sum = 1.0;
        }
    }
    for weight in &mut weights {
        *weight /= sum;
    }
    weights
}
