//! Files of a release that were written to a folder.

use serde_json::{Value, json};

use super::super::escape::plain;
use super::super::look::Look;
use crate::deploy::files::FileText;

/// What was written where, and what the numbers had to give way to.
pub fn rendered_text(folder: &str, files: &[FileText], remarks: &[String], look: &Look) -> String {
    let mut text = String::new();
    for file in files {
        text.push_str(&format!("{}\n", plain(&format!("{folder}/{}", file.path))));
    }
    for remark in remarks {
        let options =
            textwrap::Options::new(look.columns()).initial_indent("note: ").subsequent_indent("      ");
        text.push_str(&format!("\n{}\n", textwrap::fill(remark, options)));
    }
    text
}

/// The same as JSON.
pub fn rendered_json(folder: &str, files: &[FileText], remarks: &[String]) -> Value {
    let files: Vec<Value> =
        files.iter().map(|file| json!({ "path": file.path, "bytes": file.text.len() })).collect();
    json!({ "schema": 1, "folder": folder, "files": files, "remarks": remarks })
}
