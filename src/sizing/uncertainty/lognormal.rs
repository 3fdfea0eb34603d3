//! The two-piece lognormal: one spread above the middle, another below, through low, mid and high exactly.

use crate::spec::Quantity;

/// The value that a share (0..1, exclusive) of the distribution does not exceed; the middle value without an interval.
///
/// x = mid exp(sigma z), sigma = ln(high / mid) / z_p above and ln(mid / low) / z_p below, z_p of the confidence. Where
/// an end or the middle is not positive there is no logarithm: that side is linear in z.
pub(super) fn quantile(quantity: &Quantity, share: f64) -> f64 {
    let Some(range) = quantity.range else { return quantity.mid };
    let mid = quantity.mid;
    let reach = standard_normal_quantile(0.5 + range.confidence / 2.0);
    let z = standard_normal_quantile(share) / reach;
    let end = if z >= 0.0 { range.high } else { range.low };
    if mid > 0.0 && end > 0.0 {
        mid * ((end / mid).ln() * z.abs()).exp()
    } else {
        mid + (end - mid) * z.abs()
    }
}

/// Quantile of the standard normal distribution by Acklam's rational approximation (2003): relative error 1.2e-9.
fn standard_normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -39.696_830_286_653_76,
        220.946_098_424_520_5,
        -275.928_510_446_968_7,
        138.357_751_867_269,
        -30.664_798_066_147_16,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -54.476_098_798_224_06,
        161.585_836_858_040_9,
        -155.698_979_859_886_6,
        66.801_311_887_719_72,
        -13.280_681_552_885_72,
        1.0,
    ];
    const C: [f64; 6] = [
        -0.007_784_894_002_430_293,
        -0.322_396_458_041_136_5,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] = [
        0.007_784_695_709_041_462,
        0.322_467_129_070_039_8,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
        1.0,
    ];
    let polynomial = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    let p = p.clamp(1e-15, 1.0 - 1e-15);
    let tail = 0.024_25;
    if p < tail || p > 1.0 - tail {
        let q = (-2.0 * p.min(1.0 - p).ln()).sqrt();
        let z = polynomial(&C, q) / polynomial(&D, q);
        return if p < 0.5 { z } else { -z };
    }
    let q = p - 0.5;
    q * polynomial(&A, q * q) / polynomial(&B, q * q)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Range;

    #[test]
    fn normal_quantiles_match_the_tables() {
        for (p, z) in
            [(0.5, 0.0), (0.95, 1.644_854), (0.975, 1.959_964), (0.001, -3.090_232), (0.02, -2.053_749)]
        {
            assert!((standard_normal_quantile(p) - z).abs() < 1e-6, "{p}");
        }
    }

    #[test]
    fn low_mid_and_high_are_hit_exactly() {
        let quantity = Quantity { mid: 2.0, range: Some(Range { low: 1.0, high: 9.0, confidence: 0.9 }) };
        for (share, value) in [(0.05, 1.0), (0.5, 2.0), (0.95, 9.0)] {
            assert!((quantile(&quantity, share) - value).abs() < 1e-6, "{share}");
        }
    }

    #[test]
    fn an_interval_down_to_zero_is_linear_below_the_middle() {
        let quantity = Quantity { mid: 2.0, range: Some(Range { low: 0.0, high: 4.0, confidence: 0.9 }) };
        assert!(quantile(&quantity, 0.05).abs() < 1e-6);
        assert!((quantile(&quantity, 0.95) - 4.0).abs() < 1e-6);
    }
}
