//! What a machine does at its first start. Images of this cloud know only `root`: another login has to be made by the machine itself.

use loadline_contract::deploy::AppBlueprint;
use serde_json::json;

use super::Draft;

/// Bytes that a machine takes (API description, user_data).
const MOST: usize = 64 * 1024;

/// The user data: what the blueprint says, and the operators' login.
pub(super) fn user_data(draft: &mut Draft<'_>) -> String {
    let text = with_login(&draft.blueprint.app);
    if text.len() > MOST {
        draft.object(
            "tune",
            format!("a machine takes {MOST} bytes at its first start, not {}; shorten tune", text.len()),
        );
    }
    text
}

fn with_login(app: &AppBlueprint) -> String {
    let Some(ssh) = app.ssh.as_ref().filter(|ssh| ssh.user != "root") else { return app.first_start.clone() };
    let login = json!({
        "users": ["default", {
            "name": ssh.user,
            "groups": ["sudo"],
            "shell": "/bin/bash",
            "sudo": "ALL=(ALL) NOPASSWD:ALL",
            "ssh_authorized_keys": [ssh.public_key],
        }],
    });
    // cloud-init runs the parts of an archive one after the other (cloud-init docs, "User data formats"); JSON is YAML.
    let part = |content: &str| json!({ "type": "text/cloud-config", "content": content });
    let parts = json!([part(&format!("#cloud-config\n{login}\n")), part(&app.first_start)]);
    format!("#cloud-config-archive\n{parts}\n")
}
