//! Which rows are in a partial index, read off its predicate.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[tokio::test]
#[expect(clippy::duplicated_attributes, reason = "several indexes are unique")]
async fn predicates_of_indexes_that_compare_columns_with_constants_tell_which_rows_are_in_them() {
    #[derive(Enum, Clone, Copy, Debug, PartialEq)]
    #[orm(name = "state_of_a_seat")]
    enum SeatState {
        Open,
        Taken,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(
        table = "seats",
        index(place, unique, where = "place > 2"),
        index(label, unique, where = "state = 'taken'"),
        index(owner, unique, where = "is_main AND NOT is_old")
    )]
    struct Seat {
        #[orm(primary_key)]
        code: String,
        place: i32,
        label: String,
        state: SeatState,
        owner: String,
        is_main: bool,
        is_old: bool,
    }
    let fixture = Fixture::new(schema![Seat]).await;
    let seat = |code: &str, place: i32, state: SeatState, is_main: bool| {
        NewSeat::new(code, place, "l", state, "o", is_main, false)
    };
    for is_swapped in [false, true] {
        fixture.database.execute("TRUNCATE seats").await;
        let mut session = fixture.session();
        let first = session.add(seat("a", 3, SeatState::Taken, true));
        let second = session.add(seat("b", 1, SeatState::Open, false));
        session.commit().await.unwrap();
        // In the order of the keys, and against it: the values that both have alike are in the index of one row at a time.
        let (one, other) = if is_swapped { (second, first) } else { (first, second) };
        if is_swapped {
            session[first].place = 1;
            session[first].state = SeatState::Open;
            session[first].is_old = true;
            session.flush().await.unwrap();
            (session[second].place, session[second].state, session[second].is_main) =
                (3, SeatState::Taken, true);
            session.commit().await.unwrap();
        }
        session[one].place = 1;
        session[other].place = 3;
        session[one].state = SeatState::Open;
        session[other].state = SeatState::Taken;
        session[one].is_old = true;
        (session[other].is_main, session[other].is_old) = (true, false);
        session.commit().await.unwrap();
    }
}
