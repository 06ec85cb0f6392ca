//! FROM and JOIN: the tables of a select.

use std::panic::Location;
use std::sync::Arc;

use super::{IntoSource, Select};
use crate::query::ast::{Body, BodyKind, Join, JoinKind, Placed};
use crate::query::expr::{IntoCond, lit};

impl<R> Select<R> {
    /// Names the tables of FROM, instead of taking them from what is selected.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let count = select(func::count_star()).select_from(User);
    /// ```
    pub fn select_from(mut self, table: impl IntoSource) -> Self {
        let source = table.into_source().tell(&mut self.query);
        self.query.from.push(source);
        self
    }

    /// Another name of [`select_from`](Select::select_from).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let count = select(func::count_star()).from(User);
    /// ```
    pub fn from(self, table: impl IntoSource) -> Self {
        self.select_from(table)
    }

    /// Rows of another table beside each row, where the condition is true. One that is about the joined table alone,
    /// `Post.title.eq("x")`, puts all rows that meet it beside each row.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let titles = select((User.name, Post.title)).join(Post, Post.user_id.eq(User.id));
    /// ```
    #[track_caller]
    pub fn join(self, table: impl IntoSource, on: impl IntoCond) -> Self {
        self.joined(JoinKind::Inner, table, Some(on))
    }

    /// As `join`, and rows without a partner too: select the other table's columns with `.optional()`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let titles = select((User.name, Post.title.optional())).outer_join(Post, Post.user_id.eq(User.id));
    /// ```
    #[track_caller]
    pub fn outer_join(self, table: impl IntoSource, on: impl IntoCond) -> Self {
        self.joined(JoinKind::Left, table, Some(on))
    }

    /// Another name of [`outer_join`](Select::outer_join).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let titles = select((User.name, Post.title.optional())).left_join(Post, Post.user_id.eq(User.id));
    /// ```
    #[track_caller]
    pub fn left_join(self, table: impl IntoSource, on: impl IntoCond) -> Self {
        self.outer_join(table, on)
    }

    /// Another name of [`join`](Select::join).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let titles = select((User.name, Post.title)).inner_join(Post, Post.user_id.eq(User.id));
    /// ```
    #[track_caller]
    pub fn inner_join(self, table: impl IntoSource, on: impl IntoCond) -> Self {
        self.join(table, on)
    }

    /// As `join`, and rows of the joined table without a partner too: select the earlier ones with `.optional()`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let titles = select((User.name.optional(), Post.title)).right_join(Post, Post.user_id.eq(User.id));
    /// ```
    #[track_caller]
    pub fn right_join(self, table: impl IntoSource, on: impl IntoCond) -> Self {
        self.joined(JoinKind::Right, table, Some(on))
    }

    /// As `join`, and rows of both sides without a partner too: select both with `.optional()`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let titles =
    ///     select((User.name.optional(), Post.title.optional())).full_join(Post, Post.user_id.eq(User.id));
    /// ```
    #[track_caller]
    pub fn full_join(self, table: impl IntoSource, on: impl IntoCond) -> Self {
        self.joined(JoinKind::Full, table, Some(on))
    }

    /// Every row of another table beside every row.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let pairs = select((User.name, Pet.name)).cross_join(Pet);
    /// ```
    #[track_caller]
    pub fn cross_join(self, table: impl IntoSource) -> Self {
        self.joined(JoinKind::Cross, table, None::<crate::query::Cond>)
    }

    /// The rows of a table beside each row for which it has any, without a condition of their own, as those of a lateral
    /// select: `join(table, lit(true))`. A select that was made a table by `derived` sees the rows before it here too.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let last = select((Post.title,)).filter(Post.user_id.eq(User.id)).order_by(Post.id.desc()).limit(1).lateral("last");
    /// let rows = select((User.name, last.columns().0.optional())).left_join_lateral(&last);
    /// ```
    #[track_caller]
    pub fn join_lateral(self, table: impl IntoSource) -> Self {
        self.join(table, lit(true)).seeing_beside()
    }

    /// Another name of [`join_lateral`](Select::join_lateral).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let last = select((Post.title,)).filter(Post.user_id.eq(User.id)).order_by(Post.id.desc()).limit(1).lateral("last");
    /// let rows = select((User.name, last.columns().0)).cross_join_lateral(&last);
    /// ```
    #[track_caller]
    pub fn cross_join_lateral(self, table: impl IntoSource) -> Self {
        self.join(table, lit(true))
    }

    /// As `join_lateral`, and rows without a partner too: select its columns with `.optional()`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let last = select((Post.title,)).filter(Post.user_id.eq(User.id)).order_by(Post.id.desc()).limit(1).lateral("last");
    /// let rows = select((User.name, last.columns().0.optional())).left_join_lateral(&last);
    /// ```
    #[track_caller]
    pub fn left_join_lateral(self, table: impl IntoSource) -> Self {
        self.outer_join(table, lit(true)).seeing_beside()
    }

    /// What was joined last sees the rows before it, also where it was made by `derived`.
    fn seeing_beside(mut self) -> Self {
        let Some(joined) = self.query.joins.last().map(|join| join.content.source) else { return self };
        let bodies = self.query.more.iter_mut().flat_map(|more| &mut more.bodies);
        for (_, body) in bodies.filter(|(source, body)| *source == joined && body.kind == BodyKind::Derived) {
            *body = Arc::new(Body { kind: BodyKind::Lateral, ..Body::clone(body) });
        }
        self
    }

    #[track_caller]
    fn joined(mut self, kind: JoinKind, table: impl IntoSource, on: Option<impl IntoCond>) -> Self {
        let on = on.map(|on| on.into_cond().0);
        let source = table.into_source().tell(&mut self.query);
        let content = Join { kind, source, on, with_next: false };
        self.query.joins.push(Placed { content, at: Location::caller() });
        self
    }
}
