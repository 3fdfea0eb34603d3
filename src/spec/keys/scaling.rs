//! Keys of a tier whose cores get in each other's way: the same of each tier but for the name of its work.

/// The key of contention: tier, its unit of work, and several of them.
macro_rules! contention {
    ($tier:literal, $work:literal, $works:literal) => {
        $crate::spec::keys::scaling::share!(
            concat!($tier, ".contention"),
            $works,
            concat!(
                "What each further core at work costs each other one, as a share of the CPU time of a ",
                $work,
                ": waiting for what only one can have (the Universal Scalability Law's alpha). `loadline calibrate` measures it."
            )
        )
    };
}

/// The key of coherency, likewise.
macro_rules! coherency {
    ($tier:literal, $work:literal, $works:literal) => {
        $crate::spec::keys::scaling::share!(
            concat!($tier, ".coherency"),
            $works,
            concat!(
                "What each pair of cores at work costs, as a share of the CPU time of a ",
                $work,
                ": agreeing with each other (the law's beta). Above 0 there is a number of cores beyond which more of them do no more."
            )
        )
    };
}

/// A share of the CPU time of work, none where nothing is written.
macro_rules! share {
    ($path:expr, $works:literal, $doc:expr) => {
        $crate::spec::keys::key(
            $path,
            $crate::spec::keys::kind::workload(
                $crate::spec::units::Dimension::Share,
                $crate::spec::keys::Low::From("0 %"),
                "100 %",
            ),
            $crate::spec::keys::assumed(
                "0 %",
                concat!($works, " have nothing in common that only one can have at a time"),
            ),
            $doc,
        )
    };
}

pub(super) use {coherency, contention, share};
