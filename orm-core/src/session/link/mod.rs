//! Objects that are linked by rows of a model between them, and the only child of an object.

mod decide;
mod equal;
mod lost;
mod read;

use super::Session;
use super::identity::{Identity, LinkAction, LinkChange, LinkTarget};
use crate::error::Error;
use crate::model::relation::{LinkModel, Linked, Path, Relation, Through};
use crate::model::{Handle, Model, NewModel, Pending, Writable};

/// A `many_to_many` from the model `P` to the model `C`, as `link` and `unlink` take it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `many_to_many` of `{P}`",
    label = "expected a `many_to_many` relation",
    note = "a row of a `has_many` is given its parent: `session.set(post, Post.author, user)`"
)]
pub trait LinkRelation<P, C> {
    /// The model whose rows link the two.
    #[doc(hidden)]
    type Between: Model<Kind: Writable>;

    #[doc(hidden)]
    fn path(self) -> Path;
}

impl<P, C, B: Model<Kind: Writable>> LinkRelation<P, C> for Relation<P, C, Through<B>> {
    type Between = B;

    fn path(self) -> Path {
        Relation::path(self)
    }
}

impl Session {
    /// Links two objects by a `many_to_many`: with the next flush there is a row between them. Either of them may be new.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(many_to_many(tags = Tag, through = PostTag))]
    /// # struct Post {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     title: String,
    /// # }
    /// # #[derive(Model, Clone, Debug)]
    /// # struct Tag {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[derive(Model, Clone, Debug)]
    /// # struct PostTag {
    /// #     #[orm(primary_key, references = Post.id)]
    /// #     post_id: i64,
    /// #     #[orm(primary_key, references = Tag.id)]
    /// #     tag_id: i64,
    /// # }
    /// # async fn example(session: &mut Session, post: Handle<Post>) -> Result<(), orm_core::Error> {
    /// let tag = session.add(NewTag::new("rust"));
    /// session.link(post, Post.tags, tag)?;
    /// session.commit().await?;
    /// session.set_links(post, Post.tags, [tag])?; // and no others
    /// session.unlink(post, Post.tags, tag)?;
    /// session.commit().await
    /// # }
    /// ```
    ///
    /// Nothing is written where the link is there already. The flush looks for the links of objects that both have a row, in one
    /// statement for all of one relation; then it sends the rows that are to come and to go with everything else. Of several
    /// calls for two objects the last counts. Columns of the row between that are no foreign keys are left to their
    /// defaults; for a row that says more, `session.add(NewPostTag { .. })`.
    ///
    /// # Errors
    /// If an object left this session, or is of another one. The flush fails, as a unique violation, if somebody else links the
    /// two between its look and its insert; the transaction, run again, finds the link.
    pub fn link<P, C, L>(&mut self, object: Handle<P>, relation: L, other: Handle<C>) -> Result<(), Error>
    where
        P: Model,
        C: Model,
        L: LinkRelation<P, C, Between: LinkModel>,
    {
        let far = self.far::<_, _, L>(other)?;
        self.ask_for(object, relation, LinkAction::Link(far))
    }

    /// Ends the link of two objects by a `many_to_many`: with the next flush the row between them is deleted, or marked
    /// as deleted if its model has `soft_delete`; `link` takes the mark away. Nothing is written if there is none. Otherwise as [`link`](Session::link).
    ///
    /// # Errors
    /// As [`link`](Session::link).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(many_to_many(tags = Tag, through = PostTag))]
    /// # struct Post {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// # }
    /// # #[derive(Model, Clone, Debug)]
    /// # struct Tag {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[derive(Model, Clone, Debug)]
    /// # struct PostTag {
    /// #     #[orm(primary_key, references = Post.id)]
    /// #     post_id: i64,
    /// #     #[orm(primary_key, references = Tag.id)]
    /// #     tag_id: i64,
    /// # }
    /// # async fn example(session: &mut Session, post: Handle<Post>, tag: Handle<Tag>) -> Result<(), Error> {
    /// session.unlink(post, Post.tags, tag)?;
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn unlink<P, C, L>(&mut self, object: Handle<P>, relation: L, other: Handle<C>) -> Result<(), Error>
    where
        P: Model,
        C: Model,
        L: LinkRelation<P, C>,
    {
        let other = self.named(other)?;
        self.ask_for(object, relation, LinkAction::Unlink(other))
    }

