//! Parses `#[orm(..)]` item by item, so that a mistake in one does not hide those in others.

mod composite;
mod constraint;
mod enumeration;
mod field;
mod filter;
mod item;
mod model;
mod newtype;
mod policy;
mod relation;
mod row;
mod value;

pub(crate) use composite::composite;
pub(crate) use enumeration::enumeration;
pub(crate) use model::model;
pub(crate) use newtype::newtype;
pub(crate) use row::row;
