//! Closed forms, the plan for 2000 users, determinism and properties of the queueing network.
