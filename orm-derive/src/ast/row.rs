//! What a struct with `#[derive(Row)]` says of itself.

use proc_macro2::{TokenStream, TokenTree};
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Ident, Path, Type, Visibility};

use super::Text;

/// A struct with `#[derive(Row)]`.
pub(crate) struct Row {
    pub(crate) name: Ident,
    pub(crate) visibility: Visibility,
    /// The path of orm-core.
    pub(crate) root: TokenStream,
    /// The model whose columns it takes.
    pub(crate) of: Option<Path>,
    pub(crate) fields: Vec<RowField>,
    /// Whether code can be written for it, apart from what else is wrong.
    pub(crate) can_be_written: bool,
}

/// A field of a row.
pub(crate) struct RowField {
    pub(crate) name: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) ty: Type,
    /// The column's name where rows are read by names; the field's if nothing is said.
    pub(crate) column: Option<Text>,
    pub(crate) content: RowContent,
}

/// What a field of a row is.
pub(crate) enum RowContent {
    /// A column, or what fills it.
    Column,
    /// The related rows of the model's relation.
    Related(RowRelation),
    /// How many there are.
    Count(RowRelation),
}

/// A relation of the model, and what of it is read: `posts.filter(Post.public.eq(true)).limit(3)`.
pub(crate) struct RowRelation {
    pub(crate) name: Ident,
    /// The methods behind the name.
    pub(crate) part: TokenStream,
}

impl RowRelation {
    /// Whether something else is read in place of the related model: `posts.only(Post.title)`, `posts.with(Post.comments)`.
    pub(crate) fn is_of_something_else(&self) -> bool {
        let mut names = self.part.clone().into_iter();
        names.any(|token| matches!(token, TokenTree::Ident(name) if name == "only" || name == "with"))
    }
}

impl Row {
    /// Whether fields of it come from relations.
    pub(crate) fn has_relations(&self) -> bool {
        self.fields.iter().any(|field| !matches!(field.content, RowContent::Column))
    }

    /// The name of the struct that a row is selected by.
    pub(crate) fn select_name(&self) -> Ident {
        format_ident!("Select{}", self.name.unraw(), span = self.name.span())
    }

    /// The name of the struct that is the columns of a row of a model.
    pub(crate) fn columns_name(&self) -> Ident {
        format_ident!("{}Columns", self.name.unraw(), span = self.name.span())
    }
}
