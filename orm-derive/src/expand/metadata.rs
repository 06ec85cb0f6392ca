//! Writes the table as data.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, Meta};

use super::at_type;
use crate::ast::{
    Action, Actions, Command, Deferrable, Field, Filter, Generated, Index, IndexPart, Model, Policy,
    RowSecurity, Text,
};
use crate::condition::{Condition, condition};

/// The table and its columns, each in a static that points at the other.
pub(super) fn metadata(model: &Model) -> TokenStream {
    let entity = model.name.unraw().to_string();
    let table = &model.table.value;
    let count = model.fields.len();
    let key = model.key().map(|(place, _)| place);
    let columns = model.fields.iter().enumerate().map(|(place, field)| column(model, place, field));
    let more = more(model);
    quote! {
        static TABLE: __orm::TableMeta = __orm::table(#entity, #table, &COLUMNS, &[#(#key),*])#(.#more)*;
        static COLUMNS: [__orm::ColumnMeta; #count] = [#(#columns),*];
    }
}

/// What only some tables have.
fn more(model: &Model) -> Vec<TokenStream> {
    let mut more = Vec::new();
    if let Some(view) = &model.view {
        let query = option(view.query.as_ref());
        more.push(quote!(kind(__orm::TableKind::View(#query))));
    }
    if model.schema.is_some() {
        let schema = option(model.schema.as_ref());
        more.push(quote!(schema(#schema)));
    }
    if let Some(comment) = comment(&model.docs) {
        more.push(quote!(comment(#comment)));
    }
    if let Some((place, field)) = model.fields.iter().enumerate().find(|(_, field)| field.version.is_some()) {
        let ty = &field.ty;
        let is_system = field.is_system();
        more.push(quote!(version(__orm::version::<#ty>(#place, #is_system))));
    }
    let security = model.row_security.map(|(security, _)| security);
    let security = security.or((!model.policies.is_empty()).then_some(RowSecurity::Enabled));
    more.extend(security.map(|security| {
        let word = if security == RowSecurity::Forced { quote!(Forced) } else { quote!(Enabled) };
        quote!(row_security(__orm::RowSecurity::#word))
    }));
    if let Some(place) = model.soft_delete.as_ref().and_then(|column| model.place(column)) {
        let ty = &model.fields[place].ty;
        let function = quote_spanned!(at_type(ty)=> __orm::soft_delete::<#ty>);
        more.push(quote!(soft_delete(#function(#place))));
    }
    let mut list = |name: &str, content: Vec<TokenStream>| {
        if !content.is_empty() {
            let name = format_ident!("{name}");
            more.push(quote!(#name(&[#(#content),*])));
        }
    };
    list("foreign_keys", foreign_keys(model));
    list("uniques", uniques(model));
    list("checks", checks(model));
    list("indexes", model.indexes.iter().map(|found| index(model, found)).collect());
    list("policies", model.policies.iter().map(policy).collect());
    list("filters", model.filters.iter().filter_map(|found| filter(model, found)).collect());
    more
}

fn column(model: &Model, place: usize, field: &Field) -> TokenStream {
    let name = field.name.unraw().to_string();
    let (column, ty) = (&field.column.value, &field.ty);
    let mut out = quote!(__orm::column(&TABLE, #place, #name, #column, <#ty as __orm::ColumnType>::KIND));
    if let Some(comment) = comment(&field.docs) {
        out.extend(quote!(.comment(#comment)));
    }
    if let Some((generated, _)) = field.generated {
        out = quote_spanned!(at_type(&field.ty)=> __orm::identity(#out));
        out.extend((generated == Generated::Always).then(|| quote!(.always())));
    }
    out.extend(match (&field.computed, &field.default) {
        (Some(Text { value, .. }), _) => Some(quote!(.default(__orm::ColumnDefault::Computed(#value)))),
        (_, Some(Text { value, .. })) => Some(quote!(.default(__orm::ColumnDefault::Sql(#value)))),
        _ if field.is_system() => {
            let name = &field.column.value;
            Some(quote!(.default(__orm::ColumnDefault::Computed(#name))))
        }
        _ => None,
    });
    let alone = |columns: &[Ident]| matches!(columns, [only] if *only == field.name);
    if field.unique.is_some() || model.uniques.iter().any(|unique| alone(&unique.columns)) {
        out.extend(quote!(.unique()));
    }
    if let Some(function) = &field.client_default {
        out.extend(quote!(.client_default(|| __orm::Value::share(&#function()))));
    }
    if let Some(Text { value, .. }) = &field.on_update {
        out.extend(quote!(.on_update(#value)));
    }
    if field.secret.is_some() {
        out.extend(quote!(.secret()));
    }
    if let Some((number, _)) = model.foreign_key(field) {
        out.extend(quote!(.foreign_key(#number)));
    }
    out
}

fn foreign_keys(model: &Model) -> Vec<TokenStream> {
    let single = model.fields.iter().enumerate().filter_map(|(place, field)| {
        let target = field.references.as_ref()?;
        let (model, column) = (&target.model, &target.column);
        let rules = rules(&field.actions, field.deferrable.map_or(Deferrable::No, |(found, _)| found));
        Some(quote! {
            __orm::ForeignKey { columns: &[#place], target: || __orm::target(#model.#column), #rules }
        })
    });
    let composite = model.foreign_keys.iter().map(|key| {
        let columns = key.columns.iter().filter_map(|column| model.place(column));
        let (target, rules) = (&key.target, rules(&key.actions, key.deferrable));
        quote! {
            __orm::ForeignKey { columns: &[#(#columns),*], target: || __orm::target_key::<#target>(), #rules }
        }
    });
    single.chain(composite).collect()
}

fn rules(actions: &Actions, deferrable: Deferrable) -> TokenStream {
    let word = |written: Option<(Action, _)>| match written.map_or(Action::Nothing, |(action, _)| action) {
        Action::Nothing => quote!(NoAction),
        Action::Restrict => quote!(Restrict),
        Action::Cascade => quote!(Cascade),
        Action::SetNull => quote!(SetNull),
        Action::SetDefault => quote!(SetDefault),
    };
    let (on_delete, on_update) = (word(actions.on_delete), word(actions.on_update));
    let deferrable = self::deferrable(deferrable);
    quote!(on_delete: __orm::Action::#on_delete, on_update: __orm::Action::#on_update, #deferrable)
}

fn deferrable(deferrable: Deferrable) -> TokenStream {
    let word = match deferrable {
        Deferrable::No => quote!(No),
        Deferrable::InitiallyImmediate => quote!(InitiallyImmediate),
        Deferrable::InitiallyDeferred => quote!(InitiallyDeferred),
    };
    quote!(deferrable: __orm::Deferrable::#word)
}

fn uniques(model: &Model) -> Vec<TokenStream> {
    let of_field = |(place, field): (usize, &Field)| {
        let deferrable = deferrable(field.unique?.0);
        Some(quote!(__orm::Unique { name: __orm::None, columns: &[#place], #deferrable }))
    };
    let of_fields = model.fields.iter().enumerate().filter_map(of_field);
    let of_model = model.uniques.iter().map(|unique| {
        let columns = unique.columns.iter().filter_map(|column| model.place(column));
        let (name, deferrable) = (option(unique.name.as_ref()), deferrable(unique.deferrable));
        quote!(__orm::Unique { name: #name, columns: &[#(#columns),*], #deferrable })
    });
    of_fields.chain(of_model).collect()
}

fn checks(model: &Model) -> Vec<TokenStream> {
    let of_fields = model.fields.iter().enumerate().filter_map(|(place, field)| {
        let sql = &field.check.as_ref()?.value;
        Some(quote!(__orm::Check { name: __orm::None, column: __orm::Some(#place), sql: #sql }))
    });
    let of_model = model.checks.iter().map(
        |Text { value, .. }| quote!(__orm::Check { name: __orm::None, column: __orm::None, sql: #value }),
    );
    of_fields.chain(of_model).collect()
}

fn index(model: &Model, index: &Index) -> TokenStream {
    let parts = index.parts.iter().filter_map(|part| match part {
        IndexPart::Column(column) => model.place(column).map(|place| quote!(__orm::IndexPart::Place(#place))),
        IndexPart::Expression(Text { value, .. }) => Some(quote!(__orm::IndexPart::Sql(#value))),
    });
    let [name, method, predicate] =
        [&index.name, &index.method, &index.predicate].map(|text| option(text.as_ref()));
    let unique = index.unique;
    quote! {
        __orm::Index { name: #name, unique: #unique, method: #method, parts: &[#(#parts),*], predicate: #predicate }
    }
}

fn policy(policy: &Policy) -> TokenStream {
    let Policy { name: Text { value: name, .. }, command, restrictive, .. } = policy;
    let command = match command {
        Command::All => quote!(All),
        Command::Select => quote!(Select),
        Command::Insert => quote!(Insert),
        Command::Update => quote!(Update),
        Command::Delete => quote!(Delete),
    };
    let [role, using, check] = [&policy.role, &policy.using, &policy.check].map(|text| option(text.as_ref()));
    quote! {
        __orm::Policy {
            name: #name, command: __orm::PolicyCommand::#command, restrictive: #restrictive,
            role: #role, using: #using, check: #check
        }
    }
}

fn filter(model: &Model, filter: &Filter) -> Option<TokenStream> {
    let Condition { texts, places } = condition(&filter.sql.value, &model.columns()).ok()?;
    let name = filter.name.unraw().to_string();
    Some(quote!(__orm::Filter { name: #name, texts: &[#(#texts),*], columns: &[#(#places),*] }))
}

fn option(text: Option<&Text>) -> TokenStream {
    match text {
        Some(Text { value, .. }) => quote!(__orm::Some(#value)),
        None => quote!(__orm::None),
    }
}

/// What is documented, as one text.
fn comment(docs: &[Attribute]) -> Option<String> {
    let lines = docs.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(written) => match &written.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<_> =
        lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned()).collect();
    let text = lines.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}
