//! What a model, a row, an enum or a newtype says of itself, as plain data.

mod column_type;
mod row;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Attribute, ExprPath, GenericArgument, Ident, Path, PathArguments, PathSegment, Type, Visibility};

pub(crate) use column_type::{Composite, Domain, Enumeration, Newtype, Variant};
pub(crate) use row::{Row, RowContent, RowField, RowRelation};

/// A struct with `#[derive(Model)]`.
pub(crate) struct Model {
    pub(crate) name: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) docs: Vec<Attribute>,
    /// The path of orm-core.
    pub(crate) root: TokenStream,
    pub(crate) view: Option<View>,
    pub(crate) schema: Option<Text>,
    pub(crate) table: Text,
    pub(crate) fields: Vec<Field>,
    pub(crate) related: Vec<Related>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) uniques: Vec<Unique>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) checks: Vec<Text>,
    pub(crate) row_security: Option<(RowSecurity, Span)>,
    pub(crate) policies: Vec<Policy>,
    /// The conditions that rows are read with, unless a statement says otherwise.
    pub(crate) filters: Vec<Filter>,
    /// The column that says that a row counts as deleted.
    pub(crate) soft_delete: Option<Ident>,
    /// What the insert struct derives besides its own.
    pub(crate) new_derives: Vec<Path>,
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
    pub(crate) generated: Option<(Generated, Span)>,
    pub(crate) default: Option<Text>,
    /// The function that makes a value in the program.
    pub(crate) client_default: Option<ExprPath>,
    pub(crate) computed: Option<Text>,
    pub(crate) version: Option<Span>,
    /// Its values are shown nowhere.
    pub(crate) secret: Option<Span>,
    /// What the column becomes when its row is changed.
    pub(crate) on_update: Option<Text>,
    pub(crate) unique: Option<(Deferrable, Span)>,
    pub(crate) check: Option<Text>,
    pub(crate) references: Option<Target>,
    pub(crate) relation: Option<Ident>,
    pub(crate) actions: Actions,
    /// When the foreign key is checked.
    pub(crate) deferrable: Option<(Deferrable, Span)>,
}

/// For whom row policies hold: for all but the owner of the table, or for the owner too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowSecurity {
    Enabled,
    Forced,
}

/// A row policy.
pub(crate) struct Policy {
    pub(crate) name: Text,
    pub(crate) command: Command,
    pub(crate) restrictive: bool,
    pub(crate) role: Option<Text>,
    pub(crate) using: Option<Text>,
    pub(crate) check: Option<Text>,
}

/// `filter(active = "deleted_at IS NULL")`.
pub(crate) struct Filter {
    pub(crate) name: Ident,
    pub(crate) sql: Text,
}

/// What a policy is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    All,
    Select,
    Insert,
    Update,
    Delete,
}

impl Command {
    /// Each with its word.
    pub(crate) const ALL: [(&'static str, Command); 5] = [
        ("all", Command::All),
        ("select", Command::Select),
        ("insert", Command::Insert),
        ("update", Command::Update),
        ("delete", Command::Delete),
    ];
}

/// What happens to a row when the row it references changes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Actions {
    pub(crate) on_delete: Option<(Action, Span)>,
    pub(crate) on_update: Option<(Action, Span)>,
}

/// `view`, or `view = "SELECT .."`.
pub(crate) struct View {
    pub(crate) query: Option<Text>,
}

/// `foreign_key(tenant_id, order_id = Order)`.
pub(crate) struct ForeignKey {
    pub(crate) columns: Vec<Ident>,
    pub(crate) target: Path,
    pub(crate) relation: Option<Ident>,
    pub(crate) actions: Actions,
    pub(crate) deferrable: Deferrable,
}

/// `unique(a, b)`.
pub(crate) struct Unique {
    pub(crate) name: Option<Text>,
    pub(crate) columns: Vec<Ident>,
    pub(crate) deferrable: Deferrable,
}

/// `index(a, "lower(b)", method = "gin")`.
pub(crate) struct Index {
    pub(crate) name: Option<Text>,
    pub(crate) unique: bool,
    pub(crate) method: Option<Text>,
    pub(crate) parts: Vec<IndexPart>,
    pub(crate) predicate: Option<Text>,
}

pub(crate) enum IndexPart {
    Column(Ident),
    Expression(Text),
}

