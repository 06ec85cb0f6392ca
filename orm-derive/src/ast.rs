//! What a model, an enum or a newtype says of itself, as plain data.

use proc_macro2::Span;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Attribute, GenericArgument, Ident, Member, Path, PathArguments, PathSegment, Type, Visibility};

/// A struct with `#[derive(Model)]`.
pub(crate) struct Model {
    pub(crate) name: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) table: Text,
    pub(crate) fields: Vec<Field>,
    pub(crate) has_many: Vec<HasMany>,
    /// Whether code can be written for it, apart from what else is wrong.
    pub(crate) can_be_written: bool,
}

/// A field, which is a column.
pub(crate) struct Field {
    pub(crate) name: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) ty: Type,
    pub(crate) column: Text,
    pub(crate) primary_key: Option<Span>,
    pub(crate) generated: Option<Span>,
    pub(crate) default: Option<Text>,
    pub(crate) references: Option<Target>,
    pub(crate) relation: Option<Ident>,
    pub(crate) on_delete: Option<(OnDelete, Span)>,
}

/// `posts = Post.user_id`.
pub(crate) struct HasMany {
    pub(crate) name: Ident,
    pub(crate) foreign_key: Target,
}

/// A column of a model: `super::User.id`.
pub(crate) struct Target {
    pub(crate) model: Path,
    pub(crate) column: Ident,
}

/// A string and where it was written, or what it was taken from.
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) span: Span,
}

/// What happens to a row when the row it references is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnDelete {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// An enum with `#[derive(Enum)]`.
pub(crate) struct Enumeration {
    pub(crate) name: Ident,
    pub(crate) type_name: Text,
    pub(crate) variants: Vec<Variant>,
    /// Whether code can be written for it, apart from what else is wrong.
    pub(crate) can_be_written: bool,
}

/// A variant, which is a label.
pub(crate) struct Variant {
    pub(crate) name: Ident,
    pub(crate) label: Text,
}

/// A struct of one field with `#[derive(ColumnType)]`.
pub(crate) struct Newtype {
    pub(crate) name: Ident,
    pub(crate) field: Member,
    pub(crate) inner: Type,
}

impl Model {
    /// The fields of the primary key, with their places.
    pub(crate) fn key(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.primary_key.is_some())
    }

    /// The fields a new row may give, with their places.
    pub(crate) fn insertable(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.generated.is_none())
    }

    /// The name of the struct a new row is made of.
    pub(crate) fn new_name(&self) -> Ident {
        format_ident!("New{}", self.name.unraw(), span = self.name.span())
    }
}

impl Field {
    /// Whether the type is an `Option`.
    pub(crate) fn is_option(&self) -> bool {
        self.option_content().is_some()
    }

    /// The type inside the `Option`, if it is one.
    pub(crate) fn option_content(&self) -> Option<&Type> {
        // By the look of it: a derive sees no types.
        let last = last_segment(&self.ty)?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        match arguments.args.first() {
            Some(GenericArgument::Type(content)) if last.ident == "Option" => Some(content),
            _ => None,
        }
    }

    /// Whether a new row must give it.
    pub(crate) fn is_required(&self) -> bool {
        self.generated.is_none() && self.default.is_none() && !self.is_option()
    }
}

impl OnDelete {
    /// Each with the word for it in an attribute.
    pub(crate) const ALL: [(&str, OnDelete); 5] = [
        ("cascade", OnDelete::Cascade),
        ("restrict", OnDelete::Restrict),
        ("set_null", OnDelete::SetNull),
        ("set_default", OnDelete::SetDefault),
        ("no_action", OnDelete::NoAction),
    ];
}

/// Whether the last part of a type's path is this word, with nothing behind it.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|last| last.ident == name && last.arguments.is_none())
}

/// The last part of a type's path; through the invisible groups a `macro_rules!` puts around `$ty:ty`.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}
