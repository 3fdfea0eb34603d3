//! How many CPU servers a shape really gives: vCPUs or physical cores. Decides the worth of a thread that shares a core.

use loadline_contract::Shape;

use crate::spec::CpuMeasuredOn;

/// Share of a whole core that a hardware thread is worth when its core is shared: a busy pair gives about 1.2 of one
/// thread alone. Source: Netflix service-capacity-modeling; capacity model, section 2.2.
const SHARED_THREAD_SHARE: f64 = 0.6;

/// Servers of a shape, in the unit that the CPU times were measured in; `None` when the vCPUs are unknown.
///
/// Measured on a thread: every vCPU is one. Measured on a core: a vCPU with a core of its own is one, a vCPU that
/// shares its core is 0.6; where no source states the cores, they are taken as shared.
pub(in crate::market) fn servers(shape: &Shape, measured_on: CpuMeasuredOn) -> Option<f64> {
    let vcpus = shape.vcpus?;
    match measured_on {
        CpuMeasuredOn::Thread => Some(vcpus),
        CpuMeasuredOn::Core => {
            let cores = shape.cores.unwrap_or(vcpus / 2.0).min(vcpus);
            let sharing = (2.0 * (vcpus - cores)).min(vcpus);
            Some(vcpus - sharing + SHARED_THREAD_SHARE * sharing)
        }
    }
}

/// Whole servers: what can work at once. A billionth is rounding.
pub(in crate::market) fn whole_servers(servers: f64) -> u32 {
    (servers + 1e-9).floor() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(vcpus: f64, cores: Option<f64>) -> Shape {
        Shape {
            vcpus: Some(vcpus),
            cores,
            memory_gib: None,
            disk_gib: None,
            network_mbps: None,
            transfer_gib: None,
            architecture: None,
            burstable: false,
        }
    }

    #[test]
    fn a_thread_is_a_server_when_cpu_was_measured_on_threads() {
        assert_eq!(servers(&shape(16.0, Some(8.0)), CpuMeasuredOn::Thread), Some(16.0));
    }

    #[test]
    fn sixteen_threads_on_eight_cores_are_nine_point_six() {
        let threads = servers(&shape(16.0, Some(8.0)), CpuMeasuredOn::Core).unwrap();
        assert!((threads - 9.6).abs() < 1e-12);
        assert_eq!(servers(&shape(16.0, Some(16.0)), CpuMeasuredOn::Core), Some(16.0));
        // Two cores of their own, two threads on a third: 2 + 2 x 0.6.
        let mixed = servers(&shape(4.0, Some(3.0)), CpuMeasuredOn::Core).unwrap();
        assert!((mixed - 3.2).abs() < 1e-12);
    }

    #[test]
    fn unknown_cores_are_taken_as_shared() {
        let unknown = servers(&shape(16.0, None), CpuMeasuredOn::Core).unwrap();
        assert!((unknown - 9.6).abs() < 1e-12);
    }
}
