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

/// Makes a struct with named fields a model: each value of it is a row of a table.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(table = "users", has_many(posts = Post.user_id))]
/// pub struct User {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub name: String,
///     pub age: Option<i32>,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Post {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     #[orm(references = User.id, relation = author, on_delete = cascade)]
///     pub user_id: i64,
///     pub title: String,
///     #[orm(default = "now()")]
///     pub created_at: DateTime<Utc>,
/// }
/// ```
///
/// # What it writes
/// - The constant `User`, with a field for each column and relation: `User.age`, `User.posts`. `User.alias("u")` is the
///   same under another name.
/// - The struct `NewUser`, which a new row is made of, without the columns the database makes. A foreign key in it is a
///   `Ref<User>`, made with `into()` from a key, a `&User` or a `Handle<User>`; a foreign key of several columns has one
///   such field for each of them, made from the column's value or a handle. A column with a default is an `Option` in
///   it: `None` leaves it to the default.
/// - `NewUser::new(..)`, from the columns that must be given; where there are none, `NewUser` is also `Default`.
///   `NewUser { age: Some(25), ..NewUser::new("Alice") }` gives others too.
/// - The impl of `Model`.
///
/// Columns have the visibility of their fields. The struct must be `Clone`, and its fields' types column types; an
/// `Option` is a column that may be NULL, and must be written as such: a type alias of an `Option` is not seen.
///
/// # Attributes of the struct
/// | attribute | what it says |
/// |---|---|
/// | `table = "people"` | The name of the table; without it, the struct's name in snake case and plural: `BlogPost` is kept in `blog_posts`. |
/// | `schema = "shop"` | The schema the table is in; without it, the first of the connection's search path. |
/// | `has_many(posts = Post.user_id, ..)` | Relations to the rows whose foreign key points at this one. |
/// | `has_one(profile = Profile.user_id, ..)` | The same to one row or none; the foreign key is unique. |
/// | `many_to_many(tags = Tag, through = PostTag)` | A relation by way of a model that has a foreign key to both; where it has several to one of them, `from = PostTag.post_id, to = PostTag.tag_id` follow. |
/// | `foreign_key(tenant_id, order_id = Order)` | A foreign key of several columns, which point at the primary key of a model, in its order; `relation = order`, `on_delete`, `on_update` and `deferrable` may follow. |
/// | `unique(tenant_id, email)` | No two rows have the same values in these columns; `name = ".."` and `deferrable` may follow. |
/// | `index(tenant_id, "lower(email)")` | An index of columns, and of SQL as it stands in `CREATE INDEX`, such as `"created_at DESC"`; `unique`, `method = "gin"`, `where = "deleted_at IS NULL"` and `name = ".."` may follow. |
/// | `check = "starts_on < ends_on"` | A condition that each row fulfils. |
/// | `policy(name = "own", using = "..")` | A row policy, which makes `row_security` hold: `using` is a condition for the rows that are there, `check = ".."` one for those that are written, by default that of `using`. `for = select` (`insert`, `update`, `delete`), `to = "web_user"` and `restrictive` may follow; by default it is for all statements and roles, and permissive. |
/// | `row_security`, `row_security = force` | Row policies hold for all but the table's owner, or for the owner too; without a policy no row is seen. |
/// | `filter(listed = "NOT hidden", ..)` | Conditions in SQL on columns of the table, each with a name, that every statement has by itself for each table of the model that it reads or changes; a statement leaves one out by `.without("listed")`. |
/// | `soft_delete = deleted_at` | Rows whose column is not NULL, or true where it is a `bool`, count as deleted: a filter of the column's name leaves them out, and `delete(..)` and `session.delete(..)` set the column. `.without("deleted_at")` reads them all, and deletes for good. |
/// | `new(derive(PartialEq, ..))` | What the insert struct derives besides `Clone`, `Debug` and, where it can, `Default`. |
/// | `view`, `view = "SELECT .."` | The model is a view: it has no key, and is read only; a session gives its rows as values. With a query, `create_all` makes it. |
/// | `crate = path` | Where generated code finds orm-core; without it, `::orm_core`. |
///
/// `has_many`, `has_one`, `many_to_many`, `foreign_key`, `unique`, `index`, `check`, `policy` and `filter` may be given several times.
///
/// # Attributes of a field
/// | attribute | what it says |
/// |---|---|
/// | `primary_key` | The column identifies a row; on up to four fields, the columns do so together. Each model has one, unless it is a view. |
/// | `generated`, `generated = always` | The database numbers the rows: `GENERATED BY DEFAULT AS IDENTITY`, or `GENERATED ALWAYS`, which makes no difference to a session; an `UPDATE` cannot change an `always`. `insert(User).columns(..)` gives either a value of its own. |
/// | `column = "displayName"` | The name of the column, if it is not the field's. |
/// | `default = "now()"` | An SQL expression for rows that come without a value. The insert struct's field is an `Option`, and `None` leaves it to the database. |
/// | `client_default = Uuid::now_v7` | A function that makes the value in the program. The insert struct's field is an `Option`, and `None` is filled when the row is added to a session or a statement, as is a column that an insert by `columns(..)` leaves out. |
/// | `computed = "price * amount"` | An SQL expression that the database keeps up to date: `GENERATED ALWAYS AS (..) STORED`. Read only, and not in the insert struct. |
/// | `on_update = "now()"` | An SQL expression that the column takes with every change of its row by a flush, by [`update`](../orm_core/query/fn.update.html) or by `do_update` of an insert, unless the change gives a value itself. |
/// | `secret` | No message, log line, error or `Debug` of this library shows a value of the column, not even with `show_values` or `echo`: statements that name it show `..` for every parameter that could meet it or come into it, and [`detail`](../orm_core/struct.Error.html#method.detail) of an error of its table is `None`. The `Debug` of the insert struct leaves it out too; that of the struct itself is what you derive or write. |
/// | `version` | An `i32` or `i64` that is 1 in a new row and counts its changes; not in the insert struct. A flush changes or deletes a row only if its version is still the one that was read, and ends in an error ([`is_stale`](../orm_core/struct.Error.html#method.is_stale)) otherwise. Or an [`Xmin`](../orm_core/types/struct.Xmin.html) with `column = "xmin"`, which needs no column. |
/// | `unique`, `unique(deferrable)` | No two rows have the same value. |
/// | `index`, `index(method = "gin")` | An index of the column, with what `index` of the struct may have. |
/// | `check = "price > 0"` | A condition that the value fulfils. |
/// | `references = User.id` | A foreign key, which points at the primary key, or a `unique` column, of a model, this one included; of the same type, or an integer of another width. |
/// | `relation = author` | With `references`: the row it points at, as a relation; to an `Option<User>` if the field is one. |
/// | `on_delete = cascade` | With `references`: what happens when that row is deleted: `no_action` (if nothing is said), `restrict`, `cascade`, `set_null`, `set_default`. |
/// | `on_update = cascade` | With `references`: the same, when that row's key is changed. |
/// | `deferrable` | With `references`: the foreign key is `DEFERRABLE`, see below. |
///
/// # Deferrable constraints
/// PostgreSQL checks a unique constraint with each row and a foreign key at the end of each statement. One that is
/// `deferrable` can be checked when the transaction commits: rows that point at each other, or that swap unique values,
/// then need no order. `deferrable` alone is `DEFERRABLE INITIALLY IMMEDIATE`, which waits only in a transaction that says
/// `SET CONSTRAINTS .. DEFERRED`; `deferrable = initially_deferred` waits always. It stands behind `references` for the
/// foreign key of a field, and inside `unique(..)` and `foreign_key(..)` for those:
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(unique(list, position, deferrable))]
/// pub struct Step {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub list: i64,
///     pub position: i32,
///     #[orm(references = Step.id, deferrable = initially_deferred)]
///     pub next: i64,
///     #[orm(unique(deferrable = initially_deferred))]
///     pub token: String,
/// }
/// ```
///
/// PostgreSQL refuses a deferrable unique constraint as the target of a foreign key, which the compiler tells, and as what
/// rows are in conflict by (`on_conflict`, or `on_conflict_do_nothing` on such a table), which is told before anything is
/// sent.
///
/// # Example
/// ```
/// use chrono::{DateTime, NaiveDate, Utc};
/// use orm_core::prelude::*;
/// use rust_decimal::Decimal;
/// use uuid::Uuid;
///
/// /// Who pays; this text becomes the comment of the table.
/// #[derive(Model, Clone, Debug)]
/// #[orm(schema = "shop", has_many(orders = Order.customer_id))]
/// #[orm(index("lower(email)", unique, where = "left_on IS NULL"), check = "joined_on < left_on")]
/// pub struct Customer {
///     #[orm(primary_key, client_default = Uuid::now_v7)]
///     pub id: Uuid,
///     /// Where invoices go; this becomes the comment of the column.
///     pub email: String,
///     #[orm(default = "current_date")]
///     pub joined_on: NaiveDate,
///     pub left_on: Option<NaiveDate>,
///     #[orm(index(method = "gin"))]
///     pub labels: Vec<String>,
///     #[orm(on_update = "now()")]
///     pub changed_at: Option<DateTime<Utc>>,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(schema = "shop", unique(customer_id, number))]
/// pub struct Order {
///     #[orm(primary_key)]
///     pub year: i32,
///     #[orm(primary_key)]
///     pub number: i32,
///     #[orm(references = Customer.id, relation = customer, on_delete = restrict)]
///     pub customer_id: Uuid,
///     #[orm(version)]
///     pub version: i32,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(schema = "shop", foreign_key(year, number = Order, on_delete = cascade), new(derive(PartialEq)))]
/// pub struct Line {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub year: i32,
///     pub number: i32,
///     #[orm(check = "amount > 0")]
///     pub amount: i32,
///     pub price: Decimal,
///     #[orm(computed = "price * amount")]
///     pub total: Decimal,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(schema = "shop", view = "SELECT year, sum(total) AS turnover FROM shop.lines GROUP BY year")]
/// pub struct Turnover {
///     pub year: i32,
///     pub turnover: Option<Decimal>,
/// }
///
/// # fn new_rows(mut session: Session) {
/// let customer = session.add(NewCustomer::new("ann@example.com", vec!["vip".to_owned()]));
/// let order = session.add(NewOrder::new(2026, 1, customer));
/// // A column of a foreign key takes its value, or the row it comes from.
/// session.add(NewLine::new(2026, order, 3, Decimal::new(995, 2)));
/// # }
/// ```
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
