//! Tests of the book: its grammar, its complaints, its compiled form, and text that nobody wrote.

mod compiled;
mod errors;
mod grammar;
mod random;

use super::Book;
use crate::{Availability, Money, Offer, Price, Rate, RegionOffers, Term};

/// The head of a small book: two regions, two sources, one note.
const HEAD: &str = "regions north south\nsource K 2026-07-20 the price list\nsource N 2025 another list\n\
                    source U 2026-11-23 looked for in both; no row\nnote up all upfront\n";

/// A book of one file: [`HEAD`] and what follows.
fn book(rest: &str) -> Book {
    Book::parse(&[("test.book", format!("{HEAD}{rest}"))]).unwrap()
}

/// The north of such a book.
fn north(rest: &str) -> RegionOffers {
    book(rest).offers("north")
}

/// The rate of an offer for a term and availability.
fn rate(offer: &Offer, term: Term, availability: Availability) -> &Rate {
    offer.rates.iter().find(|rate| rate.term == term && rate.availability == availability).unwrap()
}

/// The price of a single node on demand.
fn single(offer: &Offer) -> &Price {
    &rate(offer, Term::OnDemand, Availability::Single).price
}

/// A decimal from its text.
fn money(text: &str) -> Money {
    text.parse().unwrap()
}
