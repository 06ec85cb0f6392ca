//! The derives of orm-core.

mod ast;
mod attr;
mod check;
mod condition;
mod derive;
mod expand;
mod mistake;
mod name;
mod sql;
#[cfg(test)]
mod tests;

use derive::{derive_composite, derive_enum, derive_model, derive_newtype, derive_row};
#[cfg(test)]
use derive::{read_enum, read_model, read_newtype, read_row};
use proc_macro::TokenStream;

#[doc = include_str!("model.md")]
#[proc_macro_derive(Model, attributes(orm))]
pub fn model(input: TokenStream) -> TokenStream {
    derive_model(input.into()).into()
}

/// Makes a struct with named fields a row with names: what a select gives.
///
/// ```no_run
/// use orm_core::prelude::*;
/// use rust_decimal::Decimal;
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Item {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub supplier: String,
///     pub price: Decimal,
/// }
///
/// #[derive(Row, Debug)]
/// pub struct Revenue {
///     pub supplier: String,
///     pub total: Option<Decimal>,
/// }
///
/// /// Columns of a model, by their names.
/// #[derive(Row, Debug)]
/// #[orm(of = Item)]
/// pub struct ItemCard {
///     pub id: i64,
///     pub supplier: String,
/// }
///
/// # async fn example(engine: Engine) -> Result<(), orm_core::Error> {
/// let top: Vec<Revenue> = engine
///     .all(select(SelectRevenue { supplier: Item.supplier, total: func::sum(Item.price) }).group_by(Item.supplier))
///     .await?;
/// let cards: Vec<ItemCard> = engine.all(select(ItemCard).filter(Item.price.gt(Decimal::ONE))).await?;
/// let raw: Vec<Revenue> =
///     engine.all(sql!("SELECT supplier, sum(price) AS total FROM {Item} GROUP BY 1").rows()).await?;
/// # Ok(())
/// # }
/// ```
///
/// # What it writes
/// - Without `of`: the struct `SelectRevenue`, with the same fields, each for what fills it: a column, an expression, a
///   condition, a model, or for a field that is a row itself, the struct of that row. It is taken by `select` and
///   `returning`, alone or as a part of a tuple, and `.optional()` of it gives an `Option`: `None` where all its columns are
///   NULL.
/// - With `of`: the constant `ItemCard`, which selects the model's columns with the names of the fields, and nothing else;
///   `ItemCard.supplier` is `Item.supplier`, `ItemCard.of(Item.alias("i"))` takes them from an alias, `ItemCard.optional()` is as above.
/// - That rows of [`sql!`](macro@sql) can be read as the struct, by the names of their columns, where all its fields are of
///   column types.
///
/// A field of type `Option` takes what is never NULL too. In a session a row with names is a value, models in it included.
/// It needs no other derive; those that are there, such as serde's, stay what they are.
///
/// # Attributes
/// | attribute | what it says |
/// |---|---|
/// | `of = User` on the struct | The model whose columns the fields are. |
/// | `crate = path` on the struct | Where generated code finds orm-core; without it, `::orm_core`. |
/// | `relation`, `relation = posts` on a field | With `of`: the related rows, read by a further statement; by the field's name if nothing is said. `Vec<..>`, `Option<..>` or the row itself, of a model or of a row `of` that model; `relation = posts.filter(..).limit(3)` is a part of them, `relation = posts.only(Post.title)` a column of each. |
/// | `count = posts` on a field | With `of`: how many related rows there are. |
/// | `column = "displayName"` on a field | The name of the column in rows of `sql!`, if it is not the field's; not with `of`, where the model says it. |
#[proc_macro_derive(Row, attributes(orm))]
pub fn row(input: TokenStream) -> TokenStream {
    derive_row(input.into()).into()
}

/// Makes an enum without fields a column type: a PostgreSQL enum.
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(Enum, Clone, Debug)]
/// #[orm(name = "user_mood")]
/// pub enum Mood {
///     Happy,
///     #[orm(label = "very sad")]
///     VerySad,
/// }
/// ```
///
/// The enum must be `Clone` and `Debug`; to be a primary key, `Eq` and `Hash` too.
///
/// # Attributes
/// - `name = "user_mood"` on the enum: the name of the type; without it, the enum's in snake case, here `mood`.
/// - `label = "very sad"` on a variant: its label; without it, the variant's name in snake case, here `very_sad`. The
///   labels are ordered as the variants are.
/// - `crate = path` on the enum: where generated code finds orm-core; without it, `::orm_core`.
#[proc_macro_derive(Enum, attributes(orm))]
pub fn enumeration(input: TokenStream) -> TokenStream {
    derive_enum(input.into()).into()
}

