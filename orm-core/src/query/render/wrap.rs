//! A statement inside another text.

use std::sync::Arc;

use super::{Rendered, Text};
use crate::query::lexer::without_end;
use crate::types::fingerprint;

/// The statement between two pieces of text, with the same parameters; its columns are of PostgreSQL's own types.
pub(crate) fn wrap(before: &str, inner: &Rendered, after: &str) -> Rendered {
    let sql = [before, without_end(&inner.text.sql), after].concat();
    let fingerprint = fingerprint(&sql, &inner.parameters);
    let (what, plan_each_time) = (inner.text.what, inner.text.plan_each_time);
    let (moments, has_secrets) = (inner.text.moments.clone(), inner.text.has_secrets);
    let text = Text { sql, fingerprint, what, plan_each_time, moments, has_secrets, ..Text::default() };
    Rendered {
        text: Arc::new(text),
        parameters: inner.parameters.clone(),
        at: inner.at,
        plan_each_time: inner.plan_each_time,
    }
}
