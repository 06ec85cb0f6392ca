//! Methods that statements are often thought to have: what the compiler says of each is what to write instead.

use super::{Delete, Derived, Insert, OnConflict, RawSql, Returning, Select, TableRow, Update, Upsert};
use crate::model::Model;
use crate::query::mistaken::missing;

missing! {
    ExistsOfASelect: "a select has no method `exists`",
        "write `exists(select(..))` in a condition, and `engine.exists(select(..))` to ask the database";
    [R] Select<R>: exists;

    WhereOfAStatement: "a statement takes its conditions by `filter`",
        "write `.filter(..)`, as in `.filter(User.name.eq(\"Ann\"))`; a second one is joined by AND";
    [R] Select<R>: where_ and_where filter_by r#where;
    [M] Update<M>: where_ and_where filter_by r#where;
    [M] Delete<M>: where_ and_where filter_by r#where;

    OrOfAStatement: "conditions that are joined by OR are one condition",
        "write `.filter(a | b)`; of a list, `.filter(or_(conditions))`";
    [R] Select<R>: or_filter or_where filter_or;
    [M] Update<M>: or_filter or_where filter_or;
    [M] Delete<M>: or_filter or_where filter_or;

    OptionsOfASelect: "relations are read with the rows by `with`",
        "write `.with(User.posts)`, and `.with(User.posts.with(Post.comments))` for what belongs to those";
    [R] Select<R>: options include preload eager_load find_with_related find_also_related;

    OrderOfASelect: "rows are sorted by `order_by`",
        "write `.order_by(User.name)`, `.order_by(User.age.desc())` or `.order_by((User.name, User.id))`";
    [R] Select<R>: order sort_by order_by_asc order_by_desc then_order_by;

    ColumnsOfASelect: "what a statement gives is said first",
        "write `select((User.id, User.name))`";
    [R] Select<R>: select select_only column columns add_columns with_only_columns;

    StructOfASelect: "a select gives rows of a struct where the struct says what fills it",
        "write `select(SelectSummary {{ name: User.name, .. }})` with a `#[derive(Row)] struct Summary`; tuples need nothing";
    [R] Select<R>: into_model into_partial_model into_tuple into_json map_into;

    VerbOfASelect: "a select does not run itself",
        "write `engine.all(select(..)).await?`; a transaction and a session have the same verbs";
    [R] Select<R>: all one one_or_none first load fetch_all fetch_one fetch_optional execute stream scalars
        get_result get_results load_iter;

    VerbOfACommand: "a statement does not run itself",
        "write `engine.execute(statement).await?`, or, of one with `.returning(User)`, `engine.one(statement)` or `.all(..)`; a transaction and a session have the same verbs";
    [M: Model] Insert<M>: all one first execute exec exec_with_returning get_result get_results fetch_one fetch_all;
    [M: Model] Upsert<M>: all one first execute exec exec_with_returning get_result get_results fetch_one fetch_all;
    [M] Update<M>: all one first execute exec exec_with_returning get_result get_results fetch_one fetch_all;
    [M] Delete<M>: all one first execute exec exec_with_returning get_result get_results fetch_one fetch_all;
    [C, R] Returning<C, R>: all one first execute exec exec_with_returning get_result get_results fetch_one fetch_all;

    BoundOfACommand: "PostgreSQL's UPDATE and DELETE have no order and no limit",
        "write `.filter(Post.id.in_(select(Post.id).order_by(Post.id).limit(10)))`";
    [M] Update<M>: limit order_by offset;
    [M] Delete<M>: limit order_by offset;

    JoinOfAnUpdate: "an update names other tables by `from`",
        "write `update(Post).set(..).from(User).filter(Post.user_id.eq(User.id))`";
    [M] Update<M>: join inner_join left_join using;

    JoinOfADelete: "a delete names other tables by `using`",
        "write `delete(Post).using(User).filter(Post.user_id.eq(User.id))`";
    [M] Delete<M>: join inner_join left_join from;

    ValuesOfAnUpdate: "an update sets column by column",
        "write `.set(User.age, 26)`, once for each column; what may be left out is `.set_some(User.age, age)`";
    [M] Update<M>: values value col_expr set_values;

    SelectOfAnInsert: "the rows of a select are inserted by `from_select`",
        "write `insert(Archive).from_select((Archive.id, Archive.title), select((Post.id, Post.title)))`";
    [M: Model] Insert<M>: select;

    ConflictOfAnInsert: "what an insert does where the row is there stands behind `on_conflict`",
        "write `.on_conflict(User.email).do_update().set(User.name, excluded(User.name))`, or `.do_update_all()`, or `.do_nothing()`; of any conflict, `.on_conflict_do_nothing()`";
    [M: Model] Insert<M>: on_conflict_do_update on_conflict_update or_ignore ignore or_update do_update do_nothing;
    [M: Model] OnConflict<M>: set update update_columns update_column;

    UpdateOfAllColumns: "a column of the row that is there is set behind `do_update`",
        "write `.do_update().set(User.name, excluded(User.name))`; what takes all that the new row holds, NULLs too, is `.do_update_all()`";
    [M: Model] OnConflict<M>: update_all do_update_set set_all;
    [M: Model] Upsert<M>: set_all set_excluded set_all_excluded all_columns update_columns update_all;

    MaterializedSelect: "a CTE says itself whether it is kept",
        "write `.cte(\"adults\").materialized()`, or `.not_materialized()`";
    [R] Select<R>: cte_materialized materialized materialized_cte;

    CteOfAStatement: "a CTE that no part of an insert reads stands in its select",
        "write `.from_select(columns, select(..).add_cte(&gone))`";
    [M: Model] Insert<M>: add_cte with_cte cte_;

    VerbOfSql: "SQL of your own does not run itself",
        "write `engine.one(sql!(\"..\").rows::<User>()).await?`, or `.all(..)`; what gives no rows is `engine.execute(sql!(\"..\"))`";
    [] RawSql: fetch_one fetch_all fetch_optional fetch execute all one one_or_none first query load get_result get_results;

    ExpressionOfSql: "SQL of your own is an expression by `expr`",
        "write `sql!(\"..\").expr::<String>()`, with its Rust type; a condition is `sql!(\"..\")` itself";
    [] RawSql: typed as_expr into_expr as_ as_type;

    // The columns of a table that a statement makes have types, and so no names at run time.
    ColumnByName: "the columns of a derived table are not taken by a name",
        "write `table.column(Order.user_id)` with what its select gives; `let (a, b) = table.columns()` of a tuple, `table.name` of a model or a struct with `#[derive(Row)]`";
    [R: TableRow] Derived<R>: c;
}