    /// Links an object to these and no others by a `many_to_many`: with the next flush the rows between that are missing are
    /// inserted, and those that are too many deleted. Otherwise as [`link`](Session::link).
    ///
    /// # Errors
    /// As [`link`](Session::link).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(many_to_many(tags = Tag, through = PostTag))]
    /// # struct Post {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// # }
    /// # #[derive(Model, Clone, Debug)]
    /// # struct Tag {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[derive(Model, Clone, Debug)]
    /// # struct PostTag {
    /// #     #[orm(primary_key, references = Post.id)]
    /// #     post_id: i64,
    /// #     #[orm(primary_key, references = Tag.id)]
    /// #     tag_id: i64,
    /// # }
    /// # async fn example(session: &mut Session, post: Handle<Post>) -> Result<(), Error> {
    /// let tags = session.all(select(Tag).filter(Tag.name.in_(["rust", "sql"]))).await?;
    /// session.set_links(post, Post.tags, tags)?; // these, and no others
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_links<P, C, L>(
        &mut self,
        object: Handle<P>,
        relation: L,
        others: impl IntoIterator<Item = Handle<C>>,
    ) -> Result<(), Error>
    where
        P: Model,
        C: Model,
        L: LinkRelation<P, C, Between: LinkModel>,
    {
        let others = others.into_iter().map(|other| self.far::<_, _, L>(other));
        let others = others.collect::<Result<Vec<_>, _>>()?;
        self.ask_for(object, relation, LinkAction::Set(others))
    }

    fn far<P, C, L>(&self, other: Handle<C>) -> Result<LinkTarget, Error>
    where
        C: Model,
        L: LinkRelation<P, C, Between: LinkModel>,
    {
        Ok(LinkTarget { row: self.named(other)?, add: add::<L::Between> })
    }

    fn ask_for<P: Model, C, L: LinkRelation<P, C>>(
        &mut self,
        object: Handle<P>,
        relation: L,
        action: LinkAction,
    ) -> Result<(), Error> {
        let near = self.named(object)?;
        self.usable()?;
        self.identity.arena_mut::<L::Between>();
        let path = relation.path();
        let Some((between, far)) = path.through else { return Ok(()) };
        let request =
            LinkChange { near: (between, path.start), far: Some((far, path.end)), parent: near, action };
        self.identity.link_changes.push(request);
        Ok(())
    }

    /// The only child of an object is to be another one, or none: whatever had it for a parent lets go.
    pub(super) fn replace_child<C: Model>(
        &mut self,
        parent: Pending,
        path: Path,
        child: Option<Handle<C>>,
    ) -> Result<(), Error> {
        self.usable()?;
        self.identity.arena_mut::<C>();
        let action = LinkAction::ReplaceChild(child.map(|child| child.slot()));
        let request = LinkChange { near: (path.end, path.start), far: None, parent, action };
        self.identity.link_changes.push(request);
        let Some(child) = child else { return Ok(()) };
        let columns = path.end.columns().zip(path.start.columns());
        let mut columns = columns.map(|(column, target)| (column, Some((parent, target))));
        columns.try_for_each(|(column, to)| self.identity.refer(child.slot(), column, to))
    }
}

/// Adds the row that links two others.
fn add<B: LinkModel>(identity: &mut Identity, rows: &Linked) -> Result<u32, Error> {
    let Some(mut new) = B::linking(rows) else {
        let entity = B::META.entity;
        return Err(Error::session(format!(
            "a row of `{entity}` cannot be made of the two rows that it links, because a third foreign key must be given: add it \
             itself, `session.add(New{entity} {{ .. }})`"
        )));
    };
    new.prepare();
    Ok(identity.arena_mut::<B>().0.add(new))
}
