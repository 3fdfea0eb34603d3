//! A chosen design and its spec to a blueprint: everything that a cloud has to be told to build it, in words that any
//! cloud understands. Pure.

mod draw;
mod first_start;
mod machines;

pub use draw::{Drawn, Sheet, draw};
