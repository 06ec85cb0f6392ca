//! Unique columns, and unique indexes of all kinds.

use crate::property_flush::schema::{TestSchema, flush_schema};

flush_schema! { generated;
    Parent NewParent { #[orm(unique)] name: String } + { #[orm(primary_key, generated)] id: i64 }
    Child NewChild {
        #[orm(references = Parent.id, on_delete = cascade)] parent: i64,
        #[orm(references = Parent.name, on_update = cascade)] other: Option<String>,
        #[orm(unique)] place: i32,
    } + { #[orm(primary_key, generated)] id: i64 }
}

flush_schema! { unique_target;
    Parent NewParent { #[orm(unique)] name: String, #[orm(unique)] place: i32 }
        + { #[orm(primary_key, generated)] id: i64 }
    Child NewChild {
        #[orm(primary_key)] code: String,
        #[orm(references = Parent.name, on_delete = cascade, on_update = cascade)] parent: String,
        #[orm(references = Parent.place, on_delete = set_null)] place: Option<i32>,
    }
}

flush_schema! { unique_pair;
    List NewList { #[orm(primary_key)] code: String }
    Item NewItem #[orm(unique(list, place))] {
        #[orm(references = List.code, on_delete = cascade, on_update = cascade)] list: String,
        place: i32,
        note: Option<String>,
    } + { #[orm(primary_key, generated)] id: i64 }
}

flush_schema! { unique_siblings;
    Folder NewFolder #[orm(unique(parent, name))] {
        #[orm(primary_key)] code: String,
        #[orm(references = Folder.code, on_delete = cascade, on_update = cascade)] parent: Option<String>,
        name: String,
    }
}

flush_schema! { unique_alone;
    Seat NewSeat { #[orm(primary_key)] code: i64, #[orm(unique)] name: String, #[orm(unique)] place: i32 }
}

flush_schema! { partial_by_other;
    Account NewAccount #[orm(index(name, unique, where = "left_on IS NULL"))] {
        name: String,
        left_on: Option<i32>,
    } + { #[orm(primary_key, generated)] id: i64 }
}

flush_schema! { partial_main;
    Owner NewOwner { #[orm(primary_key)] code: String }
    Address NewAddress #[orm(index(owner, unique, where = "is_main"))] {
        #[orm(primary_key)] code: String,
        #[orm(references = Owner.code, on_delete = cascade, on_update = cascade)] owner: Option<String>,
        is_main: bool,
    }
}

flush_schema! { partial_by_itself;
    Ticket NewTicket #[orm(index(place, unique, where = "place > 2"))] {
        #[orm(primary_key)] code: String,
        place: i32,
        #[orm(references = Ticket.code, on_delete = cascade)] before: Option<String>,
    }
}

flush_schema! { expression;
    User NewUser #[orm(index("lower(name)", unique))] { #[orm(primary_key)] code: String, name: String }
    Post NewPost {
        #[orm(references = User.code, on_delete = cascade, on_update = cascade)] author: String,
    } + { #[orm(primary_key, generated)] id: i64 }
}

flush_schema! { expression_pair;
    Owner NewOwner { #[orm(primary_key)] code: String }
    Pet NewPet #[orm(index(owner, "lower(name)", unique))] {
        name: String,
        #[orm(references = Owner.code)] owner: String,
    } + { #[orm(primary_key, generated)] id: i64 }
}

flush_schema! { nulls_not_distinct,
    sql = "DO $$ BEGIN IF current_setting('server_version_num')::int >= 150000 THEN ALTER TABLE slots DROP CONSTRAINT \
           slots_place_key; ALTER TABLE slots ADD CONSTRAINT slots_place_key UNIQUE NULLS NOT DISTINCT (place); END IF; END $$";
    Slot NewSlot {
        #[orm(primary_key)] code: String,
        #[orm(unique)] place: Option<i32>,
        #[orm(references = Slot.code, on_delete = set_null)] next: Option<String>,
    }
}

flush_schema! { computed;
    Gear NewGear { #[orm(primary_key)] code: String, size: i32 }
        + { #[orm(unique, computed = "size % 4")] teeth: Option<i32> }
    Drive NewDrive {
        #[orm(primary_key)] code: String,
        #[orm(references = Gear.code, on_delete = cascade, on_update = cascade)] gear: String,
    }
}

/// All of them.
pub fn all() -> Vec<TestSchema> {
    vec![
        generated::schema(),
        unique_target::schema(),
        unique_pair::schema(),
        unique_siblings::schema(),
        unique_alone::schema(),
        partial_by_other::schema(),
        partial_main::schema(),
        partial_by_itself::schema(),
        expression::schema(),
        expression_pair::schema(),
        nulls_not_distinct::schema(),
        computed::schema(),
    ]
}
