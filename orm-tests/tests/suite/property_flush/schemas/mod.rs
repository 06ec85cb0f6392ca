//! The schemas.

mod action;
mod circle;
mod composite;
mod deferrable;
mod unique;
mod version;

use super::schema::TestSchema;

/// All of them.
pub fn all() -> Vec<TestSchema> {
    [action::all(), circle::all(), composite::all(), deferrable::all(), unique::all(), version::all()]
        .into_iter()
        .flatten()
        .collect()
}
