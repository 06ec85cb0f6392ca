//! Rows that belong to a row of one of several models.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug)]
#[orm(table = "essays", has_many(remarks = Remark.essay_id))]
struct Essay {
    #[orm(primary_key, generated)]
    id: i64,
    title: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "photos", has_many(remarks = Remark.photo_id))]
struct Photo {
    #[orm(primary_key, generated)]
    id: i64,
    url: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "remarks", check = "num_nonnulls(essay_id, photo_id) = 1")]
struct Remark {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Essay.id, relation = essay, on_delete = cascade)]
    essay_id: Option<i64>,
    #[orm(references = Photo.id, relation = photo, on_delete = cascade)]
    photo_id: Option<i64>,
    text: String,
}

enum Owner {
    Essay(Essay),
    Photo(Photo),
}

fn owner(essay: Option<Essay>, photo: Option<Photo>) -> Option<Owner> {
    essay.map(Owner::Essay).or(photo.map(Owner::Photo))
}

#[tokio::test]
async fn a_row_belongs_to_one_of_two_models() {
    let fixture = Fixture::new(schema![Essay, Photo, Remark]).await;
    let mut session = fixture.session();
    let essay = session.add(NewEssay::new("on ropes"));
    let photo = session.add(NewPhoto::new("a.png"));
    let good = session.add(NewRemark { essay_id: Some(essay.into()), ..NewRemark::new("good") });
    session.add(NewRemark { photo_id: Some(photo.into()), ..NewRemark::new("sharp") });
    session.commit().await.unwrap();
    let remarks = select(Remark).with(Remark.essay).with(Remark.photo).order_by(Remark.id);
    let remarks = fixture.engine.all(remarks).await.unwrap();
    let owners = remarks.into_iter().filter_map(|(_, essay, photo)| owner(essay, photo));
    let owners = owners.map(|owner| match owner {
        Owner::Essay(essay) => essay.title,
        Owner::Photo(photo) => photo.url,
    });
    assert_eq!(owners.collect::<Vec<_>>(), ["on ropes", "a.png"]);
    let photos = fixture.engine.all(select(Photo).with(Photo.remarks)).await.unwrap();
    assert_eq!(photos[0].1[0].text, "sharp");
    // To another owner: one is set, the other let go.
    session.set(good, Remark.essay, None).unwrap();
    session.set(good, Remark.photo, Some(photo)).unwrap();
    session.commit().await.unwrap();
    session.set(good, Remark.essay, Some(essay)).unwrap();
    let error = session.commit().await.unwrap_err();
    assert!(error.is_check_violation(), "{error}");
}
