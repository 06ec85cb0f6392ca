//! A column by reference stands where a column does.

#![expect(
    clippy::needless_borrows_for_generic_args,
    clippy::op_ref,
    reason = "references are what this is about"
)]

use orm_core::prelude::*;
use orm_tests::models::{Event, Post, User};

use crate::select_rows::{all, people};
use crate::select_text::condition;

#[tokio::test]
async fn a_reference_to_a_column_is_compared_calculated_with_set_and_a_condition() {
    let fixture = people().await;
    let (id, age) = (User.id, User.age);
    assert_eq!(condition(Post.user_id.eq(&id)), condition(Post.user_id.eq(id)));
    assert_eq!(condition(&Event.is_public), condition(Event.is_public));
    let sums = select(age + &id).filter(age.gt(&id)).order_by(&id);
    assert_eq!(all(&fixture, sums).await, [Some(31), Some(42)]);
    let older = update(User).set(age, &age).filter(id.eq(&User.id));
    assert_eq!(fixture.engine.execute(older).await.unwrap(), 3);
}
