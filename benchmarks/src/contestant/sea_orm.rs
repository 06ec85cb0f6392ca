//! sea-orm on sqlx with the defaults, so that a connection is tested each time it is taken.

use futures_util::TryStreamExt;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, QueryOrder, Set, TransactionTrait};

use super::sea_orm_model::{accounts, branches, comments, history, posts, tellers, users};
use super::{Access, Contestant, NewRow, TpcB, renamed};
use crate::Result;
use crate::cell::{ALL, Workload};
use crate::digest::{self, Digest};

pub(super) struct SeaOrm(DatabaseConnection);

fn plus<C: ColumnTrait>(column: C, delta: i32) -> Expr {
    // By its path: with the trait in scope, `eq` of a column is ambiguous.
    sea_orm::sea_query::ExprTrait::add(Expr::col(column), delta)
}

fn digest_user(user: &users::Model) -> u64 {
    digest::user(user.id, &user.name, user.hair_color.as_deref())
}

fn new_users(rows: &[NewRow]) -> Vec<users::ActiveModel> {
    let new = |row: &NewRow| users::ActiveModel {
        name: Set(row.name.clone()),
        hair_color: Set(row.hair_color.clone()),
        ..Default::default()
    };
    rows.iter().map(new).collect()
}

impl Contestant for SeaOrm {
    const DOES: &'static [Workload] = ALL;

    async fn connect(access: Access) -> Result<Self> {
        let mut options = ConnectOptions::new(access.url);
        options.max_connections(u32::try_from(access.connections)?).sqlx_logging(false);
        Ok(SeaOrm(Database::connect(options).await?))
    }

    async fn load(&mut self) -> Result<Digest> {
        let users = users::Entity::find().all(&self.0).await?;
        Ok(Digest::of(users.iter().map(digest_user)))
    }

    async fn join(&mut self, hair_color: &str) -> Result<Digest> {
        let pairs: Vec<(users::Model, Option<posts::Model>)> = users::Entity::find()
            .find_also_related(posts::Entity)
            .filter(users::Column::HairColor.eq(hair_color))
            .order_by_desc(users::Column::Name)
            .all(&self.0)
            .await?;
        let of_post =
            |post: &posts::Model| digest::post(post.id, post.user_id, &post.title, post.body.as_deref());
        let value = |(user, post): &(users::Model, Option<posts::Model>)| {
            digest_user(user).wrapping_add(post.as_ref().map_or(0, of_post))
        };
        Ok(Digest::of(pairs.iter().map(value)))
    }

    async fn insert(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let ids: Vec<i64> =
            users::Entity::insert_many(new_users(rows)).exec_with_returning_keys(&self.0).await?;
        Ok(Digest::of_keys(ids))
    }

    async fn insert_without_ids(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let count = users::Entity::insert_many(new_users(rows)).exec_without_returning(&self.0).await?;
        Ok(Digest::of_count(count))
    }

    async fn posts(&mut self) -> Result<Digest> {
        let users: Vec<users::ModelEx> = users::Entity::load().with(posts::Entity).all(&self.0).await?;
        let of_post =
            |post: &posts::ModelEx| digest::post(post.id, post.user_id, &post.title, post.body.as_deref());
        let mut digest = Digest::default();
        for user in &users {
            let value = digest::user(user.id, &user.name, user.hair_color.as_deref());
            digest.add_branch(user.id, value, user.posts.iter().map(of_post));
        }
        Ok(digest)
    }

    async fn related(&mut self) -> Result<Digest> {
        let tree: Vec<users::ModelEx> =
            users::Entity::load().with((posts::Entity, comments::Entity)).all(&self.0).await?;
        let of_comment =
            |comment: &comments::ModelEx| digest::comment(comment.id, comment.post_id, &comment.text);
        let mut digest = Digest::default();
        for user in &tree {
            let value = digest::user(user.id, &user.name, user.hair_color.as_deref());
            let posts = user.posts.iter().map(|post| {
                let value = digest::post(post.id, post.user_id, &post.title, post.body.as_deref());
                (value, post.comments.iter().map(of_comment))
            });
            digest.add_tree(user.id, value, posts);
        }
        Ok(digest)
    }

    async fn by_key(&mut self, id: i64) -> Result<Digest> {
        self.by_key_pooled(0, id).await
    }

    async fn by_key_pooled(&self, _: usize, id: i64) -> Result<Digest> {
        let user = users::Entity::find_by_id(id).one(&self.0).await?;
        Ok(Digest::of(user.iter().map(digest_user)))
    }

    async fn change(&mut self, id: i64, revision: u64) -> Result<Digest> {
        let transaction = self.0.begin().await?;
        let user = users::Entity::find_by_id(id).one(&transaction).await?;
        let user = user.ok_or("expected a user of this key, found none")?;
        let digest = Digest::of([digest_user(&user)]);
        let mut user: users::ActiveModel = user.into();
        user.name = Set(renamed(id, revision));
        user.update(&transaction).await?;
        transaction.commit().await?;
        Ok(digest)
    }

    async fn tpcb(&self, _: usize, arguments: TpcB) -> Result<i32> {
        let TpcB { account, branch, teller, delta } = arguments;
        let transaction = self.0.begin().await?;
        accounts::Entity::update_many()
            .col_expr(accounts::Column::Abalance, plus(accounts::Column::Abalance, delta))
            .filter(accounts::Column::Aid.eq(account))
            .exec(&transaction)
            .await?;
        let found = accounts::Entity::find_by_id(account).one(&transaction).await?;
        let balance = found.ok_or("expected an account of this key, found none")?.abalance;
        tellers::Entity::update_many()
            .col_expr(tellers::Column::Tbalance, plus(tellers::Column::Tbalance, delta))
            .filter(tellers::Column::Tid.eq(teller))
            .exec(&transaction)
            .await?;
        branches::Entity::update_many()
            .col_expr(branches::Column::Bbalance, plus(branches::Column::Bbalance, delta))
            .filter(branches::Column::Bid.eq(branch))
            .exec(&transaction)
            .await?;
        let (tid, bid, aid, delta) = (Set(teller), Set(branch), Set(account), Set(delta));
        let history = history::ActiveModel { tid, bid, aid, delta };
        history::Entity::insert(history).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        Ok(balance)
    }

    async fn flush(&mut self, revision: u64) -> Result<Digest> {
        let transaction = self.0.begin().await?;
        let users = users::Entity::find().all(&transaction).await?;
        let digest = Digest::of(users.iter().map(digest_user));
        for user in users {
            let name = renamed(user.id, revision);
            let mut user: users::ActiveModel = user.into();
            user.name = Set(name);
            user.update(&transaction).await?;
        }
        transaction.commit().await?;
        Ok(digest)
    }

    async fn stream(&mut self) -> Result<Digest> {
        let mut rows = users::Entity::find().stream(&self.0).await?;
        let mut digest = Digest::default();
        while let Some(user) = rows.try_next().await? {
            digest.add(digest_user(&user));
        }
        Ok(digest)
    }
}