/// A relation that other models' foreign keys make.
pub(crate) struct Related {
    pub(crate) name: Ident,
    pub(crate) kind: RelatedKind,
}

/// By which foreign keys.
pub(crate) enum RelatedKind {
    /// `has_many(posts = Post.user_id)`
    Many(Target),
    /// `has_one(profile = Profile.user_id)`
    One(Target),
    /// `many_to_many(tags = Tag, through = PostTag, from = PostTag.post_id, to = PostTag.tag_id)`
    Through { model: Path, through: Path, named: Option<(Target, Target)> },
}

impl Related {
    /// The model it leads to.
    pub(crate) fn model(&self) -> &Path {
        match &self.kind {
            RelatedKind::Many(key) | RelatedKind::One(key) => &key.model,
            RelatedKind::Through { model, .. } => model,
        }
    }

    /// All models it names.
    pub(crate) fn models(&self) -> Vec<&Path> {
        match &self.kind {
            RelatedKind::Many(key) | RelatedKind::One(key) => vec![&key.model],
            RelatedKind::Through { model, through, named } => {
                let named = named.iter().flat_map(|(from, to)| [&from.model, &to.model]);
                named.chain([model, through]).collect()
            }
        }
    }
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

/// What happens to a row when the row it references is deleted, or gets another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Nothing,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// Whether an identity takes a value that an INSERT gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generated {
    ByDefault,
    Always,
}

/// When a constraint is checked: at once, or at the end of the transaction where a transaction asks for it or by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Deferrable {
    #[default]
    No,
    InitiallyImmediate,
    InitiallyDeferred,
}

impl Model {
    /// The fields of the primary key, with their places.
    pub(crate) fn key(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.primary_key.is_some())
    }

    /// The fields a new row may give, with their places.
    pub(crate) fn insertable(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.is_insertable())
    }

    /// The names of the columns, in the order of the fields.
    pub(crate) fn columns(&self) -> Vec<&str> {
        self.fields.iter().map(|field| field.column.value.as_str()).collect()
    }

    /// The place of a field.
    pub(crate) fn place(&self, name: &Ident) -> Option<usize> {
        self.fields.iter().position(|field| field.name == *name)
    }

    /// The foreign key that a field's value comes from, by number, and the model it points at; those of single fields
    /// come first.
    pub(crate) fn foreign_key<'a>(&'a self, field: &'a Field) -> Option<(usize, &'a Path)> {
        let mut single = self.fields.iter().filter(|field| field.references.is_some());
        if let Some(target) = &field.references {
            return Some((single.position(|other| other.name == field.name)?, &target.model));
        }
        let nth = self.foreign_keys.iter().position(|key| key.columns.contains(&field.name))?;
        Some((single.count() + nth, &self.foreign_keys[nth].target))
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

    /// Whether it is the version that PostgreSQL itself keeps for every row.
    pub(crate) fn is_system(&self) -> bool {
        self.version.is_some() && self.column.value == "xmin"
    }

    /// The type, without an `Option` around it.
    pub(crate) fn base_type(&self) -> &Type {
        self.option_content().unwrap_or(&self.ty)
    }

    /// Whether a new row may give it.
    pub(crate) fn is_insertable(&self) -> bool {
        self.generated.is_none() && self.computed.is_none() && self.version.is_none()
    }

    /// Whether a new row may leave it to the database or to a function.
    pub(crate) fn has_default(&self) -> bool {
        self.default.is_some() || self.client_default.is_some()
    }

    /// Whether a new row must give it.
    pub(crate) fn is_required(&self) -> bool {
        self.is_insertable() && !self.has_default() && !self.is_option()
    }
}

impl Action {
    /// Each with the word for it in an attribute.
    pub(crate) const ALL: [(&str, Action); 5] = [
        ("cascade", Action::Cascade),
        ("restrict", Action::Restrict),
        ("set_null", Action::SetNull),
        ("set_default", Action::SetDefault),
        ("no_action", Action::Nothing),
    ];
}

impl Deferrable {
    /// Each that can be asked for, with the word for it in an attribute.
    pub(crate) const ALL: [(&str, Deferrable); 2] = [
        ("initially_deferred", Deferrable::InitiallyDeferred),
        ("initially_immediate", Deferrable::InitiallyImmediate),
    ];
}

/// Whether tokens mention a name.
pub(crate) fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
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
