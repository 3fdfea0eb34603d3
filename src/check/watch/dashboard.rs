//! A dashboard for Grafana: the verdicts of `loadline check`, then a panel for each line with the line drawn in.

use serde_json::{Value, json};

use super::{Curve, Watched, exporters};

/// Columns of the grid of Grafana.
const COLUMNS: usize = 24;
/// Panels side by side.
const ABREAST: usize = 3;
const HEIGHT: usize = 7;

/// The dashboard of a deployment, to be imported or provisioned.
pub fn dashboard(of: Watched<'_>) -> Value {
    let mut panels = vec![verdicts(), failing(of)];
    let curves = exporters::curves(of);
    panels.extend(curves.iter().enumerate().map(|(index, curve)| {
        let place = json!({
            "h": HEIGHT, "w": COLUMNS / ABREAST,
            "x": index % ABREAST * (COLUMNS / ABREAST), "y": 2 * HEIGHT + index / ABREAST * HEIGHT,
        });
        panel(curve, index + 3, &place)
    }));
    json!({
        "uid": format!("loadline-{}", of.name).chars().take(40).collect::<String>(),
        "title": format!("{}: load lines", of.name),
        "tags": ["loadline", of.name],
        "timezone": "browser",
        "schemaVersion": 39,
        "version": 1,
        "refresh": "30s",
        "time": { "from": "now-6h", "to": "now" },
        "templating": { "list": [{
            "name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus", "current": {}, "hide": 0,
        }] },
        "annotations": { "list": [] },
        "links": [],
        "panels": panels,
    })
}

fn source() -> Value {
    json!({ "type": "prometheus", "uid": "${source}" })
}

fn verdicts() -> Value {
    json!({
        "id": 1, "type": "table", "title": "Over their line, or not seen", "datasource": source(),
        "gridPos": { "h": HEIGHT * 2, "w": COLUMNS / 2, "x": 0, "y": 0 },
        "targets": [{
            "refId": "A", "datasource": source(), "instant": true, "format": "table",
            "expr": "loadline_check_ok == 0",
        }],
        "transformations": [{ "id": "organize", "options": { "excludeByName": { "Time": true, "Value": true, "__name__": true, "job": true } } }],
        "fieldConfig": { "defaults": {}, "overrides": [] },
    })
}

fn failing(of: Watched<'_>) -> Value {
    let mut steps = vec![json!({ "color": "red", "value": null })];
    steps.push(json!({ "color": "green", "value": of.availability.unwrap_or(1.0) }));
    json!({
        "id": 2, "type": "timeseries", "title": "Share of checks that are well", "datasource": source(),
        "gridPos": { "h": HEIGHT * 2, "w": COLUMNS / 2, "x": COLUMNS / 2, "y": 0 },
        "targets": [{
            "refId": "A", "datasource": source(), "expr": "avg by (component) (loadline_check_ok)", "legendFormat": "{{component}}",
        }],
        "fieldConfig": {
            "defaults": { "unit": "percentunit", "min": 0, "max": 1, "thresholds": { "mode": "absolute", "steps": steps } },
            "overrides": [],
        },
        "options": { "legend": { "displayMode": "list", "placement": "bottom" }, "tooltip": { "mode": "multi" } },
    })
}

fn panel(curve: &Curve, id: usize, place: &Value) -> Value {
    let mut steps = vec![json!({ "color": "green", "value": null })];
    if let Some(line) = curve.line {
        steps.push(json!({ "color": "red", "value": line }));
    }
    let style = if curve.line.is_some() { "line" } else { "off" };
    let mut defaults = json!({
        "unit": curve.unit, "min": 0,
        "thresholds": { "mode": "absolute", "steps": steps },
        "custom": { "thresholdsStyle": { "mode": style } },
    });
    if curve.unit == "percentunit" {
        defaults["max"] = json!(1);
    }
    json!({
        "id": id, "type": "timeseries", "title": curve.title, "datasource": source(), "gridPos": place,
        "targets": [{ "refId": "A", "datasource": source(), "expr": curve.expression, "legendFormat": curve.legend }],
        "fieldConfig": { "defaults": defaults, "overrides": [] },
        "options": { "legend": { "displayMode": "list", "placement": "bottom" }, "tooltip": { "mode": "multi" } },
    })
}
