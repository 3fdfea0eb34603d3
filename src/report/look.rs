//! How text is to look: width, colour, character set. The caller finds these out; nothing here asks the environment.

/// Whether escape sequences for colour may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Never an escape byte.
    Off,
    /// Colour and weight beside the words; never instead of them.
    On,
}

/// Whether characters beyond ASCII may be used for rules and signs. Words of the user are shown as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unicode {
    /// ASCII only.
    Off,
    /// Line-drawing characters and signs such as the plus-minus sign.
    On,
}

/// How text is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal; no line is wider. Below 40 the layout is made for 40.
    pub width: usize,
    /// Colour.
    pub colour: Colour,
    /// Character set.
    pub unicode: Unicode,
}

/// What a piece of text is, for colouring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Strong,
    Good,
    Warning,
    Bad,
}

impl Look {
    /// No colour, Unicode, the given width.
    pub const fn plain(width: usize) -> Self {
        Self { width, colour: Colour::Off, unicode: Unicode::On }
    }

    /// The width that text is laid out for.
    pub(crate) fn columns(&self) -> usize {
        self.width.max(40)
    }

    /// The sign between a value and its half width.
    pub(crate) fn plus_minus(&self) -> &'static str {
        match self.unicode {
            Unicode::On => "\u{b1}",
            Unicode::Off => "+/-",
        }
    }

    /// The sign that more follows.
    pub(crate) fn more(&self) -> &'static str {
        match self.unicode {
            Unicode::On => "\u{2026}",
            Unicode::Off => "...",
        }
    }

    /// The character of a horizontal rule.
    pub(crate) fn rule(&self) -> char {
        match self.unicode {
            Unicode::On => '\u{2500}',
            Unicode::Off => '-',
        }
    }

    /// The text in its colour; without colour, the text.
    pub(crate) fn paint(&self, tone: Tone, text: &str) -> String {
        use anstyle::{AnsiColor, Style};
        let style = match (self.colour, tone) {
            (Colour::Off, _) | (_, Tone::Plain) => return text.to_owned(),
            (_, Tone::Strong) => Style::new().bold(),
            (_, Tone::Good) => AnsiColor::Green.on_default().bold(),
            (_, Tone::Warning) => AnsiColor::Yellow.on_default().bold(),
            (_, Tone::Bad) => AnsiColor::Red.on_default().bold(),
        };
        format!("{style}{text}{style:#}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_no_escape_byte_is_written() {
        assert_eq!(Look::plain(80).paint(Tone::Bad, "no"), "no");
    }

    #[test]
    fn with_colour_the_word_itself_is_still_there_and_the_style_ends() {
        let painted = Look { colour: Colour::On, ..Look::plain(80) }.paint(Tone::Bad, "no");
        assert!(painted.contains("no") && painted.starts_with('\u{1b}') && painted.ends_with("\u{1b}[0m"));
    }
}
