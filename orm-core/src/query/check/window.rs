//! Checks that each name of a window stands for one.

use super::refuse;
use crate::error::Error;
use crate::query::ast::{Node, Select, Window};

pub(super) fn select<'a>(select: &'a Select) -> Result<(), Error> {
    let mut named: Vec<(&str, &Window)> = Vec::new();
    let mut twice = None;
    let mut see = |node: &'a Node| {
        let Node::Over(_, window) = node else { return };
        let Some(name) = window.name else { return };
        match named.iter().find(|(other, _)| *other == name) {
            None => named.push((name, window)),
            Some((_, other)) if other.is_same(window) => {}
            Some(_) => twice = twice.or(Some(name)),
        }
    };
    select.nodes().for_each(|node| node.walk(&mut see));
    match twice {
        None => Ok(()),
        Some(name) => Err(refuse(
            format!(
                "two different windows of this select are called \"{name}\": give one of them another name"
            ),
            select.at,
        )),
    }
}
