//! From an empty subscription to a running stack and back.

use serde_json::json;

use crate::double::{Double, GROWING, fixed};

#[test]
fn apply_plan_destroy_and_nothing_is_left() {
    for spec in [GROWING, &fixed()] {
        let double = Double::start(spec);
        let wanted = double.steps(&[]);
        double.done("apply", &["--yes"]);
        assert_eq!(double.census().len(), wanted.len());
        assert_eq!(double.steps(&[]), [""; 0], "no changes after apply");
        let drift = double.run("drift", &[]);
        assert_eq!(drift.status.code(), Some(0), "{drift:?}");
        double.done("destroy", &["--yes"]);
        assert!(double.census().is_empty());
        assert_eq!(double.leftovers(), json!([]));
        assert_eq!(double.world(), json!({}), "not even a removed vault is left");
        double.assert_described();
    }
}
