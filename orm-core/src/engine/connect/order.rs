//! In which order the servers of a list are tried.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a server that could not be used is tried after the others.
const LAST_FOR: Duration = Duration::from_secs(30);

/// Remembers which servers could not be used, by their place in the list.
#[derive(Default)]
pub(in crate::engine) struct Order(Mutex<HashMap<usize, Instant>>);

impl Order {
    /// The places of a list in the order in which they are to be tried.
    pub(super) fn of(&self, servers: usize, is_random: bool) -> Vec<usize> {
        let failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let mut places: Vec<_> = (0..servers).collect();
        if is_random {
            shuffle(&mut places);
        }
        // It is stable: the others stay as they are.
        places.sort_by_key(|place| {
            failed.get(place).is_some_and(|since| now.saturating_duration_since(*since) < LAST_FOR)
        });
        places
    }

    pub(super) fn failed(&self, place: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(place, Instant::now());
    }

    pub(super) fn worked(&self, place: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&place);
    }
}

pub(super) fn shuffle<T>(values: &mut [T]) {
    // The keys that the standard library makes for its maps differ each time.
    let keys = RandomState::new();
    for end in (1..values.len()).rev() {
        let other = keys.hash_one(end) % (end as u64 + 1);
        values.swap(end, other as usize);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Order;

    #[test]
    fn a_server_that_failed_is_tried_last_until_it_works() {
        let order = Order::default();
        assert_eq!(order.of(3, false), [0, 1, 2]);
        order.failed(0);
        assert_eq!(order.of(3, false), [1, 2, 0]);
        order.failed(1);
        assert_eq!(order.of(3, false), [2, 0, 1]);
        order.worked(0);
        assert_eq!(order.of(3, false), [0, 2, 1]);
    }

    #[test]
    fn a_random_order_differs_and_keeps_those_that_failed_last() {
        let order = Order::default();
        order.failed(2);
        let orders: HashSet<_> = (0..200).map(|_| order.of(4, true)).collect();
        assert!(orders.iter().all(|order| order[3] == 2), "{orders:?}");
        assert_eq!(orders.len(), 6);
    }
}
