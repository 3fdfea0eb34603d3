//! `prices show` as a user runs it: what is listed of a region that the books cover in part or not at all.

use assert_cmd::Command;
use serde_json::Value;

fn show(args: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("loadline").expect("the program is built");
    command.env_clear().args(["prices", "show"]).args(args).assert()
}

#[test]
fn a_region_with_a_price_or_two_is_listed_though_it_is_not_covered() {
    let output =
        show(&["--cloud", "aws", "--region", "us-west-2", "--sku", "db.m7g.large", "--json"]).success();
    let rows: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    let rows = rows["prices"].as_array().unwrap();
    let price = |availability: &str| rows.iter().find(|row| row["availability"] == availability).unwrap();
    assert_eq!(
        (&price("single")["price_usd"], &price("single")["as_of"]),
        (&"0.168".into(), &"2024-02-02".into())
    );
    assert_eq!(price("standby")["price_usd"], "0.336");
}

#[test]
fn a_region_without_any_price_is_an_error_and_no_empty_list() {
    let output = show(&["--region", "eu-central-1"]).code(2).stdout("");
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.contains("the books hold no prices for Amazon Web Services in eu-central-1"), "{said}");
    show(&["--region", "nowhere"]).code(2).stdout("");
}
