//! What a contestant has read or written, folded into two numbers that are compared with the floor's.

use serde::{Deserialize, Serialize};

/// How many rows there were, and a sum over every field of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digest {
    pub(crate) rows: u64,
    pub(crate) sum: u64,
}

impl Digest {
    /// Of the digests of rows, or of their keys.
    pub(crate) fn of(values: impl IntoIterator<Item = u64>) -> Digest {
        let mut digest = Digest::default();
        values.into_iter().for_each(|value| digest.add(value));
        digest
    }

    /// Of rows that were written and of which nothing came back.
    pub(crate) fn of_count(rows: u64) -> Digest {
        Digest { rows, sum: 0 }
    }

    /// Of generated keys.
    pub(crate) fn of_keys(keys: impl IntoIterator<Item = i64>) -> Digest {
        Digest::of(keys.into_iter().map(i64::cast_unsigned))
    }

    #[inline]
    pub(crate) fn add(&mut self, value: u64) {
        self.rows += 1;
        self.sum = self.sum.wrapping_add(value);
    }

    pub(crate) fn merge(&mut self, other: Digest) {
        self.rows += other.rows;
        self.sum = self.sum.wrapping_add(other.sum);
    }

    /// Adds a user with posts; a post under the wrong user changes the sum.
    pub(crate) fn add_branch(&mut self, id: i64, user: u64, posts: impl Iterator<Item = u64>) {
        self.add_tree(id, user, std::iter::once((0, posts)));
    }

    /// Adds a user with posts and their comments; a comment under the wrong user changes the sum.
    pub(crate) fn add_tree<C>(&mut self, id: i64, user: u64, posts: impl Iterator<Item = (u64, C)>)
    where
        C: Iterator<Item = u64>,
    {
        let mut below = 0;
        for (post, comments) in posts {
            self.sum = self.sum.wrapping_add(post);
            for comment in comments {
                self.add(comment);
                below += 1;
            }
        }
        self.sum = self.sum.wrapping_add(user).wrapping_add(id.cast_unsigned().wrapping_mul(below));
    }
}

/// The digest of a user.
#[inline]
pub(crate) fn user(id: i64, name: &str, hair_color: Option<&str>) -> u64 {
    id.cast_unsigned()
        .wrapping_mul(31)
        .wrapping_add(length(name) * 7)
        .wrapping_add(hair_color.map_or(1, |color| length(color) * 3))
}

/// The digest of a post.
#[inline]
pub(crate) fn post(id: i64, user_id: i64, title: &str, body: Option<&str>) -> u64 {
    id.cast_unsigned()
        .wrapping_mul(131)
        .wrapping_add(user_id.cast_unsigned().wrapping_mul(17))
        .wrapping_add(length(title) * 5)
        .wrapping_add(body.map_or(2, |body| length(body) * 11))
}

/// The digest of a comment.
#[inline]
pub(crate) fn comment(id: i64, post_id: i64, text: &str) -> u64 {
    id.cast_unsigned()
        .wrapping_mul(257)
        .wrapping_add(post_id.cast_unsigned().wrapping_mul(19))
        .wrapping_add(length(text) * 13)
}

#[inline]
fn length(text: &str) -> u64 {
    text.len() as u64
}

#[cfg(test)]
mod tests {
    use super::{Digest, comment, post, user};

    #[test]
    fn every_field_of_a_row_counts() {
        assert_ne!(user(1, "a", None), user(2, "a", None));
        assert_ne!(user(1, "a", None), user(1, "ab", None));
        assert_ne!(user(1, "a", None), user(1, "a", Some("black")));
        assert_ne!(post(1, 2, "a", None), post(1, 3, "a", None));
        assert_ne!(post(1, 2, "a", None), post(1, 2, "a", Some("b")));
        assert_ne!(comment(1, 2, "a"), comment(1, 3, "a"));
    }

    #[test]
    fn a_comment_under_another_user_changes_the_sum() {
        let tree = |first: &[u64], second: &[u64]| {
            let mut digest = Digest::default();
            digest.add_tree(1, 10, [(5, first.iter().copied())].into_iter());
            digest.add_tree(2, 20, [(6, second.iter().copied())].into_iter());
            digest
        };
        assert_ne!(tree(&[7, 8], &[9]), tree(&[7], &[8, 9]));
        assert_eq!(tree(&[7, 8], &[9]).rows, 3);
    }

    #[test]
    fn the_order_of_rows_does_not_count() {
        assert_eq!(Digest::of([1, 2, 3]), Digest::of([3, 1, 2]));
    }
}
