//! A page of text: headings, wrapped sentences and tables that are never wider than the look allows.
//!
//! Every word that comes in is made harmless here (`escape::plain`), so that no caller can forget it; colour is added afterwards.

use comfy_table::{CellAlignment, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle};
use textwrap::{Options, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthStr;

use super::escape::plain;
use super::look::{Look, Tone};

/// How the cells of a column are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table under construction: columns, then rows of cells; a cell may have several lines.
pub(crate) struct Grid {
    columns: Vec<(String, Set)>,
    rows: Vec<Vec<Vec<String>>>,
}

impl Grid {
    /// A table with these columns. A table whose headings are all empty is printed without heading.
    pub(crate) fn new(columns: &[(&str, Set)]) -> Self {
        Self { columns: columns.iter().map(|(name, set)| (plain(name), *set)).collect(), rows: Vec::new() }
    }

    /// Adds a row of cells of one line each.
    pub(crate) fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        self.rows.push(cells.iter().map(|cell| vec![plain(cell.as_ref())]).collect());
    }

    /// Adds a row of cells of several lines each.
    pub(crate) fn tall_row(&mut self, cells: &[Vec<String>]) {
        self.rows.push(cells.iter().map(|lines| lines.iter().map(|line| plain(line)).collect()).collect());
    }

    /// The lines, each at most `width` columns wide, and how many of them are the heading.
    fn lines(&self, look: &Look, width: usize) -> (Vec<String>, usize) {
        let mut table = Table::new();
        let rule = look.rule();
        table
            .force_no_tty()
            .load_style(
                TableStyle::new()
                    .header_lines(ContentLineStyle::none().junction(' '))
                    .content_lines(ContentLineStyle::none().junction(' '))
                    .header_separator(LineStyle::none().fill(rule).junction(' ')),
            )
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width).unwrap_or(u16::MAX));
        let headed = self.columns.iter().any(|(name, _)| !name.is_empty());
        if headed {
            table.set_header(self.columns.iter().map(|(name, _)| name.as_str()));
        }
        for row in &self.rows {
            table.add_row(row.iter().map(|lines| lines.join("\n")));
        }
        for (index, (_, set)) in self.columns.iter().enumerate() {
            if let Some(column) = table.column_mut(index) {
                column.set_padding((0, 1));
                if *set == Set::Right {
                    column.set_cell_alignment(CellAlignment::Right);
                }
            }
        }
        let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
        let heading = match headed {
            true => lines.iter().position(|line| line.starts_with(rule)).unwrap_or(0),
            false => 0,
        };
        (lines, heading)
    }
}

/// Text under construction.
pub(crate) struct Page<'a> {
    look: &'a Look,
    out: String,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(crate) fn new(look: &'a Look) -> Self {
        Self { look, out: String::new() }
    }

    /// The look of the page.
    pub(crate) fn look(&self) -> &'a Look {
        self.look
    }

    /// The finished text; ends with a line break.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// An empty line, then the heading.
    pub(crate) fn heading(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        for line in wrap(&plain(text), self.look.columns(), 0, 0) {
            self.push(&self.look.paint(Tone::Strong, &line));
        }
    }

    /// A paragraph.
    pub(crate) fn sentence(&mut self, text: &str) {
        for line in wrap(&plain(text), self.look.columns(), 0, 2) {
            self.push(&line);
        }
    }

    /// A mark in its tone, then the text with all further lines hanging under its first word.
    pub(crate) fn marked(&mut self, tone: Tone, mark: &str, column: usize, text: &str) {
        let mark = plain(mark);
        let column = column.max(mark.width() + 1);
        let mut lines = wrap(&plain(text), self.look.columns(), column, column).into_iter();
        let first = lines.next().unwrap_or_default();
        let gap = " ".repeat(column - mark.width());
        let line = format!("{}{gap}{}", self.look.paint(tone, &mark), first.trim_start());
        self.push(&line);
        for line in lines {
            self.push(&line);
        }
    }

    /// A mark in its tone, then as much of the text as one line holds, cut after a word.
    pub(crate) fn beginning(&mut self, tone: Tone, mark: &str, column: usize, text: &str) {
        let mark = plain(mark);
        let column = column.max(mark.width() + 1);
        let more = self.look.more();
        let whole = wrap(&plain(text), self.look.columns(), column, column);
        let line = match whole.as_slice() {
            [] => String::new(),
            [line] => line.clone(),
            _ => {
                let cut = wrap(&plain(text), self.look.columns() - more.width(), column, column);
                let end: &[char] = &[',', ';', ':', ' ', '.'];
                format!("{}{more}", cut.first().map_or("", |line| line.trim_end_matches(end)))
            }
        };
        let gap = " ".repeat(column - mark.width());
        self.push(&format!("{}{gap}{}", self.look.paint(tone, &mark), line.trim_start()));
    }

    /// Lines that hang under the text of a [`Page::marked`] of the same column.
    pub(crate) fn hanging(&mut self, column: usize, text: &str) {
        for line in wrap(&plain(text), self.look.columns(), column, column) {
            self.push(&line);
        }
    }

    /// A table; nothing when it has no rows.
    pub(crate) fn table(&mut self, grid: &Grid) {
        if grid.rows.is_empty() {
            return;
        }
        let (lines, heading) = grid.lines(self.look, self.look.columns());
        for (index, line) in lines.iter().enumerate() {
            let tone = if index < heading { Tone::Strong } else { Tone::Plain };
            self.push(&self.look.paint(tone, line));
        }
    }

    /// A line as it stands, cut at the width.
    pub(crate) fn line(&mut self, text: &str) {
        let text: String = plain(text).chars().take(self.look.columns()).collect();
        self.push(&text);
    }

    fn push(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }
}

