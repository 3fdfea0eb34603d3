//! Text that travels into a POSIX shell script as data, and never as a part of it.

/// The text as one word of a shell script: in single quotes, inside which nothing has a meaning but their end.
/// A NUL byte, which no shell can hold, is left out.
pub fn quoted(text: &str) -> String {
    let mut word = String::with_capacity(text.len() + 2);
    word.push('\'');
    for letter in text.chars().filter(|letter| *letter != '\0') {
        match letter {
            '\'' => word.push_str("'\\''"),
            other => word.push(other),
        }
    }
    word.push('\'');
    word
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    fn echoed(text: &str) -> String {
        let script = format!("printf '%s' {}", quoted(text));
        String::from_utf8(Command::new("sh").arg("-c").arg(script).output().unwrap().stdout).unwrap()
    }

    #[test]
    fn a_shell_gives_hostile_text_back_as_it_was() {
        for text in ["", "'", "''\\''", "$(id)`id`", "a\nb\n", "\\", "-n", "!*?[a]~", "x'; rm -rf /; '"] {
            assert_eq!(echoed(text), text);
        }
        assert_eq!(echoed("a\0b"), "ab");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_gives_any_text_back_as_it_was(text in "[^\0]{0,40}") {
            prop_assert_eq!(echoed(&text), text);
        }
    }
}
