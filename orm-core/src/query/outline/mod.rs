//! Texts of statements rendered before: two trees that differ in values alone are checked and rendered once.
//!
//! A tree is written down as numbers, all of it but its values and its places in the source: `select`, `write` and
//! `batch` do so for each kind of statement, `node` for expressions. The numbers are compared whole, so that no text is
//! ever taken for another's.

mod batch;
mod merge;
mod node;
mod select;
mod table;
#[cfg(test)]
mod tests;
mod write;

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::panic::Location;
use std::sync::Arc;

use super::render::{Rendered, Text};
use crate::error::Error;
use crate::types::{Mixer, Parameter, PgType};

/// How many texts each thread keeps; beyond that it begins anew.
const KEPT: usize = 1024;

/// How many numbers a tree may have to be kept: a longer one is seldom written twice.
const LONGEST: usize = 4096;

/// How deep expressions may stand in each other: each of these is a call of a function for whoever looks at the tree, and a
/// stack that is full ends the program.
const DEEPEST: usize = 1000;

/// How much deeper a subquery is than an operator.
const SUBQUERY: usize = 6;

/// A statement that can be written down.
pub(crate) trait Tree {
    /// Writes everything down that the check and the text depend on, and collects the parameters in the order of the text.
    fn outline(&self, outline: &mut Outline);

    /// Checks and renders it.
    fn render(&self) -> Result<Rendered, Error>;

    /// Where the program built it.
    fn at(&self) -> Option<&'static Location<'static>> {
        None
    }
}

/// A tree without its values, as numbers: addresses of what is static, lengths, and kinds.
#[derive(Default)]
pub(crate) struct Outline {
    numbers: Vec<usize>,
    parameters: Vec<Parameter>,
    /// The CTEs met so far, by their places in memory.
    ctes: Vec<usize>,
    /// Their parameters, which come before all others.
    with: Vec<Parameter>,
    /// The windows with names that the select has had so far.
    windows: Vec<&'static str>,
    /// How deep the node stands that is written down.
    depth: usize,
    /// Whether a node stands too deep to be looked at.
    is_too_deep: bool,
}

impl Outline {
    #[inline]
    fn number(&mut self, number: usize) {
        self.numbers.push(number);
    }

    #[inline]
    fn address<T>(&mut self, of: &'static T) {
        self.number(std::ptr::from_ref(of) as usize);
    }

    fn text(&mut self, text: &'static str) {
        self.number(text.as_ptr() as usize);
        self.number(text.len());
    }

    /// A text that was made at run time: all of it, for its address may be another's later.
    fn made_text(&mut self, text: &str) {
        self.number(usize::MAX);
        self.number(text.len());
        for bytes in text.as_bytes().chunks(size_of::<usize>()) {
            let number = bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
            self.number(number);
        }
    }

    fn optional_text(&mut self, text: Option<&'static str>) {
        match text {
            Some(text) => self.text(text),
            // No text is there.
            None => self.number(0),
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        self.ty(parameter.pg_type());
        self.number(usize::from(parameter.is_array()) | usize::from(parameter.is_null()) << 1);
        self.parameters.push(parameter.clone());
    }

    /// A parameter that is only stored, so that it makes no difference whether it is NULL.
    fn stored(&mut self, parameter: &Parameter) {
        self.ty(parameter.pg_type());
        self.parameters.push(parameter.clone());
    }

    fn optional_parameter(&mut self, parameter: Option<&Parameter>) {
        match parameter {
            Some(parameter) => self.parameter(parameter),
            None => self.number(0),
        }
    }

    fn ty(&mut self, ty: &'static PgType) {
        self.address(ty);
    }

    fn list<T>(&mut self, elements: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(elements.len());
        elements.iter().for_each(|element| write(self, element));
    }
}

/// What a thread has rendered.
#[derive(Default)]
struct Known {
    texts: HashMap<Box<[usize]>, Arc<Text>, BuildHasherDefault<Mixer>>,
    /// Kept for its capacity.
    numbers: Vec<usize>,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// The text and parameters of a statement, after its check.
pub(crate) fn rendered(tree: &dyn Tree) -> Result<Rendered, Error> {
    Ok(Rendered { at: tree.at(), ..unplaced(tree)? })
}

fn unplaced(tree: &dyn Tree) -> Result<Rendered, Error> {
    KNOWN.with(|known| {
        // A value that renders statements while it is looked at does without.
        let Ok(mut known) = known.try_borrow_mut() else { return tree.render() };
        let numbers = std::mem::take(&mut known.numbers);
        let parameters = Vec::with_capacity(4);
        let mut outline = Outline { numbers, parameters, ..Outline::default() };
        tree.outline(&mut outline);
        outline.parameters.splice(..0, std::mem::take(&mut outline.with));
        let rendered = match outline.is_too_deep {
            true => Err(too_deep()),
            false => known.render(tree, &mut outline),
        };
        outline.numbers.clear();
        known.numbers = outline.numbers;
        rendered
    })
}

fn too_deep() -> Error {
    Error::statement_invalid(format!(
        "an expression stands more than {DEEPEST} deep in others: `or_(list)`, `and_(list)` and `func::concat` take many side by side; \
         a subquery in a subquery in .. is a `recursive(..)`, most likely"
    ))
}

impl Known {
    fn render(&mut self, tree: &dyn Tree, outline: &mut Outline) -> Result<Rendered, Error> {
        if let Some(text) = self.texts.get(&*outline.numbers) {
            let mut parameters = std::mem::take(&mut outline.parameters);
            text.hidden.iter().for_each(|number| parameters[number - 1].hide());
            let rendered = Rendered { text: Arc::clone(text), parameters, at: None, plan_each_time: false };
            debug_assert!(
                tree.render().is_ok_and(|fresh| fresh.is_as(&rendered)),
                "another text: {}",
                text.sql
            );
            return Ok(rendered);
        }
        let rendered = tree.render()?;
        if rendered.is_kept(&outline.parameters) && outline.numbers.len() <= LONGEST {
            if self.texts.len() >= KEPT {
                self.texts.clear();
            }
            self.texts.insert(outline.numbers.as_slice().into(), Arc::clone(&rendered.text));
        }
        Ok(rendered)
    }
}

impl Rendered {
    /// Whether another tree of the same outline, which has these parameters, is sure to get this text.
    fn is_kept(&self, parameters: &[Parameter]) -> bool {
        let alone = !self.text.shares || parameters.is_empty();
        debug_assert!(!alone || same(&self.parameters, parameters), "another order: {}", self.text.sql);
        alone && same(&self.parameters, parameters)
    }

    fn is_as(&self, other: &Rendered) -> bool {
        self.text.sql == other.text.sql && same(&self.parameters, &other.parameters)
    }
}

fn same(some: &[Parameter], others: &[Parameter]) -> bool {
    some.len() == others.len() && some.iter().zip(others).all(|(one, other)| one.is(other))
}