/// Breaks text at spaces, but not between a number and its unit, and inside a word only where the word alone is too wide; the first
/// line and the rest are indented by that many columns.
pub(crate) fn wrap(text: &str, width: usize, first: usize, rest: usize) -> Vec<String> {
    let (first, rest) = (" ".repeat(first), " ".repeat(rest));
    let options = Options::new(width)
        .initial_indent(&first)
        .subsequent_indent(&rest)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(true);
    textwrap::wrap(&glued(text, GLUE), options).into_iter().map(|line| line.replace(GLUE, " ")).collect()
}

/// Stands for a space that must not become a line break: a private-use character, one column wide; from outside it becomes a blank.
const GLUE: char = '\u{e000}';

/// The text with this in place of the spaces between numbers and their units: `70 %`, `451 ms`.
pub(crate) fn glued(text: &str, glue: char) -> String {
    const UNITS: [&str; 13] =
        ["%", "ms", "s", "min", "h", "GiB", "MiB", "TiB", "GB", "TB", "rps", "users", "months"];
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ') {
        if !out.is_empty() {
            let unit =
                word.split(|end: char| !end.is_ascii_alphanumeric() && end != '%').next().unwrap_or_default();
            let after_number = out.ends_with(|last: char| last.is_ascii_digit());
            out.push(if after_number && UNITS.contains(&unit) { glue } else { ' ' });
        }
        out.push_str(word);
    }
    out
}

/// A product name in lines of at most `width` columns, broken after `-`, `_` or `.` where it has one in reach; an amount is only
/// broken at spaces.
pub(crate) fn fold(name: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let breaks: &[char] = if name.contains('$') { &[' '] } else { &['-', '_', '.', ' '] };
    for piece in name.split_inclusive(breaks) {
        let line = lines.last().map_or(0, |line| line.width());
        if line > 0 && line + piece.trim_end().width() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_without_spaces_is_broken_rather_than_running_over_the_edge() {
        let look = Look::plain(40);
        let mut page = Page::new(&look);
        page.marked(Tone::Bad, "error", 9, &"x".repeat(100));
        assert!(page.finish().lines().all(|line| line.width() <= 40));
    }

    #[test]
    fn further_lines_hang_under_the_first_word() {
        let look = Look::plain(40);
        let mut page = Page::new(&look);
        page.marked(Tone::Plain, "note", 9, "one two three four five six seven eight nine ten eleven");
        let text = page.finish();
        assert!(text.starts_with("note     one"));
        assert!(
            text.lines().skip(1).all(|line| line.starts_with("         ") && !line.starts_with("          "))
        );
    }

    #[test]
    fn a_beginning_is_one_line_that_says_whether_more_follows() {
        let look = Look::plain(40);
        let mut page = Page::new(&look);
        page.beginning(Tone::Plain, "note", 9, "one two three four five, six seven eight");
        page.beginning(Tone::Plain, "note", 9, "all of it");
        assert_eq!(page.finish(), "note     one two three four five, six\u{2026}\nnote     all of it\n");
    }

    #[test]
    fn a_number_and_its_unit_stay_on_one_line() {
        let look = Look::plain(40);
        let mut page = Page::new(&look);
        page.sentence("This is a sentence which would break at 70 %/month.");
        assert_eq!(page.finish(), "This is a sentence which would break at\n  70 %/month.\n");
    }

    #[test]
    fn product_names_break_after_their_separators() {
        assert_eq!(fold("GX_Standard_Q8abc_v5", 14), ["GX_Standard_", "Q8abc_v5"]);
        assert_eq!(fold("e8.4xlarge", 14), ["e8.4xlarge"]);
        assert_eq!(fold("at least $506.91", 14), ["at least", "$506.91"]);
    }

    #[test]
    fn a_cell_from_outside_cannot_add_an_escape_or_a_line() {
        let look = Look::plain(60);
        let mut grid = Grid::new(&[("what", Set::Left)]);
        grid.row(&["a\u{1b}[31m\nb"]);
        let mut page = Page::new(&look);
        page.table(&grid);
        let text = page.finish();
        assert_eq!(text.lines().count(), 3);
        assert!(!text.contains('\u{1b}'));
    }
}
