// expect: a row of `Stay` cannot be made of the two rows that it links
// at: Guest.rooms
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(many_to_many(rooms = Room, through = Stay))]
struct Guest {
    #[orm(primary_key, generated)]
    id: i64,
}

#[derive(Model, Clone, Debug)]
struct Room {
    #[orm(primary_key, generated)]
    id: i64,
}

#[derive(Model, Clone, Debug)]
struct Stay {
    #[orm(primary_key, references = Guest.id)]
    guest_id: i64,
    #[orm(primary_key, references = Room.id)]
    room_id: i64,
    nights: i32,
}

#[allow(unused)]
async fn program(mut session: Session, guest: Handle<Guest>, room: Handle<Room>) -> Result<(), orm_core::Error> {
    session.unlink(guest, Guest.rooms, room)?;
    session.link(guest, Guest.rooms, room)?;
    Ok(())
}

fn main() {}
