//! Statements, without any I/O: a tree, three readers of it, and a typed face over it.

pub(crate) mod ast;
pub(crate) mod check;
pub(crate) mod evaluate;
mod expr;
pub(crate) mod lexer;
pub(crate) mod mistaken;
mod outline;
pub(crate) mod render;
mod resolve;
mod statement;
mod statements;

pub use ast::Direction;
#[cfg(feature = "serde_json")]
pub use expr::JsonKey;
pub use expr::func;
pub use expr::{AnyColumn, ModelColumns};
pub use expr::{
    Argument, ArgumentNode, ArgumentTuple, Arguments, Assign, BesideFloat, Calculate, Case, CaseWhen, Column,
    Concat, Cond, Contains, Countable, DEFAULT, DefaultValue, Each, EachNode, EachOf, Edge, ElementOf,
    ElementOrArray, Expr, Frame, GroupKey, Grouping, GroupingList, GroupingSets, Holds, InRange, IntoCond,
    IntoFrame, IntoOver, IntoValue, List, ListItem, ListNode, ListOf, Literal, Mixed, Operand, Order,
    OrderBy, OrderKey, Over, Scalar, SelectNode, SetColumn, Tuple, TupleList, TupleNode, TupleOperand,
    TupleValue, TypeOf, ValueOrRange, Valued, WindowFunction, all, and_, any, case, cube, excluded,
    grouping_sets, lit, not, old, or_, order_by, partition_by, rollup,
};
pub(crate) use outline::rendered;
pub use render::CopyFormat;
pub use statement::{
    About, BatchItem, ColumnList, ColumnOf, ColumnPair, Command, Conflicting, Copying, Delete, DeletedRows,
    Derived, DerivedOf, Done, Explained, Fill, FromRow, Insert, InsertColumns, IntoInsert, IntoSource, Items,
    LiveRows, Matched, Merge, MergeInto, NotMatched, OnConflict, Origin, Paged, PartNode, Plan, Query,
    RawRows, RawSql, Receives, ReturnedRows, Returning, RowCount, RowOf, SameRows, Select, Selectable,
    Selecting, Setting, SourceNode, Sql, SqlPart, SqlParts, Synchronize, TableRow, Truncate, Update, Upsert,
    ValueColumns, ValueRow, ValueTable, Values, When, WithOptions, WriteTarget, Writes, delete, exists,
    insert, insert_into, merge_into, not_exists, row_column, row_columns, select, sql_text, truncate, update,
    values,
};
pub(crate) use statement::{
    Decode, Draft, EachRow, Erased, Following, IntegerPlace, KeyPlaces, Keys, Make, Making, Parent,
    Related as ReadRelated, RowSink, Step, With, Written,
};
pub(crate) use statement::{GetOrInsert, Keyset};
pub(crate) use statement::{
    by_key, by_keys, count_rows, explain, has_rows, inner_table, join_keys, numbered_by_keys,
};
