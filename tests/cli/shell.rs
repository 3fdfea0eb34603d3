//! What the completions do in a real shell.

use std::process::{Command, Stdio};

use crate::support::environment;

/// What bash offers for the words before the cursor.
fn offered(words: &[&str]) -> Vec<String> {
    let script = "source <(\"$0\" completions bash)\n\
                  COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1))\n\
                  _loadline loadline \"${COMP_WORDS[-1]}\" \"${COMP_WORDS[-2]}\"\n\
                  printf '%s\\n' \"${COMPREPLY[@]}\"";
    let mut bash = Command::new("bash");
    environment(&mut bash);
    bash.args(["-c", script, env!("CARGO_BIN_EXE_loadline")]).args(words).stderr(Stdio::inherit());
    let output = bash.output().unwrap();
    assert!(output.status.success(), "{words:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_flags_and_values() {
    assert_eq!(offered(&["loadline", "comp"]), ["compare", "completions"]);
    assert_eq!(offered(&["loadline", "compare", "--te"]), ["--terms"]);
    assert_eq!(offered(&["loadline", "compare", "--terms", ""]), ["on-demand", "reserved-1y", "reserved-3y"]);
}