/// How many rows a select gives is a verb. Iterators have methods of these names too, so that the methods ask, and not their
/// `impl`.
#[diagnostic::on_unimplemented(
    message = "a select has no method `count`",
    label = "write `engine.count(select(..))`; inside of a statement, `select(func::count_star())`"
)]
pub trait CountOfASelect {}

/// Which of the rows are wanted.
#[diagnostic::on_unimplemented(
    message = "how many rows there are, and from where on, is said by `limit` and `offset`",
    label = "write `.limit(20).offset(40)`; a page with the number of all rows is `engine.page(select(..), 3, 20)`"
)]
pub trait BoundOfASelect {}

impl<R> Select<R> {
    #[doc(hidden)]
    pub fn count(self)
    where
        Self: CountOfASelect,
    {
    }

    #[doc(hidden)]
    pub fn skip(self, _: impl Sized) -> Self
    where
        Self: BoundOfASelect,
    {
        self
    }

    #[doc(hidden)]
    pub fn take(self, _: impl Sized) -> Self
    where
        Self: BoundOfASelect,
    {
        self
    }

    /// As [`Into`], which has no type parameter.
    #[doc(hidden)]
    pub fn into<T: MadeOf<Self>>(self) -> T {
        T::made_of(self)
    }
}

/// What a program says can be made of a select.
#[diagnostic::on_unimplemented(
    message = "a select gives rows of a struct where the struct says what fills it",
    label = "write `select(SelectSummary {{ name: User.name, .. }})` with a `#[derive(Row)] struct Summary`; tuples need nothing"
)]
pub trait MadeOf<S> {
    #[doc(hidden)]
    fn made_of(select: S) -> Self;
}

#[diagnostic::do_not_recommend]
impl<S, T: From<S>> MadeOf<S> for T {
    fn made_of(select: S) -> T {
        T::from(select)
    }
}
