//! The only child of an object, set several times before a flush.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug)]
#[orm(table = "people", has_one(badge = Badge.person_id, card = Card.person_id))]
struct Person {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = "0")]
    floor: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "badges")]
struct Badge {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique, references = Person.id, relation = person)]
    person_id: Option<i64>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "cards")]
struct Card {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique, references = Person.id, relation = person, on_delete = cascade)]
    person_id: i64,
}

struct Office {
    fixture: Fixture,
    session: Session,
    people: Vec<Handle<Person>>,
    badges: Vec<Handle<Badge>>,
}

/// Two people with a badge and a card each, and a badge of nobody.
async fn office() -> Office {
    let fixture = Fixture::new(schema![Person, Badge, Card]).await;
    fixture
        .database
        .execute(
            "INSERT INTO people VALUES (1, 0), (2, 0);
             INSERT INTO badges (person_id) VALUES (1), (2), (NULL);
             INSERT INTO cards (person_id) VALUES (1), (2)",
        )
        .await;
    let mut session = fixture.session();
    let people = session.all(select(Person).order_by(Person.id)).await.unwrap();
    let badges = session.all(select(Badge).order_by(Badge.id)).await.unwrap();
    Office { fixture, session, people, badges }
}

impl Office {
    /// Whose the badges are, in their order.
    async fn badges(&self) -> Vec<Option<i64>> {
        self.fixture.engine.all(select(Badge.person_id).order_by(Badge.id)).await.unwrap()
    }

    /// The cards, with whose they are.
    async fn cards(&self) -> Vec<(i64, i64)> {
        self.fixture.engine.all(select((Card.id, Card.person_id)).order_by(Card.id)).await.unwrap()
    }
}

#[tokio::test]
async fn the_last_of_several_children_counts() {
    let mut office = office().await;
    let (ann, badges) = (office.people[0], office.badges.clone());
    office.session.set(ann, Person.badge, badges[2]).unwrap();
    office.session.set(ann, Person.badge, badges[1]).unwrap();
    office.session.commit().await.unwrap();
    assert_eq!(office.badges().await, [None, Some(1), None]);
    office.session.set(ann, Person.badge, None).unwrap();
    office.session.set(ann, Person.badge, badges[1]).unwrap();
    office.session.commit().await.unwrap();
    assert_eq!(office.badges().await, [None, Some(1), None], "taken away and given back");
    office.session.set(ann, Person.badge, badges[0]).unwrap();
    office.session.set(ann, Person.badge, None).unwrap();
    office.session.commit().await.unwrap();
    assert_eq!(office.badges().await, [None, None, None]);
}

#[tokio::test]
async fn the_last_of_several_new_children_counts() {
    let mut office = office().await;
    let new = office.session.add_all([(), ()].map(|()| NewBadge { person_id: None }));
    for badge in new {
        office.session.set(office.people[0], Person.badge, badge).unwrap();
    }
    let cards = office.session.add_all([(), ()].map(|()| NewCard::new(office.people[0])));
    for card in &cards {
        office.session.set(office.people[0], Person.card, *card).unwrap();
    }
    office.session.commit().await.unwrap();
    assert_eq!(office.badges().await, [None, Some(2), None, None, Some(1)]);
    let last = office.session[cards[1]].id;
    assert_eq!(office.cards().await, [(2, 2), (last, 1)], "the others go by their foreign key");
}

#[tokio::test]
async fn a_new_parent_has_the_last_child_too() {
    let mut office = office().await;
    let new = office.session.add(NewPerson::new(9));
    office.session.set(new, Person.badge, office.badges[0]).unwrap();
    office.session.set(new, Person.badge, office.badges[1]).unwrap();
    office.session.commit().await.unwrap();
    assert_eq!(office.badges().await, [None, Some(9), None]);
}

#[tokio::test]
async fn a_child_that_somebody_else_deleted_is_none() {
    let mut office = office().await;
    office.fixture.database.execute("DELETE FROM badges WHERE id = 1").await;
    office.session.set(office.people[0], Person.badge, office.badges[2]).unwrap();
    office.session.commit().await.unwrap();
    assert_eq!(office.badges().await, [Some(2), Some(1)]);
    assert!(!office.session.contains(office.badges[0]));
}
