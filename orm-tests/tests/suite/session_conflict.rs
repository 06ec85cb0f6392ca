//! Rows of one flush that get in each other's way.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(has_many(marks = Mark.seat_id))]
struct Seat {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique)]
    number: i32,
    holder: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(unique(seat_id, label))]
struct Mark {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Seat.id, relation = seat, on_update = cascade)]
    seat_id: i64,
    label: String,
    #[orm(default = "'fresh'")]
    state: String,
}

async fn seats(fixture: &Fixture, numbers: &[i32]) -> (Session, Vec<Handle<Seat>>) {
    let mut session = fixture.session();
    let seats = session.add_all(numbers.iter().map(|&number| NewSeat::new(number)));
    session.commit().await.unwrap();
    fixture.recorder.take();
    (session, seats)
}

async fn numbers(fixture: &Fixture) -> Vec<(i64, i32)> {
    fixture.engine.all(select((Seat.id, Seat.number)).order_by(Seat.id)).await.unwrap()
}

#[tokio::test]
async fn a_new_row_takes_the_unique_value_of_one_that_is_deleted() {
    let fixture = Fixture::new(schema![Mark, Seat]).await;
    let (mut session, seats) = seats(&fixture, &[1, 2, 3]).await;
    session.delete(seats[1]).unwrap();
    let new = session.add(NewSeat::new(2));
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    assert_eq!(numbers(&fixture).await, [(1, 1), (3, 3), (session[new].id, 2)]);
    assert!(session.is_deleted(seats[1]));
}

#[tokio::test]
async fn what_points_at_a_deleted_row_leaves_it_before_a_new_one_takes_its_value() {
    let fixture = Fixture::new(schema![Mark, Seat]).await;
    let (mut session, seats) = seats(&fixture, &[1, 2]).await;
    let marks = session.add_all([
        NewMark::new("a", seats[0], "stays"),
        NewMark::new("b", seats[0], "goes"),
        NewMark::new("c", seats[1], "other"),
    ]);
    session.commit().await.unwrap();
    session[marks[0]].seat_id = session[seats[1]].id;
    session.delete(marks[1]).unwrap();
    session.delete(seats[0]).unwrap();
    let new = session.add(NewSeat::new(1));
    session.add(NewMark::new("d", new, "new"));
    session.commit().await.unwrap();
    let found: Vec<(String, i64)> =
        fixture.engine.all(select((Mark.code, Mark.seat_id)).order_by(Mark.code)).await.unwrap();
    assert_eq!(found, [("a".into(), 2), ("c".into(), 2), ("d".into(), session[new].id)]);
}

#[tokio::test]
async fn a_row_moves_to_its_new_parent_before_another_takes_the_place_it_had() {
    let fixture = Fixture::new(schema![Mark, Seat]).await;
    let (mut session, seats) = seats(&fixture, &[1]).await;
    let first = session.add(NewMark::new("a", seats[0], "x"));
    session.commit().await.unwrap();
    let new_seat = session.add(NewSeat::new(2));
    session.set(first, Mark.seat, new_seat).unwrap();
    let second = session.add(NewMark::new("b", seats[0], "x"));
    session.commit().await.unwrap();
    let marks = fixture.engine.all(select((Mark.code, Mark.seat_id)).order_by(Mark.code)).await.unwrap();
    assert_eq!(marks, [("a".to_owned(), session[new_seat].id), ("b".to_owned(), session[seats[0]].id)]);
    assert_eq!(
        [session[first].seat_id, session[second].seat_id],
        [session[new_seat].id, session[seats[0]].id]
    );
}

#[tokio::test]
async fn rows_move_up_one_after_the_other() {
    let fixture = Fixture::new(schema![Mark, Seat]).await;
    let (mut session, seats) = seats(&fixture, &[1, 2, 3, 4]).await;
    // Upwards: each takes the value that the next gives up.
    for &seat in &seats {
        session[seat].number += 1;
    }
    let first = session.add(NewSeat::new(1));
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    assert_eq!(numbers(&fixture).await, [(1, 2), (2, 3), (3, 4), (4, 5), (session[first].id, 1)]);
}

#[tokio::test]
async fn a_change_takes_the_unique_value_of_a_row_that_is_deleted() {
    let fixture = Fixture::new(schema![Mark, Seat]).await;
    let (mut session, seats) = seats(&fixture, &[1, 2]).await;
    session.delete(seats[0]).unwrap();
    session[seats[1]].number = 1;
    session.commit().await.unwrap();
    assert_eq!(numbers(&fixture).await, [(2, 1)]);
}

#[tokio::test]
async fn two_rows_that_swap_unique_values_are_told_before_anything_is_sent() {
    let fixture = Fixture::new(schema![Mark, Seat]).await;
    let (mut session, seats) = seats(&fixture, &[1, 2]).await;
    (session[seats[0]].number, session[seats[1]].number) = (2, 1);
    let error = session.flush().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "rows wait for each other in a circle: `Seat` 1, `Seat` 2; what one gives up another takes, which PostgreSQL does \
         not let pass row by row: give one of them another value, flush, and then give it its own, or declare the \
         constraint `deferrable`"
    );
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
    session.rollback().await.unwrap();
    // What it says to do works.
    session[seats[0]].number = -1;
    session.flush().await.unwrap();
    (session[seats[0]].number, session[seats[1]].number) = (2, 1);
    session.commit().await.unwrap();
    assert_eq!(numbers(&fixture).await, [(1, 2), (2, 1)]);
}

