//! The questions of `init`, for `init --questions`.

use super::look::{Look, Tone};
use super::page::Page;
use crate::spec::Question;

/// Column of the questions: the longest name, `task-time`, and two spaces.
const COLUMN: usize = 11;

/// Each question by its name, with the answer that is taken without one.
pub fn questions_text(questions: &[Question], look: &Look) -> String {
    let mut page = Page::new(look);
    for question in questions {
        let text = format!("{} [{}]", question.text, question.default);
        page.marked(Tone::Strong, question.id, COLUMN, &text);
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;
    use crate::spec::{self, Vocabulary};

    #[test]
    fn each_question_shows_its_default_and_stays_inside_the_terminal() {
        let questions = spec::questions(&Vocabulary::default());
        let text = questions_text(&questions, &Look::plain(60));
        fixtures::assert_fits(&text, 60);
        for question in &questions {
            assert!(text.contains(&format!("[{}]", question.default)), "{}\n{text}", question.id);
        }
    }
}
