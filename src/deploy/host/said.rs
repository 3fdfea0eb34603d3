//! What a script about releases said: marks, lines of text, and how it ended.

/// A line for this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// What it is about.
    pub(crate) word: String,
    /// The rest of the line.
    pub(crate) rest: String,
}

/// Whose run it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who began it.
    pub who: String,
    /// Why.
    pub why: String,
    /// Since when, seconds since 1970 by the clock of the host.
    pub since_s: i64,
    /// When its lease ends unless it is renewed, likewise.
    pub until_s: i64,
}

/// How a script ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Everything was done.
    Done {
        /// What it said for this program.
        marks: Vec<Mark>,
        /// Lines of text, each after the mark with this number (from 0; `usize::MAX`: before the first).
        text: Vec<(usize, String)>,
    },
    /// A step failed, and nothing after it was done.
    Failed {
        /// Which step.
        what: String,
        /// What was said about it.
        text: Vec<String>,
    },
    /// Another run holds the host.
    Held(Holder),
    /// It did not come to its end.
    CutOff {
        /// The last it said.
        text: Vec<String>,
    },
}

/// Reads what a script said.
pub(crate) fn heard(stdout: &[u8], stderr: &[u8]) -> Answer {
    let (mut marks, mut text) = (Vec::<Mark>::new(), Vec::new());
    for line in String::from_utf8_lossy(stdout).lines() {
        if let Some(mark) = line.strip_prefix('@') {
            let (word, rest) = mark.split_once(' ').unwrap_or((mark, ""));
            marks.push(Mark { word: word.to_owned(), rest: rest.to_owned() });
        } else if let Some(line) = line.strip_prefix('|') {
            text.push((marks.len().wrapping_sub(1), line.to_owned()));
        }
    }
    let lines = |text: Vec<(usize, String)>| text.into_iter().map(|(_, line)| line).collect::<Vec<_>>();
    if marks.last().is_none_or(|mark| mark.word != "end") {
        let mut said = lines(text);
        said.extend(String::from_utf8_lossy(stderr).lines().map(str::to_owned));
        return Answer::CutOff { text: said };
    }
    marks.pop();
    if let Some(failed) = marks.iter().find(|mark| mark.word == "failed") {
        return Answer::Failed { what: failed.rest.clone(), text: lines(text) };
    }
    if let Some(holder) = holder(&marks, "held") {
        return Answer::Held(holder);
    }
    Answer::Done { marks, text }
}

/// Who holds the lock, where a mark of this word says that somebody does.
pub(crate) fn holder(marks: &[Mark], word: &str) -> Option<Holder> {
    let held = marks.iter().find(|mark| mark.word == word)?;
    let rest = |word: &str| {
        marks.iter().find(|mark| mark.word == word).map_or_else(String::new, |mark| mark.rest.clone())
    };
    let mut times = held.rest.split(' ').map(|time| time.parse().unwrap_or(0));
    Some(Holder {
        who: rest("who"),
        why: rest("why"),
        since_s: times.next().unwrap_or(0),
        until_s: times.next().unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_come_to_its_end_is_never_taken_for_done() {
        assert!(matches!(heard(b"@now 5\n", b"killed"), Answer::CutOff { text } if text == ["killed"]));
        assert!(matches!(heard(b"", b""), Answer::CutOff { .. }));
        assert!(matches!(heard(b"@now 5\n@end\n", b""), Answer::Done { marks, .. } if marks.len() == 1));
    }

    #[test]
    fn a_failure_has_its_words_and_a_held_lock_its_holder() {
        let failed = heard(b"@failed pulling x\n|no such\n|image\n@end\n", b"");
        assert_eq!(
            failed,
            Answer::Failed { what: "pulling x".into(), text: vec!["no such".into(), "image".into()] }
        );
        let held = heard(b"@held 10 20\n@who ann@desk\n@why 1.5\n@end\n", b"");
        let holder = Holder { who: "ann@desk".into(), why: "1.5".into(), since_s: 10, until_s: 20 };
        assert_eq!(held, Answer::Held(holder));
    }
}