#[tokio::test]
async fn deleting_and_adding_one_key_is_one_update() {
    let fixture = Fixture::new(schema![Mark, Seat]).await;
    let (mut session, seats) = seats(&fixture, &[1]).await;
    let old = session.add(NewMark { state: Some("old".into()), ..NewMark::new("a", seats[0], "x") });
    session.commit().await.unwrap();
    fixture.recorder.take();
    session.delete(old).unwrap();
    let new = session.add(NewMark::new("a", seats[0], "y"));
    session.commit().await.unwrap();
    let statements = fixture.recorder.take().statements;
    assert_eq!(statements.len(), 3, "{statements:#?}");
    assert!(statements[1].contains("UPDATE") && !statements[1].contains("DELETE"), "{statements:#?}");
    assert!(session.is_deleted(old));
    assert_eq!(
        (&*session[new].label, &*session[new].state),
        ("y", "fresh"),
        "what it does not say is its default"
    );
    assert_eq!(fixture.engine.one(select(Mark)).await.unwrap(), session[new]);
}

#[tokio::test]
async fn many_rows_are_taken_over_at_once_and_given_back_by_a_rollback() {
    let fixture = Fixture::new(schema![Mark, Seat]).await;
    let (mut session, seats) = seats(&fixture, &[1]).await;
    let code = |n: i32| format!("m{n}");
    let old = session.add_all((0..5).map(|n| NewMark::new(code(n), seats[0], code(n))));
    session.commit().await.unwrap();
    for &mark in &old {
        session.delete(mark).unwrap();
    }
    let new = session.add_all((0..5).map(|n| NewMark::new(code(n), seats[0], format!("new {n}"))));
    session.flush().await.unwrap();
    for (n, (&old, &new)) in old.iter().zip(&new).enumerate() {
        assert!(session.is_deleted(old));
        assert_eq!(session[new].label, format!("new {n}"));
    }
    session.rollback().await.unwrap();
    assert!(
        old.iter().all(|&mark| session.contains(mark)) && !new.iter().any(|&mark| session.contains(mark))
    );
    let found = session.find::<Mark>("m3").await.unwrap().unwrap();
    assert_eq!((found, &*session[found].label), (old[3], "m3"));
}

#[tokio::test]
async fn what_references_a_row_that_is_taken_over_stays() {
    let fixture = Fixture::new(schema![Team, Member]).await;
    let mut session = fixture.session();
    let old = session.add(NewTeam::new("red", "Red"));
    let member = session.add(NewMember::new(old));
    session.commit().await.unwrap();
    session.delete(old).unwrap();
    let new = session.add(NewTeam::new("red", "Crimson"));
    session.commit().await.unwrap();
    assert!(session.contains(member) && session.contains(new));
    assert_eq!(fixture.engine.one(select(func::count(Member.id))).await.unwrap(), 1);
}

#[derive(Model, Clone, Debug)]
struct Team {
    #[orm(primary_key)]
    code: String,
    name: String,
}

#[derive(Model, Clone, Debug)]
struct Member {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Team.code, relation = team, on_delete = cascade)]
    team_code: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "desks", index(owner, unique, where = "is_main"))]
struct Desk {
    #[orm(primary_key, generated)]
    id: i64,
    owner: String,
    is_main: bool,
}

#[tokio::test]
async fn rows_outside_of_a_partial_index_may_swap_its_values() {
    let fixture = Fixture::new(schema![Desk]).await;
    let mut session = fixture.session();
    let (ann, ben) = (session.add(NewDesk::new("Ann", false)), session.add(NewDesk::new("Ben", false)));
    let main = session.add(NewDesk::new("Cy", true));
    session.commit().await.unwrap();
    (session[ann].owner, session[ben].owner) = ("Ben".into(), "Ann".into());
    session.delete(main).unwrap();
    session.add(NewDesk::new("Cy", true));
    session.commit().await.unwrap();
    let owners: Vec<String> = fixture.engine.all(select(Desk.owner).order_by(Desk.id)).await.unwrap();
    assert_eq!(owners, ["Ben", "Ann", "Cy"]);
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "labels")]
struct Label {
    #[orm(primary_key)]
    place: i32,
    #[orm(primary_key)]
    word: String,
}

#[tokio::test]
async fn a_row_that_is_a_key_alone_can_be_deleted_and_added_again() {
    let fixture = Fixture::new(schema![Label]).await;
    for count in [1, 3] {
        for flush in [true, false] {
            let mut session = fixture.session();
            let labels = session.add_all((0..count).map(|place| NewLabel::new(place, "x")));
            session.commit().await.unwrap();
            labels.into_iter().for_each(|label| session.delete(label).unwrap());
            let labels = session.add_all((0..count).map(|place| NewLabel::new(place, "x")));
            if flush {
                session.flush().await.unwrap();
            }
            session.commit().await.unwrap();
            let stored = fixture.engine.all(select(Label).order_by(Label.place)).await.unwrap();
            assert_eq!(stored, session.values(&labels).cloned().collect::<Vec<_>>());
            fixture.engine.execute(delete(Label).all_rows()).await.unwrap();
        }
    }
}
