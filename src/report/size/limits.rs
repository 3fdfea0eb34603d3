//! The limits in the order in which they are reached, with the spec's users between them.

use crate::report::page::{Grid, Page, Set};
use crate::report::tidy;
use crate::report::words::Word;
use crate::sizing::{LimitKind, LoadLine};
use crate::spec::Spec;

/// Writes the section.
pub(super) fn write(page: &mut Page<'_>, spec: &Spec, line: &LoadLine) {
    page.heading("Limits in the order in which they are reached");
    let mut grid = Grid::new(&[("at users", Set::Right), ("limit", Set::Left), ("", Set::Left)]);
    for row in limit_rows(spec, line) {
        grid.row(&row);
    }
    page.table(&grid);
}

/// Users, limit and what it is; the spec's users stand in their place among them.
pub(crate) fn limit_rows(spec: &Spec, line: &LoadLine) -> Vec<[String; 3]> {
    let asked = spec.load.users.mid;
    let reached_later = |at_users: Option<u32>| at_users.is_none_or(|at_users| f64::from(at_users) >= asked);
    let place =
        line.limits.iter().position(|reached| reached_later(reached.at_users)).unwrap_or(line.limits.len());
    let mut rows: Vec<[String; 3]> = line
        .limits
        .iter()
        .map(|reached| {
            let at_users = match reached.at_users {
                Some(at_users) => tidy::count(f64::from(at_users)),
                None => format!("over {}", tidy::count(f64::from(line.searched_to))),
            };
            let kind = match reached.kind {
                LimitKind::Landmark => "for orientation",
                kind => kind.word(),
            };
            let role = if reached.limit == line.binding {
                format!("{kind}, the load line")
            } else {
                kind.to_owned()
            };
            [at_users, reached.limit.clone(), role]
        })
        .collect();
    rows.insert(place, [tidy::count(asked), "the users of the spec".to_owned(), "<-- asked for".to_owned()]);
    rows
}