/// Makes a struct with named fields a column type of its own: a composite type.
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(Composite, Clone, Debug, PartialEq)]
/// pub struct Address {
///     pub street: String,
///     pub zip: Option<String>,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Customer {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub address: Address,
///     pub others: Vec<Address>,
/// }
///
/// let there = Address { street: "Main St".into(), zip: None };
/// let neighbours = select(Customer).filter(Customer.address.eq(there));
/// ```
///
/// The struct must be `Clone` and `Debug`. Its fields are those of the type, in the same order: numbers, text, truth values, the dates and
/// times of `chrono`, `Uuid`, `Decimal`, JSON, addresses, enums, other composite types, and `Option` of these. `create_all` does not make
/// the type: `CREATE TYPE address AS (street text, zip text)` goes before it, by `engine.run_script`. What is equal only the server
/// knows. One field in a statement is SQL of your own: `sql!("({Customer.address}).zip").expr::<Option<String>>()`.
///
/// # Attributes
/// - `name = "postal_address"`: the name of the type; without it, the struct's in snake case, here `address`.
/// - `crate = path`: where generated code finds orm-core; without it, `::orm_core`.
#[proc_macro_derive(Composite, attributes(orm))]
pub fn composite(input: TokenStream) -> TokenStream {
    derive_composite(input.into()).into()
}

/// Makes a struct of one field a column type of its own: the PostgreSQL type of the field.
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(ColumnType, Clone, Copy, Debug, PartialEq, Eq, Hash)]
/// pub struct UserId(pub i64);
///
/// #[derive(ColumnType, Clone, Debug)]
/// pub struct Email(String);
///
/// #[derive(Model, Clone, Debug)]
/// pub struct User {
///     #[orm(primary_key, generated)]
///     pub id: UserId,
///     pub email: Option<Email>,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Post {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     #[orm(references = User.id, relation = author)]
///     pub author_id: UserId,
/// }
///
/// let mine = select(Post).filter(Post.author_id.eq(UserId(1)));
/// let post = NewPost::new(UserId(1));
/// ```
///
/// The struct must be `Clone` and `Debug`; to be a primary key, `Eq` and `Hash` too. It has the order and equality of its
/// field, and no arithmetic. What is read is not checked: write the impl of
/// [`BaseType`](../orm_core/types/trait.BaseType.html) yourself where not every value of the field is one of the struct.
///
/// On the struct, `#[orm(..)]`:
///
/// - `domain = "positive"`: the name of a domain over the type of the field, which `create_all` makes and columns are of;
///   values are sent, compared and read as those of the type below, and arrays are arrays of that.
/// - `check = "VALUE > 0"`: what each value of the domain is checked by, in SQL.
/// - `crate = path`: where generated code finds orm-core; without it, `::orm_core`.
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(ColumnType, Clone, Copy, Debug, PartialEq)]
/// #[orm(domain = "positive", check = "VALUE > 0")]
/// pub struct Positive(pub i32);
/// ```
#[proc_macro_derive(ColumnType, attributes(orm))]
pub fn column_type(input: TokenStream) -> TokenStream {
    derive_newtype(input.into()).into()
}

/// One statement, or a part of one, as SQL text with Rust expressions in braces.
///
/// ```no_run
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Post {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub title: String,
///     pub score: i32,
/// }
///
/// # async fn example(engine: Engine, limit: i32, word: &str) -> Result<(), orm_core::Error> {
/// // rows: a tuple by position, a model by the names of its columns
/// let best: Vec<Post> = engine.all(sql!("SELECT * FROM {Post} WHERE {Post.score} > {limit}").rows()).await?;
/// let counts: Vec<(String, i64)> = engine
///     .all(sql!("SELECT title, count(*) FROM {Post} WHERE title <> {} GROUP BY 1", word).rows())
///     .await?;
///
/// // a statement for its effect
/// engine.execute(sql!("TRUNCATE {Post}")).await?;
///
/// // a condition or an expression of another statement
/// let alike = select(Post)
///     .filter(sql!("{Post.title} ~* {word}").cond())
///     .order_by(sql!("length({Post.title})").expr::<i32>().desc());
/// # Ok(())
/// # }
/// ```
///
/// What stands in braces may be a table (`{Post}`, written with its alias), a column, an expression, a condition, a
/// `select`, another `sql!`, or a value. **A value is always sent as a parameter, and never becomes text.** `{}` takes the
/// next of the expressions behind the text. A brace of the SQL itself is written twice.
///
/// The compiler refuses braces inside a text or a comment of the SQL, a wrong number of values, parameters numbered by
/// hand (`$1`), and more than one statement.
///
/// Of a condition or an expression, the columns in braces count as used by the statement it stands in, except those of
/// tables that the text itself names in braces: `sql!("EXISTS (SELECT 1 FROM {Stock} WHERE {Stock.part} = {Part.id})")`
/// uses `Part` of the statement around it, and a `Stock` of its own.
///
/// [`sql_text`](../orm_core/query/fn.sql_text.html) takes text that is made at run time.
#[proc_macro]
pub fn sql(input: TokenStream) -> TokenStream {
    sql::sql(input.into()).into()
}
