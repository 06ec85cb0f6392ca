//! Relations between models that hide some of their rows: on either side, and between.

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use orm_core::query::{FromRow, RawSql};
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    table = "players",
    soft_delete = deleted_at,
    has_one(seat = Seat.player_id),
    many_to_many(teams = Team, through = Member)
)]
struct Player {
    #[orm(primary_key)]
    id: i64,
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "teams", filter(open = "NOT closed"), many_to_many(players = Player, through = Member))]
struct Team {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = false)]
    closed: bool,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "members", soft_delete = has_left)]
struct Member {
    #[orm(primary_key, references = Player.id, relation = player)]
    player_id: i64,
    #[orm(primary_key, references = Team.id, relation = team)]
    team_id: i64,
    #[orm(default = false)]
    has_left: bool,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "seats", soft_delete = gone_at)]
struct Seat {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Player.id, relation = player, on_delete = cascade, unique)]
    player_id: Option<i64>,
    gone_at: Option<DateTime<Utc>>,
}

/// Players 1 to 3, of whom 3 is deleted; teams 1 to 3, of which 3 is closed. 1 is in all, and has left 2; 2 and 3 are in 1.
async fn players() -> Fixture {
    let fixture = Fixture::new(schema![Player, Team, Member, Seat]).await;
    let rows = "INSERT INTO players VALUES (1, NULL), (2, NULL), (3, now());
        INSERT INTO teams VALUES (1, false), (2, false), (3, true);
        INSERT INTO members VALUES (1, 1, false), (1, 2, true), (1, 3, false), (2, 1, false), (3, 1, false)";
    fixture.database.execute(rows).await;
    fixture
}

async fn plain<R: FromRow>(fixture: &Fixture, sql: RawSql) -> Vec<R> {
    fixture.engine.all(sql.rows::<R>()).await.unwrap()
}

/// Everybody's teams and everybody in each team, and whether the link counts, as the database has it.
async fn members(fixture: &Fixture) -> Vec<(i64, i64, bool)> {
    plain(fixture, sql!("SELECT player_id, team_id, NOT has_left FROM members ORDER BY 1, 2")).await
}

