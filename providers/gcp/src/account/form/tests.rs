use super::*;

const INNER: &[Field] = &[("name", "name", Form::Text), ("many", "limits.most", Form::Natural)];
const FIELDS: &[Field] = &[
    ("flag", "flag", Form::Flag),
    ("size", "inside.size", Form::Count),
    ("percent", "share", Form::Percent),
    ("line", "list.0.line", Form::Decimal),
    ("wait", "list.0.wait", Form::Seconds),
    ("network", "network", Form::Via("//service/")),
    ("zones", "zones", Form::EachIn("zone", &Form::Name("zones/"))),
    ("things", "things", Form::Each(&Form::Fields(INNER))),
    ("flags", "flags", Form::Pairs("name")),
    ("labels", "labels", Form::Entries),
];

#[test]
fn what_is_written_is_read_back() {
    let settings = [
        ("flag", Value::from(true)),
        ("size", 20_u32.into()),
        ("percent", 60_u32.into()),
        ("line", "0.85".into()),
        ("wait", 300_u32.into()),
        ("network", "//service/projects/p/global/networks/n".into()),
        ("zones", Value::texts(["r-a", "r-b"])),
        ("things", Value::List(vec![Value::map([("many", 0_u32.into()), ("name", "x".into())])])),
        ("flags", Value::map([("max_connections", "400".into())])),
        ("labels", Value::map([("a-b", "c".into())])),
    ];
    let mut json = json!({});
    settings.iter().for_each(|(name, value)| write(FIELDS, name, value, &mut json));
    assert_eq!(json["inside"]["size"], 20);
    assert_eq!(json["network"], "projects/p/global/networks/n");
    assert_eq!(json["zones"], json!([{ "zone": "zones/r-a" }, { "zone": "zones/r-b" }]));
    assert_eq!(json["list"], json!([{ "line": 0.85, "wait": "300s" }]));
    let read = read(FIELDS, &json);
    for (name, value) in settings {
        assert_eq!(read[name], value, "{name}");
    }
}

#[test]
fn what_an_api_writes_in_its_own_way_is_the_same() {
    let json = json!({
        "inside": { "size": "20" },
        "network": "https://www.googleapis.com/compute/v1/projects/p/global/networks/n",
        "zones": [{ "zone": "https://www.googleapis.com/compute/v1/projects/p/zones/r-b" }, { "zone": "zones/r-a" }],
        "things": [{ "name": "x" }],
    });
    let read = read(FIELDS, &json);
    assert_eq!(read["size"], Value::Count(20));
    assert_eq!(read["network"], "//service/projects/p/global/networks/n".into());
    assert_eq!(read["zones"], Value::texts(["r-a", "r-b"]));
    assert_eq!(read["flag"], Value::Flag(false));
    assert_eq!(read["things"].to_string(), "[{many: 0, name: x}]");
    assert!(!read.contains_key("line"));
}
