//! What UPDATE and DELETE have in common: which rows, and how a session follows.

/// Writes it for a statement with the fields `tree`, `synchronize` and `model`; `$returning` is what it gives back.
macro_rules! change {
    ($statement:ident, $returning:literal) => {
        impl<M> Clone for $statement<M> {
            fn clone(&self) -> Self {
                $statement {
                    tree: self.tree.clone(),
                    synchronize: self.synchronize,
                    model: std::marker::PhantomData,
                }
            }
        }

        impl<M: $crate::model::Model> $statement<M> {
            /// Only rows for which the condition is true; several calls are joined by AND. An `Option` that is `None` adds nothing.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let birthday = update(User).set(User.age, User.age + 1).filter(User.name.eq("Ann"));
            /// let leave = delete(User).filter(User.name.eq("Ann"));
            /// ```
            #[track_caller]
            pub fn filter(mut self, condition: impl $crate::query::expr::IntoCond) -> Self {
                if let Some(condition) = condition.into_part() {
                    let at = std::panic::Location::caller();
                    self.tree.filter.push($crate::query::ast::Placed { content: condition.0, at });
                }
                self
            }

            /// Puts a CTE into WITH that nothing in the statement has to read: one that writes, such as a row for a log.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let gone = delete(Post).filter(Post.user_id.eq(1)).returning((Post.id,)).cte("gone");
            /// let leave = delete(User).add_cte(&gone).filter(User.id.eq(1));
            /// ```
            pub fn add_cte<C: $crate::query::statement::TableRow>(
                mut self,
                cte: &$crate::query::statement::Derived<C>,
            ) -> Self {
                self.tree.beside.get_or_insert_default().with.push(cte.body());
                self
            }

            /// Only rows for which the condition is true, if there is a value to make one of. Where no condition is left, the
            /// statement is refused, unless [`all_rows`](Self::all_rows) says that all are meant.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let name = Some("Ann"); // of a form
            /// let leave = delete(User).filter_some(name, |name| User.name.eq(name));
            /// ```
            #[track_caller]
            pub fn filter_some<V, C: $crate::query::expr::IntoCond>(
                self,
                value: Option<V>,
                condition: impl FnOnce(V) -> C,
            ) -> Self {
                match value {
                    Some(value) => self.filter(condition(value)),
                    None => self,
                }
            }

            /// Says that without a condition every row of the table is meant; otherwise such a statement is refused before it
            /// is sent. With conditions it changes nothing.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let birthday = update(User).set(User.age, User.age + 1).all_rows();
            /// let leave = delete(User).all_rows();
            /// ```
            pub fn all_rows(mut self) -> Self {
                self.tree.all_rows = true;
                self
            }

            /// Leaves out a condition that models of this statement have by themselves, by its name; see
            /// [`Select::without`](crate::query::Select::without). A DELETE without the `soft_delete` of its model deletes
            /// the rows for good.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// #[derive(Model, Clone, Debug)]
            /// #[orm(table = "notes", soft_delete = deleted_at)]
            /// pub struct Note {
            ///     #[orm(primary_key, generated)]
            ///     pub id: i64,
            ///     pub deleted_at: Option<chrono::DateTime<chrono::Utc>>,
            /// }
            /// let restore = update(Note).set(Note.deleted_at, None).filter(Note.id.eq(1)).without("deleted_at");
            /// let for_good = delete(Note).filter(Note.id.eq(1)).without("deleted_at");
            /// ```
            pub fn without(mut self, filter: &'static str) -> Self {
                self.tree.without.push(filter);
                self
            }

            /// How a session keeps its objects in step; [`Synchronize::Auto`] by default.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let birthday = update(User).set(User.age, User.age + 1).all_rows().synchronize(Synchronize::Fetch);
            /// ```
            pub fn synchronize(mut self, synchronize: Synchronize) -> Self {
                self.synchronize = synchronize;
                self
            }

            #[doc = $returning]
            ///
            /// ```no_run
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// # async fn example(engine: Engine) -> Result<(), Error> {
            /// let older: Vec<User> =
            ///     engine.all(update(User).set(User.age, User.age + 1).all_rows().returning(User)).await?;
            /// let titles: Vec<String> =
            ///     engine.all(delete(Post).filter(Post.user_id.eq(1)).returning(Post.title)).await?;
            /// # Ok(())
            /// # }
            /// ```
            pub fn returning<S: super::Selectable>(
                mut self,
                selectable: S,
            ) -> super::Returning<Self, S::Row> {
                let (items, make) = super::Items::of(selectable);
                self.tree.returning = items;
                super::Returning { command: self, make, what: M::META.entity }
            }
        }
    };
}
pub(super) use change;