#[tokio::test]
async fn what_is_hidden_is_not_related() {
    let fixture = players().await;
    let engine = &fixture.engine;
    let expected: Vec<(i64, i64)> = plain(
        &fixture,
        sql!(
            "SELECT p.id, t.id FROM players p JOIN members m ON m.player_id = p.id JOIN teams t ON t.id = m.team_id \
             WHERE p.deleted_at IS NULL AND NOT m.has_left AND NOT t.closed ORDER BY 1, 2"
        ),
    )
    .await;
    assert_eq!(expected, [(1, 1), (2, 1)]);
    let pairs = |rows: &[(Player, Vec<Team>)]| {
        rows.iter().flat_map(|(of, teams)| teams.iter().map(|team| (of.id, team.id))).collect::<Vec<_>>()
    };
    let teams = || select(Player).with(Player.teams).order_by(Player.id);
    assert_eq!(pairs(&engine.all(teams()).await.unwrap()), expected);
    assert_eq!(pairs(&engine.all(teams().together()).await.unwrap()), expected);
    let joined = select((Player.id, Team.id)).join_relation(Player.teams).order_by((Player.id, Team.id));
    assert_eq!(engine.all(joined).await.unwrap(), expected);
    let players = select(Team).with(Team.players).with(Team.players.count()).order_by(Team.id);
    let rows = engine.all(players).await.unwrap();
    let counts: Vec<_> = rows.iter().map(|(team, players, count)| (team.id, players.len(), *count)).collect();
    assert_eq!(counts, [(1, 2, 2), (2, 0, 0)]);
    for (condition, expected) in [
        (Player.teams.exists(), vec![1, 2]),
        (Player.teams.any(Team.id.gt(1)), vec![]),
        (Player.teams.without("open").any(Team.id.gt(1)), vec![1]),
        (Player.teams.without("has_left").any(Team.id.gt(1)), vec![1]),
        (Player.teams.count().eq(1), vec![1, 2]),
    ] {
        let found = engine.all(select(Player.id).filter(condition).order_by(Player.id)).await.unwrap();
        assert_eq!(found, expected);
    }
    let values = engine.all(select(Player).order_by(Player.id)).await.unwrap();
    let loaded = engine.load(&values, Player.teams.without("has_left").without("open")).await.unwrap();
    assert_eq!(loaded.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
}

#[tokio::test]
async fn a_link_is_marked_as_deleted_and_counts_again() {
    let fixture = players().await;
    let mut session = fixture.session();
    let players = session.all(select(Player).order_by(Player.id)).await.unwrap();
    let teams = session.all(select(Team).order_by(Team.id)).await.unwrap();
    session.unlink(players[0], Player.teams, teams[0]).unwrap();
    session.link(players[0], Player.teams, teams[1]).unwrap();
    session.link(players[1], Player.teams, teams[1]).unwrap();
    session.commit().await.unwrap();
    let expected = [(1, 1, false), (1, 2, true), (1, 3, true), (2, 1, true), (2, 2, true), (3, 1, true)];
    assert_eq!(members(&fixture).await, expected);
    assert_eq!(session.load(players[0], Player.teams).await.unwrap(), [teams[1]]);
    // What was unlinked in this session is linked again, before the flush or behind it.
    session.link(players[0], Player.teams, teams[0]).unwrap();
    session.unlink(players[0], Player.teams, teams[1]).unwrap();
    session.flush().await.unwrap();
    session.link(players[0], Player.teams, teams[1]).unwrap();
    session.unlink(players[0], Player.teams, teams[1]).unwrap();
    session.link(players[0], Player.teams, teams[1]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session.load(players[0], Player.teams).await.unwrap(), [teams[0], teams[1]]);
    session.set_links(players[0], Player.teams, [teams[1]]).unwrap();
    session.set_links(players[1], Player.teams, [teams[0]]).unwrap();
    session.commit().await.unwrap();
    let expected = [(1, 1, false), (1, 2, true), (1, 3, false), (2, 1, true), (2, 2, false), (3, 1, true)];
    assert_eq!(members(&fixture).await, expected);
    fixture.recorder.take();
    session.set_links(players[0], Player.teams, [teams[1]]).unwrap();
    session.unlink(players[0], Player.teams, teams[0]).unwrap();
    session.commit().await.unwrap();
    let sent = fixture.recorder.take().statements;
    assert!(sent.iter().all(|sql| !sql.contains("UPDATE") && !sql.contains("INSERT")), "{sent:?}");
}

#[tokio::test]
async fn a_rollback_takes_marks_back() {
    let fixture = players().await;
    let before = members(&fixture).await;
    let mut session = fixture.session();
    let player = session.one(select(Player).filter(Player.id.eq(1))).await.unwrap();
    let teams = session.all(select(Team).order_by(Team.id)).await.unwrap();
    session.set_links(player, Player.teams, [teams[1]]).unwrap();
    session.flush().await.unwrap();
    assert_eq!(session.load(player, Player.teams).await.unwrap(), [teams[1]]);
    session.rollback().await.unwrap();
    assert_eq!(session.load(player, Player.teams).await.unwrap(), [teams[0]]);
    session.commit().await.unwrap();
    assert_eq!(members(&fixture).await, before);
}

#[tokio::test]
async fn the_former_only_child_is_marked_as_deleted() {
    let fixture = players().await;
    fixture.database.execute("ALTER TABLE seats DROP CONSTRAINT seats_player_id_key").await;
    let mut session = fixture.session();
    let player = session.one(select(Player).filter(Player.id.eq(1))).await.unwrap();
    let first = session.add(NewSeat { player_id: Some(player.into()), ..NewSeat::new() });
    session.flush().await.unwrap();
    let second = session.add(NewSeat::new());
    session.set(player, Player.seat, second).unwrap();
    session.commit().await.unwrap();
    let seats: Vec<(i64, bool)> =
        plain(&fixture, sql!("SELECT id, gone_at IS NULL FROM seats ORDER BY id")).await;
    assert_eq!(seats, [(session[first].id, false), (session[second].id, true)]);
    assert_eq!(session.load(player, Player.seat).await.unwrap(), Some(second));
}
